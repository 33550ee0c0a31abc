"""The first text of a new piece, and what the house adds to a text by itself.

Does not invent: a claim comes from the case, a correction begins as what it corrects. Titles stay empty, since a case is
titled with the rumor.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from content.body import PieceBody, SourceRef
from content.cases import Case, CaseKind, Evidence
from content.holding import correction_note
from content.pieces import PieceKind
from content.publications import Publication

CLAIM = 500
SOURCES = 30  # as many as a body takes
LOCK_SECONDS = 120  # how long somebody counts as editing after the last sign of it


def first_body(kind: str, case: Case | None, evidence: Sequence[Evidence], base: PieceBody) -> PieceBody:
    """The first draft about a case; `base` is a prepared text, or an empty one."""
    if case is None:
        return base
    about: dict[str, Any] = {
        "topics": base.topics or tuple(case.topics[:14]),
        "hazard": base.hazard or case.hazard,
        "regions": base.regions or tuple(case.regions[:300]),
    }
    if kind in (PieceKind.REBUTTAL, PieceKind.HOLDING) and case.kind != CaseKind.QUESTION:
        about["claim"] = base.claim or case.title[:CLAIM]
        about["claim_first_seen"] = case.first_seen.date()
        seen_at = (usable(e.url) for e in evidence if not e.authority)
        about["claim_appearance"] = next(filter(None, seen_at), "")
    elif kind == PieceKind.EXPLAINER:
        about["question"] = base.question or (case.title[:CLAIM] if case.kind == CaseKind.QUESTION else "")
    return base.model_copy(update=about).tidied()


def official_sources(evidence: Sequence[Evidence]) -> tuple[SourceRef, ...]:
    """What an official source said of the case, as sources to start from, with what was seen and when."""
    return tuple(
        SourceRef(
            title=e.title[:300],
            url=usable(e.url),
            publisher=e.source_name[:200],
            retrieved_at=e.seen_at,
            excerpt=e.text[:2000],
            sha256=e.sha256,
        )
        for e in evidence
        if e.authority
    )[:SOURCES]


def usable(url: str | None) -> str:
    """An address that a text may carry, or nothing: feeds bring all sorts."""
    try:
        return SourceRef(title="", url=url or "").url
    except ValidationError:
        return ""


def correction_of(publication: Publication) -> PieceBody:
    """What stands there now, with the note to fill in instead of that of an earlier correction."""
    body = PieceBody.model_validate(publication.snapshot["body"])
    return body.model_copy(update={"correction_note": correction_note(str(publication.snapshot["kind"]))})


def with_times(body: PieceBody, before: PieceBody | None, now: datetime) -> PieceBody:
    """The body with a retrieval time at every source: the one it had in the revision before, else now."""
    known = {(s.title, s.url): s.retrieved_at for s in before.sources} if before else {}
    sources = tuple(
        s
        if s.retrieved_at
        else s.model_copy(update={"retrieved_at": known.get((s.title, s.url)) or now.replace(microsecond=0)})
        for s in body.sources
    )
    return body.model_copy(update={"sources": sources})


def lock_holder(locked_by: object, locked_at: datetime | None, now: datetime) -> object:
    """Who is editing now: the last one to show it, for two minutes; else None."""
    fresh = locked_at is not None and (now - locked_at).total_seconds() < LOCK_SECONDS
    return locked_by if fresh else None
