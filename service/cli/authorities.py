"""The city's list of those who speak officially, for lines that name their source.

Does not look at what is written and does not know the sources that editors marked in the service.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_FILE: Final = "authorities.toml"


@dataclass(frozen=True)
class Authorities:
    """Names as they are signed, and hosts with everything below them."""

    names: frozenset[str] = frozenset()
    hosts: frozenset[str] = frozenset()

    def know(self, source: str) -> bool:
        """Whether `source` (a name, a host or an address) is one of them."""
        source = source.strip()
        if source in self.names:
            return True
        labels = _host(source).split(".")
        return any(".".join(labels[at:]) in self.hosts for at in range(len(labels)))


def load(city_dir: Path) -> Authorities:
    """Those of a city; nobody where it has no list."""
    path = city_dir / _FILE
    if not path.is_file():
        return Authorities()
    rows = tomllib.loads(path.read_text("utf-8"))
    return Authorities(frozenset(rows.get("names", ())), frozenset(rows.get("hosts", ())))


def _host(source: str) -> str:
    """The host of an address or the source itself, in small letters; empty for what only looks like an address."""
    try:
        return (urlsplit(source).hostname or "") if "://" in source else source.lower().rstrip(".")
    except ValueError:
        return ""
