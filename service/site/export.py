"""The whole site as files that any web server can serve, e.g. nginx with deploy/nginx.conf.

    /p/x            → p/x/index.html  (.gz, .br beside it)         /feed.xml → feed.xml
    withdrawn pages → gone/p/x.html, to be answered with 410       /404      → 404.html

Each file is replaced atomically, so a running server never sees half a page; files of an earlier export that no longer
belong to the site are removed, and nothing else in the folder is touched.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from service.site.serving import Site, Stored

LIST = ".qingyuan-export.json"
SUFFIXES = {"identity": "", "gzip": ".gz", "br": ".br"}


@dataclass(frozen=True)
class ExportReport:
    """Files of the export, how many were written now, how many removed."""

    files: int
    written: int
    removed: int


def export(site: Site, folder: Path) -> ExportReport:
    """Write the site as it stands. Raises OSError when the folder cannot be written."""
    folder.mkdir(parents=True, exist_ok=True)
    before, now, written = _listed(folder), set(), 0
    for name, data, modified in _files(site):
        now.add(name)
        written += _put(folder / name, data, modified)
    for name in before - now:
        (folder / name).unlink(missing_ok=True)
    _put(folder / LIST, json.dumps(sorted(now)).encode(), 0.0)
    return ExportReport(len(now), written, len(before - now))


def place(path: str, stored: Stored) -> str | None:
    """The file of an address; None for what only a program can answer (withdrawn pictures and texts)."""
    plain = path.strip("/")
    if stored.status == 410:
        return f"gone/{plain}.html" if stored.type.startswith("text/html") else None
    if stored.status == 404:
        return f"{plain}.html"
    if stored.type.startswith("text/html"):
        return f"{plain}/index.html" if plain else "index.html"
    return plain


def _files(site: Site) -> Iterator[tuple[str, bytes, float]]:
    for path in (*site.manifest.entries, *(asset.path for asset in site.assets.all())):
        stored = site.find(path)
        name = place(path, stored) if stored else None
        if stored is None or name is None:
            continue
        for encoding, data in stored.bodies.items():
            yield name + SUFFIXES[encoding], data, stored.modified


def _listed(folder: Path) -> set[str]:
    """What an earlier export wrote here, by its own list; names that would lead out of the folder are not believed."""
    try:
        names = json.loads((folder / LIST).read_text("utf-8"))
    except (OSError, ValueError):
        return set()
    return {
        n
        for n in names
        if isinstance(n, str) and not n.startswith("/") and ".." not in PurePosixPath(n).parts
    }


def _put(path: Path, data: bytes, modified: float) -> bool:
    """Write a file unless it says this already. Returns whether it was written."""
    if path.is_file() and path.stat().st_size == len(data) and path.read_bytes() == data:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    new = path.with_name(f".new-{path.name}")
    new.write_bytes(data)
    os.utime(new, (modified, modified))
    os.replace(new, path)
    return True
