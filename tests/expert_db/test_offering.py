"""The life of an assignment: the table and nothing else; ends exactly once; time and line as data."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from content.errors import IllegalTransition
from content.permissions import Actor
from expert_db import offering
from expert_db.assignment_states import ASSIGNMENT, AssignmentEvent, AssignmentState
from expert_db.assignments import Assignment
from expert_db.deadlines import EVERYDAY, INCIDENT, TABLE, from_setting, wants_reminder
from expert_db.directory import Directory
from expert_db.errors import BadQuestion, BadTerms, MissingReason, NotACandidate, NotYours, TooEarly
from expert_db.match import rank
from expert_db.offering import Change, Question
from tests.expert_db.people import NOW, ZONE, crowd, need, person

DESK = Actor(id=uuid4(), name="编辑", roles=frozenset({"editor"}))
LATER = NOW + timedelta(days=30)


def expert(number: int = 1) -> Actor:
    return Actor(id=uuid4(), name="专家", roles=frozenset({"expert"}), expert_id=UUID(int=number))


def offered(**fields: object) -> Assignment:
    question = Question(UUID(int=99), "菠菜豆腐？", **fields)  # type: ignore[arg-type]
    line = [UUID(int=number) for number in range(2, 9)]
    return offering.offer(uuid4(), question, UUID(int=1), (), (), (), line, DESK, NOW)


def apply(assignment: Assignment, change: Change) -> Assignment:
    """As the shell does, without a database."""
    values = {**assignment.model_dump(), **change.fields, "state": str(change.state)}
    return Assignment(**values)


def step(assignment: Assignment, event: AssignmentEvent) -> Change:
    """The rule of an event, by the one who may."""
    match event:
        case AssignmentEvent.ACCEPT:
            return offering.accept(assignment, expert(), NOW)
        case AssignmentEvent.DECLINE:
            return offering.decline(assignment, "忙", "", expert(), NOW)
        case AssignmentEvent.FULFIL:
            return offering.fulfil(assignment, expert(), NOW)
        case AssignmentEvent.WITHDRAW:
            return offering.withdraw(assignment, "不用了", NOW)
        case AssignmentEvent.HAND_OVER:
            return offering.handed_over(assignment, "同事更懂", NOW)
        case AssignmentEvent.EXPIRE:
            return offering.expire(assignment, LATER)


@pytest.mark.parametrize("state", AssignmentState)
@pytest.mark.parametrize("event", AssignmentEvent)
def test_exactly_the_tables_events_are_possible(state: AssignmentState, event: AssignmentEvent) -> None:
    assignment = offered()
    assignment.state = str(state)
    if (state, event) in ASSIGNMENT.table:
        assert step(assignment, event).state == ASSIGNMENT.table[(state, event)]
    else:
        with pytest.raises(IllegalTransition):
            step(assignment, event)


@settings(max_examples=200, deadline=None)
@given(events=st.lists(st.sampled_from(list(AssignmentEvent)), max_size=12))
def test_whatever_happens_an_offer_ends_at_most_once_and_time_always_ends_it(
    events: list[AssignmentEvent],
) -> None:
    assignment, ends = offered(), 0
    for event in [*events, AssignmentEvent.EXPIRE]:
        try:
            assignment = apply(assignment, step(assignment, event))
        except IllegalTransition:
            continue
        ends += assignment.state in ASSIGNMENT.terminal()
    assert ends == 1
    assert assignment.ended_at is not None
    assert assignment.link_sha256 is None


def test_nobody_behind_a_wall_is_offered_anything() -> None:
    with pytest.raises(NotACandidate) as refused:
        offering.offer(
            uuid4(), Question(UUID(int=99), "？"), UUID(int=1), ("away", "load"), (), (), (), DESK, NOW
        )
    assert refused.value.details["walls"] == ["away", "load"]


@pytest.mark.parametrize(
    "question",
    [Question(UUID(int=9), " "), Question(UUID(int=9), "问" * 2001), Question(UUID(int=9), "问", due_at=NOW)],
)
def test_a_question_needs_a_text_and_time(question: Question) -> None:
    with pytest.raises(BadQuestion):
        offering.offer(uuid4(), question, UUID(int=1), (), (), (), (), DESK, NOW)


def test_an_offer_keeps_why_and_who_else_was_suggested() -> None:
    people = crowd(40)
    best = rank(need(text="火灾逃生"), Directory(people), {}, ZONE)
    made = offering.offer(
        uuid4(),
        Question(UUID(int=99), "？"),
        best[0].expert_id,
        (),
        best[0].reasons,
        best,
        [one.expert_id for one in best],
        DESK,
        NOW,
    )
    assert sum(one["points"] for one in made.reasons) == best[0].score
    assert [one["score"] for one in made.shortlist] == [one.score for one in best]
    assert made.candidates == [str(one.expert_id) for one in best[1 : 1 + offering.FALLBACKS]]


def test_only_the_one_who_was_asked_answers() -> None:
    with pytest.raises(NotYours):
        offering.accept(offered(), expert(2), NOW)
    with pytest.raises(NotYours):
        offering.decline(offered(), "忙", "", DESK, NOW)
    with pytest.raises(NotYours):
        offering.fulfil(offered(), DESK, NOW)


@pytest.mark.parametrize("blank", ["", "  \n"])
def test_a_no_and_a_withdrawal_have_a_reason(blank: str) -> None:
    with pytest.raises(MissingReason):
        offering.decline(offered(), blank, "", expert(), NOW)
    with pytest.raises(MissingReason):
        offering.withdraw(offered(), blank, NOW)


@pytest.mark.parametrize("gear", [EVERYDAY, INCIDENT])
@pytest.mark.parametrize("kind", ["opinion", "fact", "field"])
def test_an_offer_lapses_at_its_time_and_not_before(gear: str, kind: str) -> None:
    terms = TABLE[gear][kind]
    made = offered(kind=kind, urgent=gear == INCIDENT)
    assert (made.respond_by, made.due_at) == (NOW + terms.respond, NOW + terms.answer)
    with pytest.raises(TooEarly):
        offering.expire(made, made.respond_by - timedelta(seconds=1))
    assert offering.expire(made, made.respond_by).state == AssignmentState.EXPIRED
    taken = apply(made, offering.accept(made, expert(), NOW))
    with pytest.raises(TooEarly):
        offering.expire(taken, made.due_at)
    assert offering.expire(taken, made.due_at + terms.grace).state == AssignmentState.EXPIRED


def test_an_emergency_is_quicker_than_everyday_life_in_everything() -> None:
    for kind, slow in TABLE[EVERYDAY].items():
        quick = TABLE[INCIDENT][kind]
        assert all(getattr(quick, name) < getattr(slow, name) for name in slow.__dict__)
        assert quick.remind < quick.respond <= quick.answer


def test_the_next_in_line_is_the_first_who_can_be_asked_and_never_was() -> None:
    ended = offered()
    fit = [UUID(int=number) for number in (4, 5, 6, 77)]
    assert offering.next_in_line(ended, fit, [UUID(int=4)]) == UUID(int=5)
    assert offering.next_in_line(ended, fit, fit) is None
    assert offering.next_in_line(ended, [], []) is None


def test_the_question_handed_on_is_the_same_and_its_line_shorter() -> None:
    ended = offered()
    at = NOW + timedelta(hours=24)
    made = offering.hand_on(ended, uuid4(), UUID(int=2), (), at)
    assert (made.question, made.case_id, made.follows, made.due_at) == (
        ended.question,
        ended.case_id,
        ended.id,
        ended.due_at,
    )
    assert str(UUID(int=2)) not in made.candidates
    late = offering.hand_on(ended, uuid4(), UUID(int=2), (), ended.due_at - timedelta(hours=1))
    assert late.due_at > ended.due_at


def test_one_reminder_a_stage() -> None:
    made = offered()
    soon = made.respond_by - timedelta(hours=1)
    assert not wants_reminder(made, NOW)
    assert wants_reminder(made, soon)
    made.reminded_at = soon
    assert not wants_reminder(made, soon + timedelta(minutes=1))
    made.accepted_at = soon + timedelta(minutes=2)
    assert wants_reminder(made, made.due_at - timedelta(hours=1))


def test_an_administrator_changes_spans_in_minutes() -> None:
    table = from_setting({"incident": {"opinion": {"respond": 10}}})
    assert table[INCIDENT]["opinion"].respond == timedelta(minutes=10)
    assert table[EVERYDAY] == TABLE[EVERYDAY]


@pytest.mark.parametrize(
    "raw",
    [
        {"weekend": {"opinion": {"respond": 10}}},
        {"incident": {"gossip": {"respond": 10}}},
        {"incident": {"opinion": {"sleep": 10}}},
        {"incident": {"opinion": {"respond": 0}}},
        {"incident": {"opinion": {"respond": True}}},
        {"incident": {"opinion": {"respond": 300}}},
        {"incident": {"opinion": 5}},
        {"incident": "quick"},
    ],
)
def test_deadlines_that_make_no_sense_are_refused(raw: dict[str, object]) -> None:
    with pytest.raises(BadTerms):
        from_setting(raw)


def test_a_walled_favourite_does_not_keep_others_from_being_asked() -> None:
    people = [person(1, consent={}), person(2)]
    assert [one.expert_id for one in rank(need(), Directory(people), {}, ZONE)] == [UUID(int=2)]
