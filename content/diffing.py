"""What changed between two texts, field by field, for editors and for the public's list of corrections.

Compares sentence by sentence, then character by character inside short changed passages, so a long text costs little.
Does not say who changed it or why.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any, Literal

from content.body import PieceBody

SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?\n]+|[^。！？!?\n]+")
NOTED = frozenset({"retrieved_at", "sha256", "expert_id"})  # no words of the text
FINE = 600  # characters up to which a changed passage is compared character by character
Kind = Literal["same", "added", "removed"]


@dataclass(frozen=True)
class Span:
    """A stretch of text that is in both, only in the newer, or only in the older one."""

    kind: Kind
    text: str


@dataclass(frozen=True)
class FieldDiff:
    """One field that differs."""

    field: str
    spans: tuple[Span, ...]


def diff(before: PieceBody, after: PieceBody) -> tuple[FieldDiff, ...]:
    """All fields that differ, in the order of the form."""
    return tuple(
        FieldDiff(name, spans(_words(getattr(before, name)), _words(getattr(after, name))))
        for name in changed_fields(before, after)
    )


def changed_fields(before: PieceBody, after: PieceBody) -> list[str]:
    """Names of the fields that differ, in the order of the form."""
    return [name for name in PieceBody.model_fields if getattr(before, name) != getattr(after, name)]


def spans(before: str, after: str) -> tuple[Span, ...]:
    """The way from one text to the other. Joining same+removed gives `before`, same+added gives `after`."""
    old, new = SENTENCE.findall(before), SENTENCE.findall(after)
    found: list[Span] = []
    for tag, a0, a1, b0, b1 in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        left, right = "".join(old[a0:a1]), "".join(new[b0:b1])
        if tag == "equal":
            found.append(Span("same", left))
        elif tag == "replace" and len(left) <= FINE and len(right) <= FINE:
            found += _fine(left, right)
        else:
            found += _whole(left, right)
    return tuple(found)


def _fine(left: str, right: str) -> Iterator[Span]:
    matcher = SequenceMatcher(None, left, right, autojunk=False)
    if matcher.ratio() < 0.4:  # two different sentences: letters in common are chance
        yield from _whole(left, right)
        return
    for tag, a0, a1, b0, b1 in matcher.get_opcodes():
        if tag == "equal":
            yield Span("same", left[a0:a1])
        else:
            yield from _whole(left[a0:a1], right[b0:b1])


def _whole(left: str, right: str) -> Iterator[Span]:
    if left:
        yield Span("removed", left)
    if right:
        yield Span("added", right)


def _words(value: Any) -> str:
    """A field's value as lines of text, without what machines note about a source."""
    if isinstance(value, tuple):
        return "\n".join(_words(part) for part in value)
    if isinstance(value, dict):
        return "\n".join(f"{key}: {part}" for key, part in value.items())
    if hasattr(value, "model_dump"):
        return " · ".join(str(part) for part in value.model_dump(mode="json", exclude=NOTED).values() if part)
    return "" if value is None else str(value)
