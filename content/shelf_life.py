"""How long a published text holds before somebody looks at it again (复核): what its author said, or the house's rule.

A holding statement is looked at the next day, since people wait for the verdict. Pure: no clock and no store.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta, tzinfo
from typing import Final

from content.body import PieceBody
from content.errors import ContentError
from content.pieces import PieceKind

DEFAULT: Final = timedelta(days=180)
BY_KIND: Final = {PieceKind.EXPLAINER: timedelta(days=365), PieceKind.HOLDING: timedelta(days=1)}
LONGEST: Final = timedelta(days=730)
MORNING: Final = time(9)


class BadReviewDate(ContentError):
    """The next review is tomorrow at the earliest, in two years at the latest, and while the text says that it holds."""

    type = "bad_review_date"
    status = 422


def due(kind: str, body: PieceBody, issued_at: datetime, zone: tzinfo) -> datetime | None:
    """When to look again: the earliest of what the text says, else the rule. A relayed warning is its issuer's: never."""
    if kind == PieceKind.WARNING:
        return None
    said = [body.review_on] if body.review_on else []
    if body.valid_until:
        said.append(body.valid_until + timedelta(days=1))
    if said:
        return morning(min(said), zone)
    rule = next((wait for name, wait in BY_KIND.items() if name == kind), DEFAULT)
    return issued_at + rule


def suggested(kind: str, today: date) -> date:
    """The date that the form offers for the next review."""
    rule = next((wait for name, wait in BY_KIND.items() if name == kind), DEFAULT)
    return today + rule


def confirmed(body: PieceBody, until: date, today: date, zone: tzinfo) -> datetime:
    """The next review of a text that somebody found still right, or BadReviewDate."""
    if not today < until <= today + LONGEST:
        raise BadReviewDate
    if body.valid_until and until > body.valid_until + timedelta(days=1):
        raise BadReviewDate("the text says until when it holds: correct that first")
    return morning(until, zone)


def morning(day: date, zone: tzinfo) -> datetime:
    """When the desk begins on a day."""
    return datetime.combine(day, MORNING, tzinfo=zone)
