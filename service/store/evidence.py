"""Evidence and its links to cases: append, read back as sightings, move, find homes.

Evidence never changes; a link does when cases are merged or split. `origin_case_id` remembers where evidence was at home
before a merge, so that a merge can be taken back.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from sqlalchemy import func, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.signals import Assessment
from content.asking import READ, Asked
from content.case_states import CaseState
from content.cases import Case, CaseLink, Evidence
from content.sightings import ASKS_WITHIN, Sighting, SightingKind
from content.triage import NEWEST, OPEN, AtAddress, Home, Homes
from service.errors import Invalid
from service.store import items
from service.store.bulk import insert_rows, rows_hit

CHUNK: Final = 500  # names in one IN list
Remembered = dict[UUID, Sighting]  # evidence never changes, so what was read once stays right
COLUMNS: Final = (
    Evidence.id,
    Evidence.kind,
    Evidence.source_id,
    Evidence.authority,
    Evidence.title,
    func.substr(Evidence.text, 1, ASKS_WITHIN),
    Evidence.canonical_url,
    Evidence.seen_at,
    Evidence.assessment,
)


async def append(
    session: AsyncSession, rows: Sequence[Mapping[str, Any]], links: Sequence[Mapping[str, Any]]
) -> None:
    """Store evidence and the cases it belongs to."""
    await insert_rows(session, Evidence, rows)
    await insert_rows(session, CaseLink, links)


async def of_case(session: AsyncSession, case_id: UUID, limit: int = 500) -> list[Evidence]:
    """The whole evidence of a case, newest first."""
    query = (
        select(Evidence)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Evidence.id))
        .where(CaseLink.case_id == case_id)
        .order_by(col(Evidence.seen_at).desc(), col(Evidence.id))
        .limit(limit)
    )
    return list((await session.exec(query)).all())


async def sightings(
    session: AsyncSession, case_ids: Collection[UUID], remembered: Remembered | None = None
) -> dict[UUID, list[Sighting]]:
    """What triage and priority read of the evidence of these cases. What is `remembered` is not read again."""
    found: dict[UUID, list[Sighting]] = defaultdict(list)
    if not case_ids:
        return found
    linked = select(CaseLink.case_id, CaseLink.evidence_id).where(col(CaseLink.case_id).in_(case_ids))
    pairs = (await session.exec(linked)).all()
    known: Remembered = {} if remembered is None else remembered
    missing = [evidence_id for _, evidence_id in pairs if evidence_id not in known]
    for start in range(0, len(missing), CHUNK):
        query: Any = select(*COLUMNS).where(col(Evidence.id).in_(missing[start : start + CHUNK]))  # type: ignore[call-overload]
        known |= {row[0]: _sighting(*row) for row in (await session.exec(query)).all()}
    for case_id, evidence_id in pairs:
        found[case_id].append(known[evidence_id])
    return found


def _sighting(
    evidence_id: UUID,
    kind: str,
    source_id: UUID | None,
    authority: bool,
    title: str,
    text: str,
    url: str | None,
    seen_at: datetime,
    assessment: dict[str, Any] | None,
) -> Sighting:
    stated = assessment.get("stated") if assessment and kind == SightingKind.HAND else None
    return Sighting(
        id=evidence_id,
        kind=kind,
        source=str(source_id or evidence_id),
        seen_at=seen_at,
        authority=authority,
        title=title,
        text=text,
        url=url,
        assessment=Assessment.from_json(assessment) if assessment and stated is None else None,
        stated=stated,
    )


async def links(session: AsyncSession, case_id: UUID) -> list[CaseLink]:
    """Which evidence belongs to a case, and where each piece of it was at home."""
    return list((await session.exec(select(CaseLink).where(CaseLink.case_id == case_id))).all())


async def relink(
    session: AsyncSession,
    evidence_ids: Collection[UUID],
    source: UUID,
    target: UUID,
    now: datetime,
    origin: UUID | None = None,
) -> None:
    """Move evidence from one case to another; Invalid when some of it is not there. `origin` gives it a new home."""
    changes: dict[str, Any] = {"case_id": target, "linked_at": now}
    if origin is not None:
        changes["origin_case_id"] = origin
    statement = (
        update(CaseLink)
        .where(col(CaseLink.case_id) == source, col(CaseLink.evidence_id).in_(evidence_ids))
        .values(**changes)
    )
    if await rows_hit(session, statement) != len(set(evidence_ids)):
        raise Invalid("some of this evidence does not belong to the case", case=str(source))


async def homes(
    session: AsyncSession,
    evidence_ids: Collection[UUID],
    urls: Collection[str],
    stories: Collection[tuple[UUID, str]],
    case_ids: Collection[UUID] = (),
) -> Homes:
    """Where earlier sightings live now, with all cases (and `case_ids`) that placing new ones may need."""
    versions = await items.earlier_revisions(session, list(stories))
    by_id = await _cases_of(session, {*evidence_ids, *(item for item, _, _ in versions)})
    by_url = await _cases_at(session, urls)
    at_urls = {at.case for there in by_url.values() for at in there}
    by_story = {story_key(s, g): by_id[item] for item, s, g in versions if item in by_id}
    cases = await _homes(session, {*by_id.values(), *at_urls, *case_ids})
    return Homes(sightings=by_id, urls=by_url, stories=by_story, cases=cases)


def story_key(source_id: UUID, guid: str) -> str:
    """The identity of a story over all its revisions."""
    return f"{source_id}:{guid}"


async def _cases_of(session: AsyncSession, evidence_ids: Collection[UUID]) -> dict[UUID, UUID]:
    if not evidence_ids:
        return {}
    query = (
        select(CaseLink.evidence_id, CaseLink.case_id)
        .join(Case, col(Case.id) == col(CaseLink.case_id))
        .where(col(CaseLink.evidence_id).in_(evidence_ids), col(Case.exercise).is_(False))
    )
    return dict((await session.exec(query)).all())


async def _cases_at(session: AsyncSession, urls: Collection[str]) -> dict[str, tuple[AtAddress, ...]]:
    """The cases of the newest that had each address, the earliest first, with what they said.

    A link that everybody asks about has thousands: no more are read than are compared.
    """
    if not urls:
        return {}
    newest = (col(Evidence.seen_at).desc(), col(Evidence.id).desc())
    age = func.row_number().over(partition_by=col(Evidence.canonical_url), order_by=newest).label("age")
    said = func.substr(col(Evidence.title) + " " + col(Evidence.text), 1, READ)
    ranked = (
        select(Evidence.canonical_url, CaseLink.case_id, Evidence.kind, said.label("said"))
        .add_columns(age)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Evidence.id))
        .join(Case, col(Case.id) == col(CaseLink.case_id))
        .where(col(Evidence.canonical_url).in_(urls), col(Case.exercise).is_(False))
        .subquery()
    )
    of = ranked.c
    query = select(of.canonical_url, of.case_id, of.kind, of.said).where(of.age <= NEWEST)
    found: dict[str, list[AtAddress]] = defaultdict(list)
    for url, case, kind, text in (await session.exec(query.order_by(of.age.desc()))).all():
        found[str(url)].append(AtAddress(case, Asked(text, kind == SightingKind.TIP)))
    return {url: tuple(there) for url, there in found.items()}


async def _homes(session: AsyncSession, case_ids: set[UUID]) -> dict[UUID, Home]:
    followers = await _followers(session, case_ids)
    wanted = case_ids | set(followers.values())
    if not wanted:
        return {}
    size = select(CaseLink.case_id, func.count()).where(col(CaseLink.case_id).in_(wanted))
    sizes = dict((await session.exec(size.group_by(col(CaseLink.case_id)))).all())
    query = select(Case.id, Case.kind, Case.state).where(col(Case.id).in_(wanted))
    return {
        case: Home(case, kind, state, sizes.get(case, 0), followers.get(case))
        for case, kind, state in (await session.exec(query)).all()
    }


async def _followers(session: AsyncSession, case_ids: Collection[UUID]) -> dict[UUID, UUID]:
    """For each case the newest open case that follows it, also if the follower was merged into another."""
    found: dict[UUID, UUID] = {}
    if not case_ids:
        return found
    query = (
        select(Case)
        .where(col(Case.follows).in_(case_ids), col(Case.state).in_([*OPEN, CaseState.MERGED]))
        .order_by(col(Case.created_at))
    )
    for case in (await session.exec(query)).all():
        standing = case
        while standing.state == CaseState.MERGED and standing.merged_into is not None:
            into = await session.get(Case, standing.merged_into)
            if into is None:
                break
            standing = into
        if case.follows is not None and standing.state in OPEN and standing.id != case.follows:
            found[case.follows] = standing.id
    return found


@dataclass(frozen=True)
class Told:
    """The words of one piece of evidence, for comparing."""

    id: UUID
    title: str
    text: str
    seen_at: datetime


async def recent(session: AsyncSession, since: datetime, without: Collection[UUID], limit: int) -> list[Told]:
    """Evidence linked (or moved) since a moment, oldest first; with more than `limit`, the newest of it."""
    query = (
        select(CaseLink.evidence_id)
        .where(col(CaseLink.linked_at) >= since)
        .order_by(col(CaseLink.linked_at).desc())
        .limit(limit)
    )
    wanted = [found for found in (await session.exec(query)).all() if found not in without]
    told: list[Told] = []
    for start in range(0, len(wanted), CHUNK):
        words = select(Evidence.id, Evidence.title, Evidence.text, Evidence.seen_at).where(
            col(Evidence.id).in_(wanted[start : start + CHUNK])
        )
        told += [Told(*row) for row in (await session.exec(words)).all()]
    return sorted(told, key=lambda one: (one.seen_at, one.id))
