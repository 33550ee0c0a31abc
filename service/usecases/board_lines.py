"""One line of the board of clocks (时限), and the alarm that is raised of it: one for each subject and clock, ever."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.alarms import Alarm
from content.clocks import Reading
from content.permissions import SERVICE
from service.context import Context
from service.store import audit, incidents
from service.usecases import incidents as gear


@dataclass(frozen=True)
class Running:
    """One clock that runs on something. `subject` is incident, case, piece, warning or assignment; `path` its page on the desk."""

    subject: str
    id: UUID
    title: str
    path: str
    reading: Reading
    exercise: bool = False


async def put(ctx: Context, s: AsyncSession, one: Running) -> None:
    """Raise its alarm, with an audit entry and, of an incident, an entry in its log. The caller knows that there was none."""
    code, due = str(one.reading.clock.code), one.reading.due
    assert due is not None  # it runs
    s.add(
        Alarm(
            id=ctx.new_id(),
            subject=one.subject,
            subject_id=one.id,
            clock=code,
            title=one.title[:500],
            exercise=one.exercise,
            due_at=due,
            raised_at=ctx.now(),
        )
    )
    await s.flush()
    after = {"clock": code, "due_at": due.isoformat()}
    await audit.record(ctx, s, SERVICE, "clock.alarm", one.subject, one.id, after=after)
    if one.subject == "incident":
        await gear.note(ctx, s, await incidents.load(s, one.id), "alarm", SERVICE, "", clock=code)
