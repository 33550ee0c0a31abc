"""The eight elements of an official warning (突发事件应对法 art. 64). It is relayed verbatim and never authored here.

    issuer's message → first_words → the first revision of a `warning` piece
    any later text   → unchanged against that first revision, word for word; only what the issuer left out may be filled in

Beside the eight stand the machine's facts of the message (`identifier`, `expires`…), which no reader sees as they are.
Does not parse CAP and does not judge how bad it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo

from content.body import PieceBody, SourceRef
from content.errors import ContentError

ELEMENTS = (
    "type",  # 预警类别
    "level",  # 级别
    "start",  # 起始时间
    "area",  # 可能影响的范围
    "cautions",  # 警示事项
    "measures",  # 应当采取的措施
    "issuer",  # 发布单位
    "issued_at",  # 发布时间
)
IDENTIFIER, EXPIRES = "identifier", "expires"
FACTS = (IDENTIFIER, "sender", "sent", EXPIRES)
LEVEL = re.compile(r"[红橙黄蓝]色")
TITLE = 120


class NotVerbatim(ContentError):
    """An official warning is relayed word for word; only what its issuer left out may be filled in (预警须原文转发)."""

    type = "not_verbatim"
    status = 422


@dataclass(frozen=True)
class Official:
    """What an issuer's message says, as written. Empty where it says nothing; times are aware."""

    identifier: str
    sender: str
    sent: datetime
    headline: str = ""
    event: str = ""
    start: datetime | None = None
    expires: datetime | None = None
    area: str = ""
    description: str = ""
    instruction: str = ""
    issuer: str = ""


def missing_elements(warning: Mapping[str, str]) -> list[str]:
    """The elements that are absent or empty, in the order of the law."""
    return [name for name in ELEMENTS if not warning.get(name, "").strip()]


def first_words(
    official: Official, source: SourceRef, hazard: str | None, regions: tuple[str, ...], zone: tzinfo
) -> PieceBody:
    """The text that relays the message. The level is the colour that the message itself names, else it stays open."""
    colour = LEVEL.search(f"{official.headline} {official.event} {official.description}")
    warning = {
        "type": official.event,
        "level": colour[0] if colour else "",
        "start": moment(official.start or official.sent, zone),
        "area": official.area,
        "cautions": official.description,
        "measures": official.instruction,
        "issuer": official.issuer,
        "issued_at": moment(official.sent, zone),
        IDENTIFIER: official.identifier,
        "sender": official.sender,
        "sent": official.sent.isoformat(),
        EXPIRES: official.expires.isoformat() if official.expires else "",
    }
    until = official.expires.astimezone(zone) if official.expires else None
    return PieceBody(
        title=(official.headline or official.event)[:TITLE],
        warning={name: words for name, words in warning.items() if words},
        sources=(source,),
        topics=("disaster",),
        hazard=hazard,
        regions=regions,
        scope=f"有效至{moment(until, zone)}" if until else "",
        valid_until=until.date() if until else None,
    ).tidied()


def moment(at: datetime, zone: tzinfo) -> str:
    """2026年11月24日8时30分, in the city's zone."""
    local = at.astimezone(zone)
    minutes = f"{local.minute}分" if local.minute else ""
    return f"{local.year}年{local.month}月{local.day}日{local.hour}时{minutes}"


def unchanged(first: PieceBody, later: PieceBody) -> None:
    """Raise NotVerbatim when `later` says other than the issuer did, or hides where it comes from."""
    official, now = first.warning or {}, later.warning or {}
    changed = [name for name, words in official.items() if now.get(name) != words]
    added = [name for name in now if name not in official and name not in ELEMENTS]
    named = {(s.title, s.url, s.excerpt) for s in later.sources}
    hidden = [s for s in first.sources if (s.title, s.url, s.excerpt) not in named]
    if changed or added or hidden or (first.title and later.title != first.title):
        raise NotVerbatim(fields=sorted({*changed, *added}))


def expires_at(body: Mapping[str, object]) -> datetime | None:
    """When a relayed warning ends, to the minute, as its issuer wrote; None where it says nothing. `body` as stored."""
    warning = body.get("warning")
    written = warning.get(EXPIRES, "") if isinstance(warning, Mapping) else ""
    try:
        found = datetime.fromisoformat(str(written))
    except ValueError:
        return None
    return found if found.tzinfo else None
