"""How often a page is read and by which way its readers came, counted without knowing any of them.

    link of a channel → `…/p/<id>?c=w` → target(b"…") → Read(subject, way)

The letter says the kind of channel that carried the link, nothing of the reader: it is the same for everybody who got that
message. A count is of answers sent (200 or 304), so robots and repeated visits are in it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlmodel import Field, SQLModel

WAYS: Final[Mapping[str, str]] = {
    "m": "email",
    "s": "sms",
    "w": "wecom",
    "d": "dingtalk",
    "f": "feishu",
    "a": "wechat",
    "q": "poster",
}
"""The letter in an address → the kind of channel. Short, since a text message has seventy characters."""

DIRECT: Final = ""
"""No letter: by hand, from the list, from a feed, from elsewhere."""
FEEDS: Final = "feeds"
PAGES: Final = "pages"
"""What is no single piece: all feeds together, all lists and other pages together."""
_LETTER: Final = {kind: letter for letter, kind in WAYS.items()}
_PIECE: Final = re.compile(r"(?:/en)?/p/([A-Za-z0-9_-]{1,32})")


class Reach(SQLModel, table=True):
    """One day's count for one subject (a public id, `feeds` or `pages`) and one way."""

    __tablename__ = "reach"

    day: date = Field(primary_key=True)
    subject: str = Field(primary_key=True, max_length=32)
    way: str = Field(primary_key=True, max_length=16)
    count: int = Field(default=0)


@dataclass(frozen=True)
class Read:
    """What was read, and by which way."""

    subject: str
    way: str = DIRECT


def marked(url: str, kind: str) -> str:
    """The page's address as this kind of channel carries it; unchanged for kinds without a letter."""
    letter = _LETTER.get(kind)
    return f"{url}?c={letter}" if letter else url


def parted(target: str) -> tuple[str, str]:
    """An address as it was asked for → the page's own address, and the way. Anything but a known letter stays on."""
    path, mark, letter = target.partition("?c=")
    way = WAYS.get(letter) if mark else DIRECT
    return (target, DIRECT) if way is None else (path, way)


def read(path: str, way: str = DIRECT) -> Read | None:
    """What the answer for this address counts as; None for what nobody reads (styles, pictures of the layout) or has read already."""
    if path.startswith("/static/") or path in ("/robots.txt", "/favicon.ico", "/sitemap.xml"):
        return None
    piece = _PIECE.match(path)
    if piece and path.endswith("/listen"):
        return None  # whoever listens came from the piece, and was counted there
    if piece:
        return Read(piece[1], way)
    return Read(FEEDS if path.endswith((".xml", ".json")) else PAGES, way)
