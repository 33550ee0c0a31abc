"""The models of this installation, beside the shipped one: folders in DATA_DIR/models, and which of them is in use.

    models/<version>/    a model folder (`classifiers.model_file`) with gate.json, the report of its gate
    models/current.json  version, sha256 of its manifest, since when, by whom, what was in use before

The pointer is replaced whole or not at all. A pointer or a folder that is not what it was is not used: the shipped model
is, and `trouble` says why. Several machines need the same DATA_DIR/models, or each its own promotion.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from uuid import uuid4

import structlog

from classifiers import model_file
from classifiers.model import Model
from service.errors import NotFound

POINTER: Final = "current.json"
REPORT: Final = "gate.json"
_VERSION: Final = re.compile(r"qy-[0-9a-f]{12}")
_MOST_BEFORE: Final = 20
log = structlog.get_logger()


@dataclass(frozen=True)
class Current:
    """The model in use. `folder` is None for the shipped one; `trouble` is a code, or empty.

    `before` are the versions that were in use earlier, oldest first; the shipped model is the empty one.
    """

    version: str = ""
    folder: Path | None = None
    since: str = ""
    by: str = ""
    before: tuple[str, ...] = ()
    trouble: str = ""


@dataclass(frozen=True)
class Candidate:
    """A model that was learned here, with its gate's report."""

    version: str
    folder: Path
    report: Mapping[str, Any]


def shelf(data_dir: Path) -> Path:
    """Where they are."""
    return data_dir / "models"


def current(data_dir: Path) -> Current:
    """What is in use, checked down to the last byte. Never fails: in doubt it is the shipped model."""
    path = shelf(data_dir) / POINTER
    try:
        raw = json.loads(path.read_text("utf-8"))
        found = Current(
            str(raw["version"]), None, str(raw["since"]), str(raw["by"]), tuple(map(str, raw["before"]))
        )
        wanted = str(raw["manifest_sha256"])
    except FileNotFoundError:
        return Current()
    except (OSError, ValueError, KeyError, TypeError):
        return Current(trouble="pointer")
    if not found.version:
        return found
    folder = shelf(data_dir) / found.version
    trouble = _trouble(folder, found.version, wanted)
    return Current(
        "" if trouble else found.version,
        None if trouble else folder,
        found.since,
        found.by,
        found.before,
        trouble,
    )


def _trouble(folder: Path, version: str, wanted: str) -> str:
    if not _VERSION.fullmatch(version) or not folder.is_dir():
        return "gone"
    try:
        if _manifest_hash(folder) != wanted or model_file.check(folder) != version:
            return "changed"
    except (OSError, model_file.ModelError):
        return "changed"
    return ""


def stamp(data_dir: Path) -> object:
    """Something that is another thing as soon as the pointer has moved; cheap."""
    try:
        found = (shelf(data_dir) / POINTER).stat()
    except OSError:
        return None
    return (found.st_ino, found.st_mtime_ns, found.st_size)


def chooser(data_dir: Path) -> Callable[[], Path | None]:
    """A function that gives the folder in use (None: the shipped one), and looks closely only when the pointer moved."""
    seen: list[tuple[object, Path | None]] = []

    def choose() -> Path | None:
        now = stamp(data_dir)
        if not seen or seen[0][0] != now:
            found = current(data_dir)
            if found.trouble:
                log.error("model_not_used", trouble=found.trouble)
            seen[:] = [(now, found.folder)]
        return seen[0][1]

    return choose


def point(data_dir: Path, version: str, before: tuple[str, ...], by: str, now: datetime) -> None:
    """Use `version` from now on; empty for the shipped model. Atomic: a reader sees the old pointer or the new one."""
    folder = shelf(data_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    value = {
        "version": version,
        "manifest_sha256": _manifest_hash(folder / version) if version else "",
        "since": now.isoformat(),
        "by": by,
        "before": list(before[-_MOST_BEFORE:]),
    }
    _write(folder / POINTER, value)


def keep(data_dir: Path, model: Model, report: Mapping[str, Any]) -> Candidate:
    """Write a candidate and its report; the folder appears whole."""
    folder = shelf(data_dir)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = folder / f".new-{uuid4().hex}"
    try:
        saved = model_file.save(model, fresh)
        _write(fresh / REPORT, {**report, "version": saved.version})
        target = folder / saved.version
        if target.exists():  # learned before from the same labels: only the report is new
            os.replace(fresh / REPORT, target / REPORT)
        else:
            os.replace(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
    return candidate(data_dir, saved.version)


def candidate(data_dir: Path, version: str) -> Candidate:
    """One model that was learned here, or NotFound."""
    folder = shelf(data_dir) / version
    if not _VERSION.fullmatch(version) or not folder.is_dir():
        raise NotFound(f"there is no model {version!r}")
    try:
        report = json.loads((folder / REPORT).read_text("utf-8"))
    except (OSError, ValueError):
        report = {}
    return Candidate(version, folder, report if isinstance(report, dict) else {})


def candidates(data_dir: Path) -> list[Candidate]:
    """Every model that was learned here, the newest first."""
    folder = shelf(data_dir)
    names = [one.name for one in folder.iterdir()] if folder.is_dir() else []
    found = [candidate(data_dir, name) for name in sorted(names) if _VERSION.fullmatch(name)]
    return sorted(found, key=lambda one: str(one.report.get("at", "")), reverse=True)


def _manifest_hash(folder: Path) -> str:
    return hashlib.sha256((folder / "manifest.json").read_bytes()).hexdigest()


def _write(path: Path, value: Mapping[str, Any]) -> None:
    fresh = path.with_name(f".{path.name}.{uuid4().hex}")
    with fresh.open("w", encoding="utf-8") as file:
        json.dump(value, file, ensure_ascii=False, indent=1)
        file.flush()
        os.fsync(file.fileno())
    os.replace(fresh, path)
