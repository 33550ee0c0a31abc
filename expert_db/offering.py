"""What may happen to an assignment, as pure rules: offer, accept, decline, answer, withdraw, hand over, expire, and who is asked next.

    rule(assignment, who, what, now) → Change(event, new state, fields)      the shell writes it, guarded by state and version

Does not store, notify or read the clock. Only the lifecycle's table yields a state.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from content.permissions import Actor
from expert_db.assignment_states import ASSIGNMENT, AssignmentEvent, AssignmentState
from expert_db.assignments import Assignment, AssignmentKind
from expert_db.deadlines import EVERYDAY, INCIDENT, TABLE, Table, lapsed, terms_for
from expert_db.errors import BadQuestion, MissingReason, NotACandidate, NotYours, TooEarly
from expert_db.match import Candidate, Reason

FALLBACKS = 5  # how many are kept in line behind the one who is asked


class WhyNotFirst(StrEnum):
    """Why an editor passed over the best of the shortlist."""

    KNOWS_BETTER = "knows_better"
    SPEAKS_BETTER = "speaks_better"
    NOT_REACHABLE = "not_reachable"
    ASKED_OFTEN = "asked_often"
    INDEPENDENCE = "independence"
    OTHER = "other"


@dataclass(frozen=True)
class Change:
    """One step of an assignment: the event, the state after it, and what else is written."""

    event: AssignmentEvent
    state: AssignmentState
    fields: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Question:
    """What is asked, of whichever expert. `due_at` None: the gear's own span."""

    case_id: UUID
    text: str
    kind: str = AssignmentKind.OPINION
    evidence: tuple[Mapping[str, Any], ...] = ()
    urgent: bool = False
    due_at: datetime | None = None


def offer(
    new_id: UUID,
    question: Question,
    expert_id: UUID,
    walls: Sequence[str],
    reasons: Sequence[Reason],
    shortlist: Sequence[Candidate],
    fallbacks: Sequence[UUID],
    by: Actor,
    now: datetime,
    table: Table = TABLE,
    why_not_first: str = "",
) -> Assignment:
    """The offer to one expert. NotACandidate names the walls that this expert stands behind; BadQuestion an empty question."""
    if walls:
        raise NotACandidate(walls=list(walls))
    if not question.text.strip() or len(question.text) > 2000 or by.id is None:
        raise BadQuestion
    gear = INCIDENT if question.urgent else EVERYDAY
    terms = terms_for(gear, question.kind, table)
    due_at = question.due_at or now + terms.answer
    if due_at <= now:
        raise BadQuestion(due_at=due_at.isoformat())
    return Assignment(
        id=new_id,
        case_id=question.case_id,
        expert_id=expert_id,
        kind=question.kind,
        state=ASSIGNMENT.initial,
        question=question.text.strip(),
        evidence=[dict(one) for one in question.evidence],
        reasons=[one.to_json() for one in reasons],
        shortlist=[_line(one) for one in shortlist],
        why_not_first=_why(why_not_first, expert_id, shortlist),
        gear=gear,
        offered_by=by.id,
        offered_at=now,
        respond_by=min(now + terms.respond, due_at),
        due_at=due_at,
        candidates=[str(one) for one in fallbacks if one != expert_id][:FALLBACKS],
        created_at=now,
        updated_at=now,
    )


def _why(code: str, expert_id: UUID, shortlist: Sequence[Candidate]) -> str:
    """The code, when there was a better one by points to be passed over."""
    passed_over = bool(shortlist) and shortlist[0].expert_id != expert_id
    if code and code not in set(WhyNotFirst):
        raise BadQuestion(why_not_first=code)
    return code if passed_over else ""


def _line(candidate: Candidate) -> dict[str, Any]:
    points = {reason.code: reason.points for reason in candidate.reasons}
    return {"expert": str(candidate.expert_id), "score": candidate.score, "points": points}


def accept(assignment: Assignment, by: Actor, now: datetime, table: Table = TABLE) -> Change:
    """The expert takes the question up. NotYours for anybody else; a late acceptance counts as long as nobody else was asked."""
    _own(assignment, by)
    end = max(assignment.due_at, now) + terms_for(assignment.gear, assignment.kind, table).grace
    return _change(assignment, AssignmentEvent.ACCEPT, now, accepted_at=now, respond_by=end)


def decline(assignment: Assignment, reason: str, suggestion: str, by: Actor, now: datetime) -> Change:
    """The expert says no, or hands an accepted question back, with a reason and perhaps a name of somebody better."""
    _own(assignment, by)
    return _change(
        assignment,
        AssignmentEvent.DECLINE,
        now,
        ended_at=now,
        note=_reason(reason),
        suggestion=suggestion.strip()[:500],
    )


def fulfil(assignment: Assignment, by: Actor, now: datetime) -> Change:
    """The answer is given. What the answer says is checked by `opinions.answer`."""
    _own(assignment, by)
    return _change(assignment, AssignmentEvent.FULFIL, now, ended_at=now)


def withdraw(assignment: Assignment, reason: str, now: datetime) -> Change:
    """The desk takes the question back, with a reason that the expert reads."""
    return _change(assignment, AssignmentEvent.WITHDRAW, now, ended_at=now, note=_reason(reason))


def expire(assignment: Assignment, now: datetime) -> Change:
    """Time has run out. TooEarly before that, so that a job with a wrong list does no harm."""
    if not lapsed(assignment, now):
        raise TooEarly(assignment=str(assignment.id))
    return _change(assignment, AssignmentEvent.EXPIRE, now, ended_at=now)


def handed_over(assignment: Assignment, reason: str, now: datetime) -> Change:
    """The desk has agreed that a colleague answers instead."""
    return _change(assignment, AssignmentEvent.HAND_OVER, now, ended_at=now, note=_reason(reason))


def hand_on(
    ended: Assignment,
    new_id: UUID,
    expert_id: UUID,
    reasons: Sequence[Reason],
    now: datetime,
    table: Table = TABLE,
) -> Assignment:
    """The same question to the next in line, after a decline or a lapse. The due time holds when there is time left for it."""
    terms = terms_for(ended.gear, ended.kind, table)
    due_at = ended.due_at if ended.due_at - now >= terms.respond else now + terms.answer
    return Assignment(
        id=new_id,
        case_id=ended.case_id,
        expert_id=expert_id,
        kind=ended.kind,
        state=ASSIGNMENT.initial,
        question=ended.question,
        evidence=list(ended.evidence),
        reasons=[one.to_json() for one in reasons],
        shortlist=list(ended.shortlist),
        gear=ended.gear,
        offered_by=ended.offered_by,
        offered_at=now,
        respond_by=min(now + terms.respond, due_at),
        due_at=due_at,
        candidates=[one for one in ended.candidates if one != str(expert_id)],
        follows=ended.id,
        created_at=now,
        updated_at=now,
    )


def next_in_line(ended: Assignment, fit: Iterable[UUID], asked: Iterable[UUID]) -> UUID | None:
    """The first of the kept candidates who can be asked now (`fit`) and never was in this case, or None."""
    possible = {str(one) for one in fit} - {str(one) for one in asked}
    found = next((one for one in ended.candidates if one in possible), None)
    return UUID(found) if found else None


def _change(assignment: Assignment, event: AssignmentEvent, now: datetime, **fields: Any) -> Change:
    state = ASSIGNMENT.next(assignment.state, event)
    if state in ASSIGNMENT.terminal():
        # Whoever holds the link of an ended assignment holds nothing.
        fields |= {"link_sha256": None, "link_until": None}
    return Change(event, state, {**fields, "updated_at": now})


def _own(assignment: Assignment, by: Actor) -> None:
    if by.expert_id is None or by.expert_id != assignment.expert_id:
        raise NotYours


def _reason(text: str) -> str:
    if not text.strip():
        raise MissingReason
    return text.strip()[:2000]
