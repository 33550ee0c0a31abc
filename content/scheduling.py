"""A text that is approved now and goes out by itself at a moment that somebody chose (定时发布、限时禁发).

    plan      approved, this very text, a moment ahead    → Schedule
    verdict   at that moment: may it go? everything is looked at again, nothing is taken for granted

An embargo (禁发) is a schedule that nobody may run ahead of. What does not go out at its moment never goes out by itself
later: it shows as missed with the reason, and a person decides. Does not know the clock, store or publish.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from typing import Any
from uuid import UUID

from content.body import PieceBody
from content.errors import ContentError
from content.piece_states import PieceState
from content.review import Text, same_text

LONGEST = timedelta(days=90)
LATE = timedelta(hours=6)  # after a standstill: what was meant for then may be wrong by now


class Unplannable(ContentError):
    """Only an approved text can be scheduled, for a moment within the next 90 days and before it expires."""

    type = "unplannable"
    status = 422


class Embargoed(ContentError):
    """This text is under embargo: it goes out at its moment, not before."""

    type = "embargoed"


@dataclass(frozen=True)
class Schedule:
    """When, which text, and who chose it. `override`: why it goes out even in an incident; `missed`: why it did not."""

    at: datetime
    text: Text
    by_id: UUID
    by_name: str
    embargo: bool = False
    override: str = ""
    missed: str = ""

    def as_dict(self) -> dict[str, Any]:
        """For the store."""
        return {
            "at": self.at.isoformat(),
            "revision": self.text.revision,
            "sha256": self.text.sha256,
            "by_id": str(self.by_id),
            "by_name": self.by_name,
            "embargo": self.embargo,
            "override": self.override,
            "missed": self.missed,
        }


def read(stored: dict[str, Any] | None) -> Schedule | None:
    """What the store kept."""
    if not stored:
        return None
    return Schedule(
        at=datetime.fromisoformat(stored["at"]),
        text=Text(stored["revision"], stored["sha256"]),
        by_id=UUID(stored["by_id"]),
        by_name=stored["by_name"],
        embargo=stored["embargo"],
        override=stored["override"],
        missed=stored["missed"],
    )


def plan(
    state: str, current: Text, body: PieceBody, wanted: Schedule, now: datetime, zone: tzinfo
) -> Schedule:
    """The schedule, if it can be kept as things stand. Raises StaleRevision or Unplannable."""
    if state != PieceState.APPROVED:
        raise Unplannable
    same_text(current, wanted.text)
    if not now < wanted.at <= now + LONGEST or expired(body, wanted.at, zone):
        raise Unplannable
    return wanted


def refusal(schedule: Schedule, current: Text, body: PieceBody, now: datetime, zone: tzinfo) -> str:
    """Why it may not go out at its moment after all, or an empty text. Approval and incident are looked at elsewhere."""
    if schedule.text != current:
        return "stale_revision"
    if now - schedule.at > LATE:
        return "late"
    return "expired" if expired(body, now, zone) else ""


def expired(body: PieceBody, at: datetime, zone: tzinfo) -> bool:
    """Whether the text no longer holds on that day in the city."""
    until: date | None = body.valid_until
    return until is not None and at.astimezone(zone).date() > until


def not_before(schedule: Schedule | None, now: datetime) -> None:
    """Raise Embargoed while an embargo runs. A missed one is over."""
    if schedule and schedule.embargo and not schedule.missed and now < schedule.at:
        raise Embargoed(at=schedule.at.isoformat())


def after_move(to: str) -> dict[str, None]:
    """What a piece forgets with its next state: a schedule belongs to one approval and ends with it."""
    return {} if to == PieceState.APPROVED else {"publish_at": None, "schedule": None}
