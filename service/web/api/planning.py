"""What runs and what is ahead: clocks with their time left, and the calendar of campaign days (read only)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from service.usecases import calendar, clock_board
from service.usecases.board_lines import Running
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Page, Plain, Sent, Shown


class ClockOut(Shown):
    """One clock that runs. `left_seconds` is negative when the time is over; `subject` says what `id` is."""

    subject: str
    id: UUID
    title: str
    clock: str
    statutory: bool
    standing: Plain
    due_at: datetime
    left_seconds: int
    exercise: bool


class CampaignOut(Shown):
    """A campaign day or season. `announced`: the exact date is announced every year, this is when it usually is."""

    key: str
    code: str
    name: str
    first: date
    last: date
    announced: bool
    season: bool
    standing: str
    source: str
    hazards: list[str]
    topics: list[str]
    audiences: list[str]
    case_id: UUID | None


class Ahead(Sent):
    """How far to look."""

    days: int = Field(default=calendar.HORIZONS[0], ge=1, le=calendar.HORIZONS[-1])


async def clocks(call: Call) -> Listed:
    """Everything that runs, the most urgent first."""
    return Listed([_clock(one) for one in await clock_board.board(call.ctx, call.session)])


def _clock(one: Running) -> dict[str, Any]:
    reading = one.reading
    assert reading.left is not None  # it runs
    return {
        "subject": one.subject,
        "id": one.id,
        "title": one.title,
        "clock": reading.clock.code,
        "statutory": reading.clock.statutory,
        "standing": reading.standing,
        "due_at": reading.due,
        "left_seconds": int(reading.left.total_seconds()),
        "exercise": one.exercise,
    }


async def ahead(call: Call) -> Listed:
    """What lasts today or begins within so many days."""
    days = call.asked(Ahead).days
    horizon = next(most for most in calendar.HORIZONS if days <= most)
    found = await calendar.agenda(call.ctx, call.session, call.by, horizon)
    near = [entry for entry in found.entries if (entry.occurrence.first - found.today).days <= days]
    return Listed([_campaign(entry) for entry in near])


def _campaign(entry: calendar.Entry) -> dict[str, Any]:
    campaign = entry.occurrence.campaign
    names = ("code", "name", "announced", "season", "source", "hazards", "topics", "audiences")
    return {
        **{name: getattr(campaign, name) for name in names},
        "key": entry.occurrence.key,
        "first": entry.occurrence.first,
        "last": entry.occurrence.last,
        "standing": entry.standing,
        "case_id": entry.case.id if entry.case else None,
    }


ENDPOINTS = (
    Endpoint(
        "GET", "/clocks", "clocks", "Clocks that run, the most urgent first", "desk.read", clocks,
        answer=Page[ClockOut],
    ),
    Endpoint(
        "GET", "/calendar", "calendar", "Campaign days and seasons ahead", "desk.read", ahead,
        answer=Page[CampaignOut], query=Ahead,
    ),
)  # fmt: skip
