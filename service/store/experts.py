"""Experts (专家库): load, list, save; and how everybody stands: open questions, answers, refusals.

Contact data comes and goes as sealed bytes; this file never opens it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from expert_db.assignment_states import AssignmentState
from expert_db.assignments import Answer, Assignment
from expert_db.experts import Expert
from expert_db.roster import Record
from service.errors import Conflict, NotFound
from service.store.assignments import OPEN
from service.store.guarded import update_guarded

_HERE: Final = {
    AssignmentState.OFFERED: "open",
    AssignmentState.ACCEPTED: "open",
    AssignmentState.FULFILLED: "answered",
    AssignmentState.DECLINED: "declined",
    AssignmentState.EXPIRED: "expired",
    AssignmentState.HANDED_OVER: "declined",  # asked again about the same case, they would say the same
}
# What counts most when somebody was asked more than once about one case.
_RANK: Final = ("", "expired", "declined", "answered", "open")


async def load(session: AsyncSession, expert_id: UUID) -> Expert:
    """The expert, or NotFound."""
    found = await session.get(Expert, expert_id, populate_existing=True)
    if found is None:
        raise NotFound(subject="expert")
    return found


async def everybody(session: AsyncSession) -> Sequence[Expert]:
    """The whole directory, inactive ones too, by id. A city has at most some thousand."""
    query = select(Expert).order_by(col(Expert.id)).execution_options(populate_existing=True)
    return (await session.exec(query)).all()


async def page(
    session: AsyncSession,
    text: str = "",
    kind: str = "",
    active: bool | None = True,
    after: str = "",
    limit: int = 50,
) -> Sequence[Expert]:
    """Experts by name (then id) whose name, unit or profile holds `text`. `after` is the cursor `name|id` of the last one seen."""
    query = select(Expert)
    if active is not None:
        query = query.where(col(Expert.active).is_(active))
    if kind:
        query = query.where(Expert.kind == kind)
    for word in text.split():
        query = query.where(
            col(Expert.name).contains(word, autoescape=True)
            | col(Expert.unit).contains(word, autoescape=True)
            | col(Expert.profile).contains(word, autoescape=True)
        )
    if after:
        name, _, expert_id = after.rpartition("|")
        try:
            last = UUID(expert_id)
        except ValueError:
            raise NotFound(subject="cursor") from None
        query = query.where(
            (col(Expert.name) > name) | ((col(Expert.name) == name) & (col(Expert.id) > last))
        )
    return (await session.exec(query.order_by(col(Expert.name), col(Expert.id)).limit(limit))).all()


async def named(session: AsyncSession, name: str, unit: str = "") -> Sequence[Expert]:
    """Everybody in the directory with exactly this name, and unit when one is given; at most three."""
    query = select(Expert).where(Expert.name == name, col(Expert.active).is_(True))
    if unit:
        query = query.where(Expert.unit == unit)
    return (await session.exec(query.order_by(col(Expert.id)).limit(3))).all()


def cursor(expert: Expert) -> str:
    """Where a page ended."""
    return f"{expert.name}|{expert.id}"


async def save(
    session: AsyncSession, expert: Expert, at: datetime, version: int | None = None, **changes: Any
) -> Expert:
    """Write columns of an expert; Conflict when somebody else has written since `version` (or since it was loaded)."""
    if version is not None and version != expert.version:
        raise Conflict(subject="expert")
    return await update_guarded(
        session, expert, ["version"], **changes, version=expert.version + 1, updated_at=at
    )


async def versions(session: AsyncSession) -> list[tuple[UUID, int]]:
    """(id, version) of everybody by id, and the number of answers: what a prepared directory depends on."""
    rows = (await session.exec(select(Expert.id, Expert.version).order_by(col(Expert.id)))).all()
    answers = (await session.exec(select(func.count()).select_from(Answer))).one()
    return [*rows, (UUID(int=0), answers)]


async def answer_texts(session: AsyncSession, each: int = 20, characters: int = 500) -> dict[UUID, str]:
    """Beginnings of the newest past answers by expert, for text matching."""
    query = select(Answer.expert_id, func.substr(Answer.text, 1, characters)).order_by(
        col(Answer.at).desc(), col(Answer.id)
    )
    found: dict[UUID, list[str]] = defaultdict(list)
    for expert, text in (await session.exec(query)).all():
        if len(found[expert]) < each:
            found[expert].append(text)
    return {expert: "。".join(texts) for expert, texts in found.items()}


async def records(session: AsyncSession, case_id: UUID | None = None) -> dict[UUID, Record]:
    """How everybody stands who was ever asked; `here` tells of this case."""
    counted = select(Assignment.expert_id, Assignment.state, func.count()).group_by(
        col(Assignment.expert_id), col(Assignment.state)
    )
    counts: dict[UUID, dict[str, int]] = defaultdict(dict)
    for expert, state, number in (await session.exec(counted)).all():
        counts[expert][state] = number
    here = await _here(session, case_id) if case_id else {}
    return {expert: _record(states, here.get(expert, "")) for expert, states in counts.items()}


async def _here(session: AsyncSession, case_id: UUID) -> dict[UUID, str]:
    query = select(Assignment.expert_id, Assignment.state).where(Assignment.case_id == case_id)
    found: dict[UUID, str] = {}
    for expert, state in (await session.exec(query)).all():
        what = _HERE.get(AssignmentState(state), "")
        if _RANK.index(what) > _RANK.index(found.get(expert, "")):
            found[expert] = what
    return found


def _record(states: dict[str, int], here: str) -> Record:
    return Record(
        open=sum(states.get(state, 0) for state in OPEN),
        answered=states.get(AssignmentState.FULFILLED, 0),
        declined=states.get(AssignmentState.DECLINED, 0),
        expired=states.get(AssignmentState.EXPIRED, 0),
        here=here,
    )
