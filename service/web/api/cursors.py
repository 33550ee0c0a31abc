"""Cursors: where a page of a list ended, opaque to clients. What nobody was given is refused."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import datetime
from typing import Any
from uuid import UUID

from service.errors import Invalid


def bad_cursor() -> Invalid:
    """The error for a cursor that is none."""
    return Invalid("this is not a place in this list", field="cursor")


def pack(*parts: Any) -> str:
    """A cursor of plain values, moments and ids."""
    text = json.dumps([p.isoformat() if isinstance(p, datetime) else p for p in parts], default=str)
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


def unpack(cursor: str, *kinds: type) -> tuple[Any, ...]:
    """The parts again, each of its kind (int, str, UUID, datetime), or Invalid."""
    try:
        parts = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(parts, list) or len(parts) != len(kinds):
            raise bad_cursor()
        return tuple(_read(part, kind) for part, kind in zip(parts, kinds, strict=True))
    except (ValueError, TypeError, binascii.Error, RecursionError, OverflowError):
        raise bad_cursor() from None


def _read(part: Any, kind: type) -> Any:
    if kind is int:
        if type(part) is not int or not 0 <= part < 2**31:
            raise ValueError
        return part
    if not isinstance(part, str) or "\x00" in part:
        raise ValueError
    part.encode()
    if kind is datetime:
        moment = datetime.fromisoformat(part)
        if moment.tzinfo is None:
            raise ValueError
        return moment
    return UUID(part) if kind is UUID else part
