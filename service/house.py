"""Everything that web and jobs are handed: the surroundings, the database, and the long-lived parts of the process.

A plain frozen value, made once by the command that starts the process. No lookups by name, no hidden globals.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from classifiers.signals import Assessment
from classifiers.text import Text
from service.context import Context
from service.errors import Unavailable
from service.store.engine import Database


class Assessors(Protocol):
    """Says what texts are, away from the event loop."""

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        """One assessment a text, in the same order."""
        ...


@dataclass(frozen=True)
class House:
    """`parts` holds what only one job needs (parser pool, fetch session, channels), by the job's own key."""

    ctx: Context
    db: Database
    assessors: Assessors
    parts: Mapping[str, Any] = field(default_factory=dict)
    wake: Callable[[str], Awaitable[None]] | None = None  # run a named job soon

    def part(self, name: str) -> Any:
        """A long-lived part of this process; `Unavailable` where the process was started without it."""
        if name not in self.parts:
            raise Unavailable(f"this process has no {name}")
        return self.parts[name]
