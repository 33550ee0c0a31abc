"""What the demo's feeds tell, read from the city's `demo/feeds.toml`."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class DemoEntry:
    """One story. `minutes` before the start of the demo; a negative figure appears that much later."""

    id: str
    title: str
    text: str
    minutes: float

    def at(self, start: datetime) -> datetime:
        """When it appears."""
        return start - timedelta(minutes=self.minutes)


@dataclass(frozen=True)
class DemoFeed:
    """One feed of the newsroom; `kind` is rss, atom, json or broken."""

    slug: str
    title: str
    kind: str
    entries: tuple[DemoEntry, ...] = ()
    encoding: str = "utf-8"
    authority: bool = False
    region: str | None = None

    def visible(self, start: datetime, now: datetime) -> list[DemoEntry]:
        """What has appeared by now, newest first."""
        return sorted(
            (e for e in self.entries if e.at(start) <= now), key=lambda e: e.at(start), reverse=True
        )


def read(city_dir: Path) -> list[DemoFeed]:
    """The feeds of this city's demo, or none."""
    path = city_dir / "demo" / "feeds.toml"
    if not path.exists():
        return []
    return [_feed(row) for row in tomllib.loads(path.read_text("utf-8"))["feed"]]


def _feed(row: dict[str, Any]) -> DemoFeed:
    entries = tuple(DemoEntry(**entry) for entry in row.pop("entry", ()))
    return DemoFeed(**row, entries=entries)
