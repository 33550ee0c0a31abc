"""The form of a piece, both ways: what an editor typed becomes a PieceBody, a PieceBody fills the form.

Empty source rows are dropped. Does not judge the text: `content.checks` does.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from multidict import MultiDict, MultiDictProxy

from content.body import PieceBody, SourceRef
from content.pieces import PieceKind
from content.warnings import ELEMENTS
from service.web.forms import validated

PLAIN = ("title", "claim", "fact", "why", "todo", "question", "answer", "summary", "scope", "correction_note")
CHOSEN = ("topics", "regions", "audiences")
SINGLE = ("verdict", "hazard", "valid_until", "review_on", "claim_first_seen")
SOURCE = ("title", "url", "publisher", "excerpt")
SPARE_ROWS = 2
PUBLIC_ID = re.compile(r"(?<![a-z0-9])[23456789abcdefghjkmnpqrstvwxyz]{12}(?![a-z0-9])")

FIELDS: dict[str, tuple[str, ...]] = {
    PieceKind.REBUTTAL: ("title", "claim", "verdict", "fact", "why", "todo", "summary"),
    PieceKind.EXPLAINER: ("title", "question", "answer", "todo", "summary"),
    PieceKind.HOLDING: ("title", "claim", "fact", "todo", "summary"),
    PieceKind.WARNING: ("todo", "summary"),  # the warning itself is its issuer's
}


def fields_of(kind: str, original: str | None, body: PieceBody) -> tuple[str, ...]:
    """The text fields of this kind's form, in the order of the page: the fact before the rumor."""
    if kind == PieceKind.CORRECTION:
        shape = original or (PieceKind.EXPLAINER if body.question else PieceKind.REBUTTAL)
        return ("correction_note", *FIELDS.get(shape, FIELDS[PieceKind.REBUTTAL]))
    return FIELDS.get(kind, FIELDS[PieceKind.REBUTTAL])


def read(fields: MultiDictProxy[str], base: PieceBody) -> PieceBody:
    """The body that the form says; what the form does not show stays as in `base`."""
    changes: dict[str, Any] = {name: _lines(fields[name]) for name in PLAIN if name in fields}
    changes |= {name: fields[name] or None for name in SINGLE if name in fields}
    if "choices" in fields:
        changes |= {name: tuple(dict.fromkeys(fields.getall(name, []))) for name in CHOSEN}
    if "earlier_shown" in fields:
        more = PUBLIC_ID.search(fields.get("earlier_more", ""))
        named = [*fields.getall("earlier", []), *((more[0],) if more else ())]
        changes["earlier"] = tuple(dict.fromkeys(named))[:20]
    if "source_title" in fields:
        changes["sources"] = _sources(fields, base)
    if base.warning is not None:
        filled = {n: _lines(fields[f"warning_{n}"]) for n in ELEMENTS if f"warning_{n}" in fields}
        changes["warning"] = base.warning | {name: words for name, words in filled.items() if words}
    return validated(PieceBody, base.model_dump() | changes)


def typed(kept: Mapping[str, Any]) -> MultiDictProxy[str]:
    """What the page's script kept while somebody typed, as the form would have sent it."""
    fields: MultiDict[str] = MultiDict()
    for name, value in kept.items():
        for one in value if isinstance(value, list) else [value]:
            if isinstance(one, str):
                fields.add(str(name), one)
    return MultiDictProxy(fields)


def _lines(text: str) -> str:
    return text.replace("\r\n", "\n").strip()


def _sources(fields: MultiDictProxy[str], base: PieceBody) -> list[dict[str, Any]]:
    columns = [fields.getall(f"source_{name}", []) for name in SOURCE]
    rows = [
        dict(zip(SOURCE, (_lines(part) for part in row), strict=True)) for row in zip(*columns, strict=False)
    ]
    known = {(s.title, s.url): s for s in base.sources}
    return [_with_past(row, known) for row in rows if any(row.values())]


def _with_past(row: dict[str, str], known: Mapping[tuple[str, str], SourceRef]) -> dict[str, Any]:
    """A source that was there before keeps the moment it was looked at and its snapshot."""
    past = known.get((row["title"], row["url"]))
    return (past.model_dump() if past else {}) | row


def source_rows(body: PieceBody) -> list[SourceRef]:
    """The sources and a few empty rows to fill in."""
    return [*body.sources, *(SourceRef(title="") for _ in range(SPARE_ROWS))]
