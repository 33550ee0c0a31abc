"""What a use case needs beside its session: settings, keys, the clock, random ids. A plain value, handed in.

`now` and the ids are here and nowhere else, so tests set them and the deciding packages never ask.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from service.keys import Keys
from service.settings import Settings

ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"  # no 0/o, 1/l/i, u: read out over a phone


def utc_now() -> datetime:
    """The clock."""
    return datetime.now(UTC)


def public_id() -> str:
    """A random id for a public page: 12 characters, 58 bits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(12))


@dataclass(frozen=True)
class Context:
    """The surroundings of a use case."""

    settings: Settings
    keys: Keys
    now: Callable[[], datetime] = utc_now
    new_id: Callable[[], UUID] = uuid4
    new_public_id: Callable[[], str] = public_id
    worker: str = field(default_factory=lambda: f"w-{secrets.token_hex(4)}")
