"""Styles, scripts and pictures of our own, each under a name that carries its hash, so that browsers may keep it for ever.

A bundle is several files served as one: a page loads one style sheet. Nothing is fetched from anybody else.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import brotli

FOLDER = Path(__file__).resolve().parent.parent / "web" / "static"
BUNDLES = {
    "public.css": ("tokens.css", "base.css", "public.css"),
    "staff.css": ("tokens.css", "base.css", "staff.css"),
}
_TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml"}


@dataclass(frozen=True)
class Asset:
    """One file as it is served: its path with the hash, its type, its bytes plain and compressed."""

    path: str
    type: str
    plain: bytes
    gzip: bytes
    br: bytes


class Assets:
    """All files of the static folder, in memory."""

    def __init__(self, folder: Path = FOLDER) -> None:
        self._by_name: dict[str, Asset] = {}
        for path in sorted(folder.iterdir()):
            if path.is_file() and not path.name.startswith("."):
                parts = [folder / part for part in BUNDLES.get(path.name, (path.name,))]
                self._by_name[path.name] = _make(path.name, b"\n".join(p.read_bytes() for p in parts))
        self._by_path = {asset.path: asset for asset in self._by_name.values()}

    def url(self, name: str) -> str:
        """The address of a file. Raises KeyError for a file that is not there."""
        return self._by_name[name].path

    def find(self, path: str) -> Asset | None:
        """What is served at an address."""
        return self._by_path.get(path)

    def all(self) -> tuple[Asset, ...]:
        """Everything, for export."""
        return tuple(self._by_path.values())

    def fingerprint(self) -> str:
        """Changes when any file changes."""
        return hashlib.sha256("".join(sorted(self._by_path)).encode()).hexdigest()[:16]


@cache
def shipped() -> Assets:
    """The assets of this installation, read once."""
    return Assets()


def _make(name: str, plain: bytes) -> Asset:
    stem, _, ending = name.rpartition(".")
    digest = hashlib.sha256(plain).hexdigest()[:10]
    kind = _TYPES.get(f".{ending}") or mimetypes.guess_type(name)[0] or "application/octet-stream"
    return Asset(
        path=f"/static/{stem}-{digest}.{ending}",
        type=kind,
        plain=plain,
        gzip=gzip.compress(plain, 9, mtime=0),
        br=brotli.compress(plain, quality=11),
    )
