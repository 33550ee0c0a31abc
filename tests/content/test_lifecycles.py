"""Every state machine of the content package: each pair is either in its table or refused, and everything can be reached."""

from __future__ import annotations

from enum import StrEnum
from typing import Any

import pytest

from content.case_states import CASE
from content.delivery_states import DELIVERY
from content.errors import IllegalTransition
from content.incident_states import INCIDENT
from content.lifecycle import Lifecycle
from content.piece_states import PIECE

MACHINES: list[Lifecycle[Any, Any]] = [CASE, PIECE, DELIVERY, INCIDENT]
FORBIDDEN = [(machine, state, event) for machine in MACHINES for state, event in machine.forbidden()]
ALLOWED = [(machine, *pair) for machine in MACHINES for pair in machine.table]


def name(value: object) -> str:
    return value.name if isinstance(value, Lifecycle) else str(value)


@pytest.mark.parametrize(("machine", "state", "event"), FORBIDDEN, ids=name)
def test_a_pair_outside_the_table_is_refused(
    machine: Lifecycle[Any, Any], state: StrEnum, event: StrEnum
) -> None:
    with pytest.raises(IllegalTransition) as refusal:
        machine.next(state, event)
    assert refusal.value.details == {"subject": machine.name, "state": state.value, "event": event.value}


@pytest.mark.parametrize(("machine", "state", "event"), ALLOWED, ids=name)
def test_a_pair_in_the_table_leads_where_the_table_says(
    machine: Lifecycle[Any, Any], state: StrEnum, event: StrEnum
) -> None:
    assert machine.next(str(state), event) is machine.table[(state, event)]


@pytest.mark.parametrize("machine", MACHINES, ids=name)
def test_every_state_can_be_reached_from_the_first(machine: Lifecycle[Any, Any]) -> None:
    reached = {machine.initial}
    for _ in machine.states:
        reached |= {after for (state, _), after in machine.table.items() if state in reached}
    assert reached == {*machine.states.__members__.values()}


@pytest.mark.parametrize("machine", MACHINES, ids=name)
def test_an_unknown_state_is_refused_and_not_a_crash(machine: Lifecycle[Any, Any]) -> None:
    with pytest.raises(IllegalTransition):
        machine.next("no such state", next(event for _, event in machine.table))


def test_nothing_reaches_the_public_without_passing_approval() -> None:
    ways_in = {(state, event) for (state, event), after in PIECE.table.items() if after == "published"}
    assert ways_in == {("approved", "publish")}
