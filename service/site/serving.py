"""The rendered site in memory: from an address to bytes that can be sent as they are.

Bodies are read from the shelf when first asked for and kept, the least used leaving first. Knows the manifest, not
the database. Both servers use it: the front protocol for plain requests, aiohttp for the rest.
"""

from __future__ import annotations

import os
from collections import OrderedDict
from dataclasses import dataclass
from email.utils import formatdate
from pathlib import Path

from service.pages.assets import Assets, shipped
from service.site.shelf import Manifest, Shelf

KEEP_BYTES = 128 * 2**20
PAGES = "public, max-age=60"
ABSENT = "no-cache"  # what is not there now may be published in a moment
FOREVER = "public, max-age=31536000, immutable"


@dataclass(frozen=True)
class Stored:
    """One address as it is served. `bodies` by encoding; `identity` is always there."""

    status: int
    type: str
    tag: str
    modified: float
    cache: str
    bodies: dict[str, bytes]
    scripted: bool = False

    @property
    def last_modified(self) -> str:
        """For the header."""
        return formatdate(self.modified, usegmt=True)

    def etag(self, encoding: str) -> str:
        """Strong, so one for each encoding."""
        return f'"{self.tag}"' if encoding == "identity" else f'"{self.tag}-{encoding}"'

    def choose(self, accepted: str) -> str:
        """The best encoding that an Accept-Encoding header allows; `q=0` refuses one."""
        offered = {}
        for part in accepted.lower().split(","):
            name, _, parameters = part.partition(";")
            offered[name.strip()] = parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
        for encoding in ("br", "gzip"):
            if encoding in self.bodies and offered.get(encoding, False):
                return encoding
        return "identity"


class Site:
    """All addresses of the public site and of its styles."""

    def __init__(self, folder: Path, assets: Assets | None = None, keep_bytes: int = KEEP_BYTES) -> None:
        self.shelf = Shelf(folder)
        self.assets = assets or shipped()
        self.manifest = Manifest()
        self.generation = 0  # changes with every reload; whoever remembers answers forgets them then
        self._stamp: tuple[int, int] = (0, 0)
        self._loaded: OrderedDict[str, Stored] = OrderedDict()
        self._bytes, self._keep = 0, keep_bytes
        self.reload()

    def reload(self) -> bool:
        """Take the newest manifest if it has been replaced. Cheap when it has not."""
        try:
            found = os.stat(self.shelf.path)
        except OSError:
            return False
        stamp = (found.st_ino, found.st_mtime_ns)
        if stamp == self._stamp:
            return False
        self.manifest, self._stamp = self.shelf.manifest(), stamp
        self._loaded.clear()
        self._bytes = 0
        self.generation += 1
        return True

    def find(self, path: str) -> Stored | None:
        """What stands at an address, or None."""
        loaded = self._loaded.get(path)
        if loaded is not None:
            self._loaded.move_to_end(path)
            return loaded
        stored = self._asset(path) if path.startswith("/static/") else self._page(path)
        if stored is not None:
            self._remember(path, stored)
        return stored

    def _page(self, path: str) -> Stored | None:
        entry = self.manifest.entries.get(path)
        if entry is None:
            return None
        try:
            bodies = {encoding: self.shelf.read(entry, encoding) for encoding in entry.encodings}
        except OSError:
            return None
        cache = ABSENT if entry.status == 404 else PAGES
        tag = entry.object[:20]
        return Stored(entry.status, entry.type, tag, entry.modified, cache, bodies, entry.scripted)

    def _asset(self, path: str) -> Stored | None:
        asset = self.assets.find(path)
        if asset is None:
            return None
        bodies = {"identity": asset.plain}
        if asset.type.startswith(("text/", "image/svg")):
            bodies |= {"gzip": asset.gzip, "br": asset.br}
        return Stored(200, asset.type, asset.path.rpartition("-")[2].partition(".")[0], 0.0, FOREVER, bodies)

    def _remember(self, path: str, stored: Stored) -> None:
        self._loaded[path] = stored
        self._bytes += _weight(stored)
        while self._bytes > self._keep and len(self._loaded) > 1:
            _, dropped = self._loaded.popitem(last=False)
            self._bytes -= _weight(dropped)


def _weight(stored: Stored) -> int:
    return sum(map(len, stored.bodies.values())) + 500
