"""A state machine is a table `{(state, event): state}`; this is the only thing that reads such tables.

Does not store, log or notify. Diagrams and tests are made from the same table.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product
from typing import Generic, TypeVar

from content.errors import IllegalTransition

S = TypeVar("S", bound=StrEnum)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True)
class Lifecycle(Generic[S, E]):
    """States of one kind of thing and the events that move it. Events outside the table are refused."""

    name: str
    states: type[S]
    events: type[E]
    initial: S
    table: Mapping[tuple[S, E], S]

    def next(self, state: str, event: E) -> S:
        """The state after `event`, or IllegalTransition naming both."""
        try:
            return self.table[(self.states(state), event)]
        except (KeyError, ValueError):
            raise IllegalTransition(
                f"{self.name}: '{event}' is not possible in state '{state}'",
                subject=self.name,
                state=str(state),
                event=str(event),
            ) from None

    def allows(self, state: str, event: E) -> bool:
        """Whether `event` is in the table for `state`."""
        return (self.states(state), event) in self.table

    def possible(self, state: str) -> tuple[E, ...]:
        """The events that `state` allows, in the order of the enumeration."""
        return tuple(e for e in self.events if self.allows(state, e))

    def terminal(self) -> frozenset[S]:
        """States that nothing leaves."""
        return frozenset(self.states) - {state for state, _ in self.table}

    def forbidden(self) -> Iterator[tuple[S, E]]:
        """Every pair outside the table, for tests."""
        return (pair for pair in product(self.states, self.events) if pair not in self.table)

    def diagram(self) -> str:
        """The table as a Mermaid state diagram, for the package README."""
        lines = ["stateDiagram-v2", f"    [*] --> {self.initial}"]
        lines += [f"    {state} --> {after}: {event}" for (state, event), after in self.table.items()]
        lines += [f"    {state} --> [*]" for state in self.states if state in self.terminal()]
        return "\n".join(lines)
