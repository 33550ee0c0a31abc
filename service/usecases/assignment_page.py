"""What one assignment looks like to whoever opens it. Reads only.

The expert sees the question, the evidence and their own answers; never another expert's, so that a second opinion is a second
opinion. The desk sees everything. To anybody else it is not there.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.permissions import Actor
from expert_db import ask_backs, hand_overs, opinions
from expert_db.ask_backs import AskBack
from expert_db.assignment_states import ASSIGNMENT
from expert_db.assignments import Answer, Assignment
from expert_db.experts import Expert
from expert_db.hand_overs import HandOver
from expert_db.notices import Notice
from service.errors import NotFound
from service.store import assignment_talk as talk
from service.store import assignments as store
from service.store import cases, experts, notices


@dataclass(frozen=True)
class AssignmentPage:
    """An assignment with what its viewer may see. `others` is empty for experts.

    `can` are the events possible now, and `ask_back` and `propose` where the expert may ask back and name a colleague.
    """

    assignment: Assignment
    expert: Expert
    case_title: str
    case_kind: str
    needs_second: bool
    answers: tuple[Answer, ...]
    others: tuple[Answer, ...]
    can: tuple[str, ...]
    asked_back: tuple[AskBack, ...] = ()
    hand_overs: tuple[HandOver, ...] = ()
    notices: tuple[Notice, ...] = ()  # what the expert was told; empty for the expert


async def page_for(s: AsyncSession, assignment_id: UUID, by: Actor) -> AssignmentPage:
    """The page of an assignment. NotFound for whoever is neither the expert asked nor the desk."""
    assignment = await store.load(s, assignment_id)
    own = by.expert_id is not None and by.expert_id == assignment.expert_id
    desk = permissions.may(by, "desk.read")
    if not own and not desk:
        raise NotFound(subject="assignment")
    case, _ = await store.subject(s, assignment.case_id)
    answers = await store.answers(s, assignment.case_id)
    asked = await talk.ask_backs(s, [assignment.id])
    proposals = await talk.hand_overs(s, [assignment.id])
    return AssignmentPage(
        assignment=assignment,
        expert=await experts.load(s, assignment.expert_id),
        case_title=case.title,
        case_kind=case.kind,
        needs_second=opinions.required(case) > 1,
        answers=tuple(one for one in answers if one.expert_id == assignment.expert_id),
        # Somebody who is both editor and expert must not read a colleague's opinion before giving their own.
        others=() if own else tuple(one for one in answers if one.expert_id != assignment.expert_id),
        can=(
            *(str(event) for event in ASSIGNMENT.possible(assignment.state)),
            *(("ask_back",) if ask_backs.may_ask(assignment, asked) else ()),
            *(("propose",) if hand_overs.may_propose(assignment, proposals) else ()),
        ),
        asked_back=tuple(asked),
        hand_overs=tuple(proposals),
        notices=tuple(await notices.of(s, [assignment.id])) if desk and not own else (),
    )


@dataclass(frozen=True)
class Talk:
    """What was said about some assignments, each by the assignment's id."""

    asked_back: Mapping[UUID, Sequence[AskBack]]
    hand_overs: Mapping[UUID, Sequence[HandOver]]
    notices: Mapping[UUID, Sequence[Notice]]


async def talk_of(s: AsyncSession, assignment_ids: Collection[UUID]) -> Talk:
    """Questions back, proposals, and what the experts were told. For the desk."""
    asked, proposals, told = defaultdict(list), defaultdict(list), defaultdict(list)
    for question in await talk.ask_backs(s, assignment_ids):
        asked[question.assignment_id].append(question)
    for proposal in await talk.hand_overs(s, assignment_ids):
        proposals[proposal.assignment_id].append(proposal)
    for notice in await notices.of(s, assignment_ids):
        told[notice.assignment_id].append(notice)
    return Talk(asked, proposals, told)


@dataclass(frozen=True)
class Board:
    """Open assignments: those for which the desk owes something first, then the soonest end. `titles` of their cases."""

    rows: Sequence[Assignment]
    talk: Talk
    titles: Mapping[UUID, str]
    owed: int


async def board(s: AsyncSession, by: Actor, limit: int = 200) -> Board:
    """What runs with experts, departments and teams."""
    permissions.require(by, "desk.read")
    rows = await store.still_open(s, limit)
    owed = {one: number for number, one in enumerate(await talk.waiting(s))}
    rows.sort(key=lambda one: owed.get(one.id, len(owed)))
    titles = await cases.titles(s, {one.case_id for one in rows})
    return Board(rows, await talk_of(s, [one.id for one in rows]), titles, len(owed))
