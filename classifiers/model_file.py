"""A model folder: numbers and text, never code.

    manifest.json    version, columns with calibration and thresholds, sha256 and size of every file, card
    space-0.npz      terms (UTF-8 bytes), idf, weights (16-bit steps with a scale a column), bias

No pickle (`allow_pickle=False`); a file that is not in the manifest, is too big or has another hash is refused. The
same model is written as the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import json
import math
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from classifiers.model import Column, Model, Space

SHIPPED: Final = Path(__file__).parent / "models" / "shipped"
"""The model that comes with the package."""

_FORMAT: Final = 1
_LIMIT: Final = 64 * 1024 * 1024
_STEPS: Final = 32_000


class ModelError(Exception):
    """This model folder cannot be used; take another one or train again."""


def load(folder: Path) -> Model:
    """Read and check a model folder; ModelError says what is wrong with it."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        if manifest["format"] != _FORMAT:
            raise ModelError(f"{folder}: format {manifest['format']!r}, this program reads {_FORMAT}")
        spaces = tuple(_space(folder, entry) for entry in manifest["spaces"])
        return Model(version=str(manifest["version"]), spaces=spaces, card=manifest["card"])
    except (OSError, KeyError, TypeError, ValueError, EOFError) as error:
        raise ModelError(f"{folder}: {type(error).__name__}: {error}") from error


def check(folder: Path) -> str:
    """The version of a model folder whose files all are what its manifest says; ModelError otherwise. Unpacks nothing."""
    try:
        manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
        for entry in manifest["spaces"]:
            _content(folder, entry)
        return str(manifest["version"])
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{folder}: {type(error).__name__}: {error}") from error


def words(folder: Path) -> frozenset[str]:
    """The whole words that the model has weights for; what else it counts (pairs, character groups) is left out."""
    found: set[str] = set()
    for path in sorted(folder.glob("space-*.npz")):
        with np.load(path, allow_pickle=False) as parts:
            terms = parts["terms"].tobytes().decode().split("\n")
        found.update(term[1:] for term in terms if term.startswith(" "))
    return frozenset(found)


def thresholds(folder: Path) -> dict[str, float]:
    """The threshold of each yes/no question, for headlines."""
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    columns = [column for entry in manifest["spaces"] for column in entry["columns"]]
    return {column["task"]: column["threshold"] for column in columns if not column["label"]}


def save(model: Model, folder: Path) -> Model:
    """Write `model` to `folder` and return it as it will be read back (weights in 16-bit steps)."""
    folder.mkdir(parents=True, exist_ok=True)
    entries: list[dict[str, object]] = []
    digest = hashlib.sha256()
    for number, space in enumerate(model.spaces):
        content = _pack(space)
        name = f"space-{number}.npz"
        (folder / name).write_bytes(content)
        columns = [asdict(column) for column in space.columns]
        digest.update(content + json.dumps(columns, sort_keys=True).encode())
        entries.append(
            {
                "file": name,
                "bytes": len(content),
                "sha256": hashlib.sha256(content).hexdigest(),
                "columns": columns,
            }
        )
    manifest = {
        "format": _FORMAT,
        "version": f"qy-{digest.hexdigest()[:12]}",
        "spaces": entries,
        "card": dict(model.card),
    }
    text = json.dumps(manifest, ensure_ascii=False, indent=1, sort_keys=True) + "\n"
    (folder / "manifest.json").write_text(text, "utf-8")
    return load(folder)


def _space(folder: Path, entry: Mapping[str, Any]) -> Space:
    return _unpack(_content(folder, entry), tuple(_column(column) for column in entry["columns"]))


def _column(entry: Mapping[str, Any]) -> Column:
    """A question with numbers that can be counted with; NaN as a threshold would say no for ever."""
    column = Column(**entry)
    for name, value in entry.items():
        wanted = isinstance(value, str) if name in ("task", "label") else _finite(value)
        if not wanted:
            raise ModelError(f"{name} of {column.task} {column.label} is {value!r}")
    return column


def _finite(value: object) -> bool:
    return isinstance(value, int | float) and math.isfinite(value)


def _content(folder: Path, entry: Mapping[str, Any]) -> bytes:
    """The bytes of one file of the manifest, which are the ones it was written with."""
    name = entry["file"]
    if Path(name).name != name:
        raise ModelError(f"{folder}: {name!r} is outside the folder")
    path = folder / name
    if path.stat().st_size != entry["bytes"] or entry["bytes"] > _LIMIT:
        raise ModelError(f"{path}: {path.stat().st_size} bytes, the manifest says {entry['bytes']}")
    content: bytes = path.read_bytes()
    if hashlib.sha256(content).hexdigest() != entry["sha256"]:
        raise ModelError(f"{path}: its sha256 is not the manifest's")
    return content


def _pack(space: Space) -> bytes:
    weights = np.asarray(space.weights, np.float64)
    scale = np.abs(weights).max(axis=0, initial=0.0) / _STEPS
    scale[scale == 0] = 1.0
    steps = np.rint(weights / scale).astype(np.int16)
    out = io.BytesIO()
    np.savez_compressed(
        out,
        terms=np.frombuffer("\n".join(space.terms).encode(), np.uint8),
        idf=space.idf.astype(np.float32),
        # Column by column and high byte apart: equal neighbours compress better.
        steps=np.ascontiguousarray(steps.T).view(np.uint8).reshape(steps.shape[1], -1, 2).transpose(2, 0, 1),
        scale=scale,
        bias=np.asarray(space.bias, np.float64),
    )
    return out.getvalue()


def _unpack(content: bytes, columns: tuple[Column, ...]) -> Space:
    with np.load(io.BytesIO(content), allow_pickle=False) as parts:
        terms = tuple(parts["terms"].tobytes().decode().split("\n"))
        halves = np.ascontiguousarray(parts["steps"].transpose(1, 2, 0))
        steps = halves.view(np.int16).reshape(len(columns), len(terms)).T
        weights = np.ascontiguousarray(steps * parts["scale"])
        idf, bias = parts["idf"].astype(np.float64), parts["bias"].astype(np.float64)
    if not idf.shape == (len(terms),) or not bias.shape == (len(columns),):
        raise ModelError("the parts of a space do not fit together")
    if not all(np.isfinite(part).all() for part in (idf, weights, bias)):
        raise ModelError("a space holds numbers that are none")
    return Space(terms=terms, idf=idf, weights=weights, bias=bias, columns=columns)
