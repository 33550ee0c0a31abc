"""What an expert is told outside the desk (通知): an offer, one reminder a stage, the desk's reply. Rules and table.

One row a thing to tell, so nothing is told twice. Sent only to the expert's own address, only while they agree to messages; the
address itself never stands in a row. A try is written down before it is made: whoever dies in between leaves `sending`, which
becomes `unknown` and is not repeated, because a person reads both letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import UtcDateTime
from content.lifecycle import Lifecycle
from expert_db.consent import granted

TRIES: Final = 5
PATIENCE: Final = timedelta(minutes=5)  # after which a try that was begun counts as lost
WAITS: Final = tuple(timedelta(minutes=one) for one in (1, 2, 5, 10))


class NoticeKind(StrEnum):
    OFFER = "offer"
    REMIND_OFFER = "remind_offer"
    REMIND_ANSWER = "remind_answer"
    REPLY = "reply"


class NoticeState(StrEnum):
    WAITING = "waiting"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNKNOWN = "unknown"
    SKIPPED = "skipped"  # no agreement, no address, or over before it went out


class NoticeEvent(StrEnum):
    CLAIM = "claim"
    TAKE = "take"
    AGAIN = "again"
    FAIL = "fail"
    LOSE = "lose"
    SKIP = "skip"


NOTICE = Lifecycle(
    name="notice",
    states=NoticeState,
    events=NoticeEvent,
    initial=NoticeState.WAITING,
    table={
        (NoticeState.WAITING, NoticeEvent.CLAIM): NoticeState.SENDING,
        (NoticeState.WAITING, NoticeEvent.SKIP): NoticeState.SKIPPED,
        (NoticeState.SENDING, NoticeEvent.TAKE): NoticeState.SENT,
        (NoticeState.SENDING, NoticeEvent.AGAIN): NoticeState.WAITING,
        (NoticeState.SENDING, NoticeEvent.FAIL): NoticeState.FAILED,
        (NoticeState.SENDING, NoticeEvent.LOSE): NoticeState.UNKNOWN,
    },
)


class Notice(SQLModel, table=True):
    """One thing to tell. `subject_id` is the assignment, or the question back that was replied to."""

    __tablename__ = "assignment_notices"
    __table_args__ = (UniqueConstraint("subject_id", "kind"),)

    id: UUID = Field(primary_key=True)
    assignment_id: UUID = Field(foreign_key="assignments.id", index=True)
    subject_id: UUID
    kind: str = Field(max_length=16)
    state: str = Field(default=NoticeState.WAITING, max_length=16, index=True)
    way: str = Field(default="", max_length=16)  # email | sms
    code: str = Field(default="", max_length=100)  # the other side's word, or why it was not sent
    tries: int = Field(default=0)
    next_at: datetime = Field(sa_type=UtcDateTime)
    made_at: datetime = Field(sa_type=UtcDateTime)
    told_at: datetime | None = Field(default=None, sa_type=UtcDateTime)


def reachable(consent: Mapping[str, Any], today: date) -> bool:
    """Whether somebody agrees that their address is kept and that messages go to it."""
    return granted(consent, "contact", today) and granted(consent, "messages", today)


def after_a_fault(tries: int, now: datetime) -> tuple[NoticeEvent, datetime]:
    """What follows the `tries`-th try that certainly did not arrive: another one later, or giving up."""
    if tries >= TRIES:
        return NoticeEvent.FAIL, now
    return NoticeEvent.AGAIN, now + WAITS[min(tries, len(WAITS)) - 1]
