"""What a revision says. A value: validated, frozen, with one canonical JSON and so one sha256."""

from __future__ import annotations

import hashlib
import json
import re
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, AnyUrl, BaseModel, ConfigDict, Field, field_validator

Verdict = Literal["false", "misleading", "out_of_context", "unproven", "true"]

CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def _http_only(url: str) -> str:
    if url and not url.startswith(("http://", "https://")):
        raise ValueError("only http and https addresses")
    if url:
        AnyUrl(url)
    return url


HttpUrl = Annotated[str, Field(max_length=2000), AfterValidator(_http_only)]


class Said(BaseModel):
    """A frozen value of words: trimmed, and without control characters that no reader sees and no store takes."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    @field_validator("*", mode="before")
    @classmethod
    def _visible(cls, value: Any) -> Any:
        return CONTROL.sub("", value) if isinstance(value, str) else value


class SourceRef(Said):
    """A public source that the text stands on, with the moment somebody looked at it."""

    title: str = Field(max_length=300)
    url: HttpUrl = ""
    publisher: str = Field(default="", max_length=200)
    retrieved_at: datetime | None = None
    excerpt: str = Field(default="", max_length=2000)
    sha256: str = Field(default="", max_length=64)


class Credit(Said):
    """An expert named in public, with the consent that allows it."""

    name: str = Field(max_length=100)
    title: str = Field(default="", max_length=200)
    unit: str = Field(default="", max_length=200)
    expert_id: str = Field(default="", max_length=40)


class PieceBody(Said):
    """All that a piece tells the public. Which fields must be filled depends on the kind; `content.checks` says."""

    title: str = Field(default="", max_length=120)  # states the fact, never the rumor
    claim: str = Field(default="", max_length=500)  # the sentence that goes round
    verdict: Verdict | None = None
    fact: str = Field(default="", max_length=4000)  # what is true, first
    why: str = Field(default="", max_length=8000)  # how we know
    todo: str = Field(default="", max_length=4000)  # what to do
    question: str = Field(default="", max_length=500)  # explainers
    answer: str = Field(default="", max_length=20000)
    summary: str = Field(default="", max_length=300)
    sources: tuple[SourceRef, ...] = Field(default=(), max_length=30)
    credits: tuple[Credit, ...] = Field(default=(), max_length=10)
    topics: tuple[str, ...] = Field(default=(), max_length=14)
    hazard: str | None = Field(default=None, max_length=32)
    regions: tuple[str, ...] = Field(default=(), max_length=300)
    audiences: tuple[str, ...] = Field(default=(), max_length=6)
    correction_note: str = Field(
        default="", max_length=2000
    )  # corrections: what was wrong, told to the public
    earlier: tuple[str, ...] = Field(
        default=(), max_length=20
    )  # public ids: the same rumor before (旧谣新传)
    claim_first_seen: date | None = None
    claim_appearance: HttpUrl = ""
    scope: str = Field(default="", max_length=300)  # where and until when this holds, in words
    valid_until: date | None = None
    review_on: date | None = None
    warning: dict[str, str] | None = None  # the eight elements of a relayed warning, verbatim
    language: str = Field(default="zh-CN", max_length=16)

    def tidied(self) -> PieceBody:
        """The same text as it will be read back from the store; `model_copy` alone validates nothing."""
        return PieceBody.model_validate(self.model_dump())

    def canonical(self) -> bytes:
        """The one serialisation that is hashed: sorted keys, no spaces, UTF-8."""
        return canonical_json(self.model_dump(mode="json"))

    def sha256(self) -> str:
        """Hex digest of `canonical()`: what an approval binds to."""
        return hashlib.sha256(self.canonical()).hexdigest()


def canonical_json(value: Any) -> bytes:
    """Deterministic JSON of plain values."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()
