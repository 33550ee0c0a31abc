"""Which of somebody's acts on a case can be taken back, and by which way through the states.

    audit entries of one case, newest first
    | last_act → the newest act that was not undone yet
    | route    → the events that lead back; each goes through the lifecycle

Does not load or change anything. What was published cannot be undone: it can be corrected or retracted.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from typing import Final

from content.audit import AuditEntry
from content.case_states import CASE, CaseEvent, CaseState
from content.errors import IllegalTransition

UNDO: Final = "case.undo"
UNDOABLE: Final = frozenset(
    {
        "case.claim",
        "case.release",
        "case.dismiss",
        "case.reopen",
        "case.answer",
        "case.merge",
        "case.unmerge",
        "case.split",
    }
)
# A case that was merged away has nowhere to go but back.
WAYS: Final = {
    pair: after for pair, after in CASE.table.items() if pair[1] not in (CaseEvent.MERGE, CaseEvent.UNMERGE)
}


def last_act(entries: Iterable[AuditEntry]) -> AuditEntry | None:
    """The newest undoable act among `entries` (newest first) that no later undo has taken back."""
    undone: set[int] = set()
    for entry in entries:
        if entry.act == UNDO and entry.after is not None:
            undone.add(int(entry.after["undone"]))
        elif entry.act in UNDOABLE and entry.seq not in undone:
            return entry
    return None


def route(state: str, target: str) -> tuple[CaseEvent, ...]:
    """The shortest way from one state to another, or IllegalTransition."""
    start, goal = CaseState(state), CaseState(target)
    ways: deque[tuple[CaseState, tuple[CaseEvent, ...]]] = deque([(start, ())])
    seen = {start}
    while ways:
        at, path = ways.popleft()
        if at == goal:
            return path
        for (before, event), after in WAYS.items():
            if before == at and after not in seen:
                seen.add(after)
                ways.append((after, (*path, event)))
    raise IllegalTransition(f"case: no way back from '{state}' to '{target}'", state=state, target=target)
