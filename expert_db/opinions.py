"""Answers: what one must contain, and what several say together.

On health, food and disaster advice two experts of different units are asked and neither sees the other's answer. When their verdicts
differ, nobody takes a majority: an editor decides, with a reason, on the record.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from pydantic import ValidationError

from classifiers.taxonomy import VERDICTS
from content.body import SourceRef
from content.cases import Case, CaseKind
from expert_db.assignment_states import AssignmentState
from expert_db.assignments import Answer, Assignment, AssignmentKind, Decision
from expert_db.errors import BadAnswer, MissingReason
from expert_db.need import wants_two

SHORTEST: Final = 10  # characters of an answer
LONGEST: Final = 20_000
MOST_REACHED: Final = 10_000_000  # people; more than live in any prefecture
GIVING: Final = (AssignmentState.OFFERED, AssignmentState.ACCEPTED, AssignmentState.FULFILLED)


@dataclass(frozen=True)
class Report:
    """What a team reports from the field: how many people it reached, and where. No names, no pictures."""

    reached: int | None
    place: str


@dataclass(frozen=True)
class Standing:
    """How far the opinions on a case are. `verdict` is the common or decided one."""

    required: int
    answered: int
    waiting: int
    state: str  # none | waiting | enough | differ | decided
    verdict: str | None = None


def answer(
    new_id: UUID,
    assignment: Assignment,
    case: Case,
    text: str,
    verdict: str | None,
    sources: Sequence[dict[str, Any]],
    now: datetime,
    report: Report | None = None,
) -> Answer:
    """The answer as it will be kept. BadAnswer names the field that is missing or wrong. From the field, it needs a report."""
    said = text.strip()
    if not SHORTEST <= len(said) <= LONGEST:
        raise BadAnswer(field="text", least=SHORTEST, most=LONGEST)
    if verdict is not None and verdict not in VERDICTS:
        raise BadAnswer(field="verdict")
    opinion = assignment.kind == AssignmentKind.OPINION
    if opinion and case.kind == CaseKind.RUMOR and verdict is None:
        raise BadAnswer(field="verdict")
    reached, place = _reported(assignment, report)
    kept = [_source(one) for one in sources]
    if opinion and not kept:
        raise BadAnswer(field="sources")
    return Answer(
        id=new_id,
        assignment_id=assignment.id,
        case_id=assignment.case_id,
        expert_id=assignment.expert_id,
        verdict=verdict,
        text=said,
        sources=kept,
        reached=reached,
        place=place,
        at=now,
    )


def _reported(assignment: Assignment, report: Report | None) -> tuple[int | None, str]:
    """How many were reached and where; a field dissemination must say, anything else has nothing to say of it."""
    if assignment.kind != AssignmentKind.FIELD:
        return None, ""
    if report is None or report.reached is None or not 0 <= report.reached <= MOST_REACHED:
        raise BadAnswer(field="reached", most=MOST_REACHED)
    if not report.place.strip() or len(report.place) > 200:
        raise BadAnswer(field="place")
    return report.reached, report.place.strip()


def _source(raw: dict[str, Any]) -> dict[str, Any]:
    try:
        source = SourceRef.model_validate(raw)
    except ValidationError as error:
        raise BadAnswer(field="sources", part=".".join(str(p) for p in error.errors()[0]["loc"])) from None
    if not source.title.strip() and not source.url:
        raise BadAnswer(field="sources")
    return source.model_dump(mode="json")


def required(case: Case) -> int:
    """How many independent expert opinions a case needs before it can be answered from them."""
    return 2 if wants_two(case.category, case.hazard, tuple(case.topics)) else 1


def standing(
    case: Case, assignments: Iterable[Assignment], answers: Iterable[Answer], decisions: Iterable[Decision]
) -> Standing:
    """How the opinions stand. Only the newest answer of each expert counts; a decision counts while no newer answer differs."""
    assignments = list(assignments)
    opinions = {one.id for one in assignments if one.kind == AssignmentKind.OPINION}
    newest = {
        one.expert_id: one for one in sorted(answers, key=lambda a: a.at) if one.assignment_id in opinions
    }
    waiting = sum(
        one.kind == AssignmentKind.OPINION
        and one.state in (AssignmentState.OFFERED, AssignmentState.ACCEPTED)
        for one in assignments
    )
    verdicts = {one.verdict for one in newest.values() if one.verdict is not None}
    need = required(case)
    latest = max(decisions, key=lambda one: one.at, default=None)
    if len(verdicts) > 1:
        settled = latest is not None and {str(a.id) for a in newest.values()} <= set(latest.answers)
        if latest is not None and settled:
            return Standing(need, len(newest), waiting, "decided", latest.verdict)
        return Standing(need, len(newest), waiting, "differ")
    verdict = next(iter(verdicts), None)
    if len(newest) >= need:
        return Standing(need, len(newest), waiting, "enough", verdict)
    return Standing(need, len(newest), waiting, "waiting" if waiting else "none", verdict)


def decide(
    new_id: UUID, case: Case, answers: Iterable[Answer], verdict: str, reason: str, by: UUID, now: datetime
) -> Decision:
    """An editor's decision between differing opinions. It needs a reason and names the answers that were weighed."""
    if verdict not in VERDICTS:
        raise BadAnswer(field="verdict")
    if not reason.strip():
        raise MissingReason
    weighed = sorted(str(one.id) for one in answers)
    return Decision(
        id=new_id,
        case_id=case.id,
        verdict=verdict,
        reason=reason.strip()[:2000],
        answers=weighed,
        by=by,
        at=now,
    )


def taken_units(case: Case, opinions: Iterable[tuple[Assignment, str]]) -> frozenset[str]:
    """Units whose people already give an opinion on a case that needs two: the second one must come from elsewhere."""
    if required(case) < 2:
        return frozenset()
    return frozenset(
        unit
        for assignment, unit in opinions
        if unit and assignment.kind == AssignmentKind.OPINION and assignment.state in GIVING
    )
