"""What a document says, before any judgement: the values a parse gives back, and their JSON form for the pipe."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Enclosure:
    """A file that belongs to an entry; `length` in bytes when the feed names a plausible one."""

    url: str
    type: str | None = None
    length: int | None = None


@dataclass(frozen=True)
class ParsedEntry:
    """One entry. `summary_html` went through the allow-list and may be shown as HTML; everything else is plain text.

    All URLs are http(s). `guid` and `url` are empty when the feed gives none. Times are aware UTC. `cap` is the raw
    XML of a CAP alert when the entry is or carries one.
    """

    guid: str
    url: str
    title: str
    summary_html: str = ""
    text: str = ""
    authors: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    language: str | None = None
    enclosures: tuple[Enclosure, ...] = ()
    cap: str | None = None


@dataclass(frozen=True)
class ParsedFeed:
    """One document. `kind` is a short version name: rss20, atom10, rss10, cdf, json11, cap12, ...

    `entries` are those not known by hash before; `entry_hashes` are the entries of the document that are now known.
    `more`: entries were left for the next time. `damaged`: the document is cut off, entries may be missing.
    `weak_guids`: different entries share a guid, so a guid alone identifies nothing here.
    """

    kind: str
    title: str = ""
    home_url: str = ""
    language: str | None = None
    charset: str = "utf-8"
    entries: tuple[ParsedEntry, ...] = ()
    entry_count: int = 0
    entry_hashes: frozenset[str] = field(default_factory=frozenset)
    more: bool = False
    damaged: bool = False
    weak_guids: bool = False

    def to_json(self) -> dict[str, Any]:
        """Plain JSON values; `from_json` reverses."""
        entries = [_entry_json(entry) for entry in self.entries]
        return {**vars(self), "entries": entries, "entry_hashes": sorted(self.entry_hashes)}

    @classmethod
    def from_json(cls, raw: Mapping[str, Any]) -> "ParsedFeed":
        """The feed `to_json` wrote."""
        entries = tuple(_entry(entry) for entry in raw["entries"])
        return cls(**{**raw, "entries": entries, "entry_hashes": frozenset(raw["entry_hashes"])})


def _entry_json(entry: ParsedEntry) -> dict[str, Any]:
    """By hand: `asdict` copies every value of every entry, which took a fifth of the whole parse."""
    raw = dict(vars(entry))
    raw["authors"] = list(entry.authors)
    raw["published"] = entry.published.isoformat() if entry.published else None
    raw["updated"] = entry.updated.isoformat() if entry.updated else None
    raw["enclosures"] = [dict(vars(enclosure)) for enclosure in entry.enclosures]
    return raw


def _entry(raw: Mapping[str, Any]) -> ParsedEntry:
    return ParsedEntry(
        **{
            **raw,
            "authors": tuple(raw["authors"]),
            "published": datetime.fromisoformat(raw["published"]) if raw["published"] else None,
            "updated": datetime.fromisoformat(raw["updated"]) if raw["updated"] else None,
            "enclosures": tuple(Enclosure(**enclosure) for enclosure in raw["enclosures"]),
        }
    )
