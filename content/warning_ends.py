"""When a relayed warning is over (预警已解除、已过期、已更新), and the words that close it. Pure: no clock and no store.

    cancelled   its issuer's own message takes it back
    perhaps     an official text takes back one like it, without naming which: a person compares
    updated     its issuer has sent a newer message, and what we relayed is the older one
    expired     the time that its issuer wrote is over

What is over is not published any more, and what stands of it waits for somebody. Nothing here takes anything down.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from enum import StrEnum
from typing import Any, Final

from content.errors import ContentError
from content.incident_rules import overlap
from content.warnings import IDENTIFIER, expires_at, moment

SUBJECT: Final = "warning"  # of an alarm and of a line on the board of clocks
RECENT: Final = timedelta(days=2)  # an expiry longer ago is no news
Body = Mapping[str, Any]
"""A text as it is stored."""


class End(StrEnum):
    """Why a relayed warning asks for somebody, the surest first; also the code of its alarm."""

    CANCELLED = "warning_cancelled"
    EXPIRED = "warning_expired"
    UPDATED = "warning_updated"
    PERHAPS = "warning_perhaps"


TOLD: Final = (End.CANCELLED, End.UPDATED, End.PERHAPS)  # somebody's message says so
STRICT: Final = (End.CANCELLED, End.EXPIRED)  # over beyond doubt


class WarningOver(ContentError):
    """This warning is over, or its issuer has cancelled it: it is not published any more (预警已过期或已解除)."""

    type = "warning_over"


class StillInForce(ContentError):
    """Nobody has ended this warning and its time is not over: retract it only if relaying it was wrong (预警仍然有效)."""

    type = "still_in_force"


@dataclass(frozen=True)
class Ended:
    """Why, since when, and the words prepared for the public (empty where a person must find out first)."""

    why: End
    at: datetime
    words: str


def names(body: Body, sender: str) -> str:
    """The issuer's identifier of the message that this text relays, when it is one of `sender`; else nothing."""
    warning = body.get("warning") or {}
    return str(warning.get(IDENTIFIER, "")) if warning.get("sender") == sender else ""


def lapsed(body: Body, now: datetime) -> datetime | None:
    """Since when it has been over by its own words; None while it holds or says nothing."""
    ends = expires_at(body)
    return ends if ends is not None and ends <= now else None


def like(body: Body, issuer: str | None, hazard: str, regions: tuple[str, ...]) -> bool:
    """Whether an official text about the end of some warning may mean this one: same hazard, place and issuer if it says them."""
    ours = str((body.get("warning") or {}).get("issuer", ""))
    here = body.get("regions") or ()
    return (
        body.get("hazard") == hazard
        and (not issuer or not ours or issuer in ours or ours in issuer)
        and (not here or not regions or overlap(here, regions))
    )


def closing_words(why: End, at: datetime, body: Body, zone: tzinfo) -> str:
    """What the public is told when what was relayed is taken down."""
    issuer = str((body.get("warning") or {}).get("issuer", "")) or "发布单位"
    if why == End.CANCELLED:
        return f"{issuer}已于{moment(at, zone)}解除这条预警。"
    if why == End.EXPIRED:
        return f"这条预警的有效期已于{moment(at, zone)}结束。最新情况以{issuer}的消息为准。"
    return ""
