"""Where rendered pages are kept: objects named by their content, and one manifest that says what stands at which address.

    DATA_DIR/site/objects/ab/abcdef…  .gz  .br      immutable; written under another name, then renamed
    DATA_DIR/site/manifest.json                     replaced atomically: readers see the old site or the new one, whole

Does not render and does not know what a publication is. Safe with several processes: writers hold `Shelf.locked`, readers
need nothing. A killed writer leaves at most objects that no manifest names; `sweep` removes them.
"""

from __future__ import annotations

import asyncio
import fcntl
import gzip
import hashlib
import json
import os
import tempfile
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path

import brotli

from service import crash

COMPRESSIBLE = (
    "text/",
    "application/xml",
    "application/rss",
    "application/atom",
    "application/feed",
    "application/json",
)
SMALL = 200  # bytes; below this compressing saves nothing
BEST_BELOW = 256 * 1024  # brotli's best level takes a second a megabyte
LOCK_WAIT = 0.05
SUFFIX = {"identity": "", "gzip": ".gz", "br": ".br"}


@dataclass(frozen=True)
class Entry:
    """What stands at one address. `source` says what it was made of: equal source, equal page."""

    object: str
    type: str
    size: int
    modified: float  # seconds since 1970, UTC
    status: int = 200
    encodings: tuple[str, ...] = ("identity",)
    source: str = ""
    scripted: bool = False  # this page may run our own script


@dataclass(frozen=True)
class Manifest:
    """The whole site at one moment. `sequence`: the newest publication in it; `build`: of which program; times in seconds."""

    entries: Mapping[str, Entry] = field(default_factory=dict)
    sequence: int = -1
    build: str = ""
    made_at: float = 0.0
    until: float | None = None  # from then on something on it is not true any more: a warning's time is over


class Shelf:
    """One folder of rendered pages."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.path = folder / "manifest.json"

    @asynccontextmanager
    async def locked(self) -> AsyncIterator[None]:
        """One writer at a time, over all processes of this machine. The lock ends with its process."""
        self.folder.mkdir(parents=True, exist_ok=True)
        handle = os.open(self.folder / ".lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            while True:
                try:
                    fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    break
                except BlockingIOError:
                    await asyncio.sleep(LOCK_WAIT)
            yield
        finally:
            os.close(handle)

    def manifest(self) -> Manifest:
        """The site as it stands; empty when there is none yet or it cannot be read (it is then made anew)."""
        try:
            raw = json.loads(self.path.read_bytes())
            entries = {
                path: Entry(**{**entry, "encodings": tuple(entry["encodings"])})
                for path, entry in raw["entries"].items()
            }
            return Manifest(entries, raw["sequence"], raw["build"], raw["made_at"], raw.get("until"))
        except (OSError, ValueError, KeyError, TypeError):
            return Manifest()

    def keep(self, body: bytes, kind: str, source: str, status: int, modified: datetime) -> Entry:
        """Write one object with its compressed forms, unless it is there already."""
        name = hashlib.sha256(body).hexdigest()[:40]
        forms = {"identity": body}
        if kind.startswith(COMPRESSIBLE) and len(body) >= SMALL:
            forms["gzip"] = gzip.compress(body, 9, mtime=0)
            forms["br"] = brotli.compress(body, quality=11 if len(body) < BEST_BELOW else 6)
        for encoding, data in forms.items():
            self._write(self._object(name, encoding), data)
        return Entry(name, kind, len(body), modified.timestamp(), status, tuple(forms), source)

    def whole(self, entry: Entry) -> bool:
        """Whether the object of an entry is on the disk, complete (a power cut may leave an empty file)."""
        try:
            sizes = [self._object(entry.object, encoding).stat().st_size for encoding in entry.encodings]
        except OSError:
            return False
        return sizes[0] == entry.size and all(sizes)

    def read(self, entry: Entry, encoding: str = "identity") -> bytes:
        """The bytes of one form. Raises OSError when the object is gone."""
        return self._object(entry.object, encoding).read_bytes()

    def replace(self, manifest: Manifest) -> None:
        """Let the new site stand, all at once."""
        crash.point("site.half_written")
        raw = {
            **asdict(manifest),
            "entries": {path: asdict(entry) for path, entry in manifest.entries.items()},
        }
        data = json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode()
        self._write(self.path, data, anew=True)
        crash.point("site.after_write")

    def sweep(self, now: float, older_than: float = 600.0) -> int:
        """Remove objects that the manifest does not name and that nobody can still be reading. Returns how many files."""
        used, removed = {entry.object for entry in self.manifest().entries.values()}, 0
        for path in (self.folder / "objects").glob("*/*"):
            if path.name.split(".")[0] not in used and path.stat().st_mtime < now - older_than:
                path.unlink(missing_ok=True)
                removed += 1
        return removed

    def _object(self, name: str, encoding: str) -> Path:
        return self.folder / "objects" / name[:2] / f"{name}{SUFFIX[encoding]}"

    def _write(self, path: Path, data: bytes, anew: bool = False) -> None:
        if not anew and path.exists() and path.stat().st_size == len(data):
            os.utime(path)  # young again, so that no sweep takes it before the manifest names it
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                if anew:
                    file.flush()
                    os.fsync(file.fileno())
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
