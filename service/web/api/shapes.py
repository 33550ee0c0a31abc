"""Shapes that many endpoints share: bodies, queries, lists, and the one way to read rows into answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Generic, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

T = TypeVar("T")
Text = Annotated[str, Field(max_length=2000)]
Version = Annotated[
    int | None,
    Field(default=None, ge=0, le=2**31 - 1, description="The version you read; a newer one is a conflict."),
]
Region = Annotated[str, Field(pattern=r"^[0-9]{6}$", description="Division code of six digits.")]
# Enums of tables are plain strings in rows; None stays None.
Plain = Annotated[str, BeforeValidator(str)]


class Sent(BaseModel):
    """Something a client sends: unknown fields are refused."""

    model_config = ConfigDict(extra="forbid")


class Nothing(Sent):
    """No fields."""


class Shown(BaseModel):
    """Something a client gets, read from a row or a value by its attributes."""

    model_config = ConfigDict(from_attributes=True)


class Paged(Sent):
    """How much of a list, and from where."""

    limit: int = Field(default=50, ge=1, le=200)
    cursor: str = Field(default="", max_length=400, description="`next` of the page before.")


class Page(Shown, Generic[T]):
    """Some of a list. `next` is the cursor of the following page, null at the end."""

    items: list[T]
    next: str | None = None


@dataclass(frozen=True)
class Listed:
    """What a handler of a list returns."""

    items: Sequence[Any]
    next: str | None = None


class Reason(Sent):
    """Why, for the record."""

    reason: str = Field(max_length=2000)


class MaybeReason(Sent):
    """Why, if there is something to say."""

    reason: str = Field(default="", max_length=2000)


class Versioned(Sent):
    """The version that was read, to be told of somebody else's change instead of overwriting it."""

    version: Version = None
