"""What is common to the three feeds: which feed it is, and what an entry is called in it.

An entry has the same id in every feed and for ever: its page's address.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape

from classifiers.taxonomy import TOPICS
from content.pieces import PieceKind
from content.render.plain import bare, clean
from content.render.told import House, Told
from content.verdicts import verdict_zh

KINDS = {
    PieceKind.REBUTTAL: "辟谣",
    PieceKind.EXPLAINER: "科普",
    PieceKind.HOLDING: "正在核实",
    PieceKind.WARNING: "转发预警",
    PieceKind.CORRECTION: "更正",
}


@dataclass(frozen=True)
class FeedInfo:
    """One feed: its title, the page it belongs to, its own address, and when it last changed."""

    title: str
    description: str
    page: str  # path on the site
    path: str  # path of the feed itself
    updated: datetime
    language: str = "zh-CN"
    hubs: tuple[str, ...] = ()  # WebSub hubs that are told when this very feed is new


def entry_id(entry: Told, house: House) -> str:
    """The id of an entry, the same in RSS, Atom and JSON Feed."""
    return f"{house.base_url}{entry.path}"


def entry_title(entry: Told) -> str:
    """Its title in RSS and Atom. RSS doesn't say whether titles are markup and readers differ, so nothing in it looks like any."""
    return bare(entry.headline)


def entry_summary(entry: Told) -> str:
    """Its summary as HTML: the type that RSS descriptions have by custom and Atom's summary here by declaration."""
    return escape(clean(entry.summary), quote=False)


def tags(entry: Told) -> list[str]:
    """Kind, verdict and topics in words; a retraction has no verdict any more."""
    words = [KINDS.get(PieceKind(entry.kind), entry.kind)]
    if not entry.retracted:
        words.append(verdict_zh(entry.body.verdict))
    words += [TOPICS[code].zh for code in entry.body.topics if code in TOPICS]
    return [word for word in dict.fromkeys(words) if word]


def newest_change(entries: Sequence[Told], fallback: datetime) -> datetime:
    """When a feed of these entries last changed; `fallback` while there are none."""
    return max((entry.issued_at for entry in entries), default=fallback)
