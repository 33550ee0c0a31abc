"""What the triaging process keeps in memory: recent stories, published claims, and the claims of open cases.

    refresh   bring it up to what the database holds (all of it at first, then what was linked or published since)
    compare   what do these sightings resemble? copies, the same event, the same claim in an open case,
              and a publication that answers them already (to be suggested)

Nothing here is the truth: it is rebuilt from the database at start and whenever a batch did not commit. One process
triages at a time (the lease `triage`), so one memory is right.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from classifiers.duplicates import Story, StoryWindow
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.claims import Claim, ClaimIndex, ClaimMatch
from content.cases import Case, CaseKind
from content.publications import Publication, PublicationType
from content.sightings import Sighting, claims_in
from content.triage import CLAIMS, OPEN, Tie, TieKind
from service.store import evidence

REACH: Final = timedelta(days=7)
SLACK: Final = timedelta(minutes=2)  # clocks of several machines, transactions that commit late
MOST: Final = 50_000  # stories remembered
MOST_CLAIMS: Final = 2_000  # open cases compared with
CLAIM_SURE: Final = 0.8  # probability from which two open matters are one claim


@dataclass(frozen=True)
class Comparison:
    """What new sightings resemble: earlier sightings and open cases, and publications that answer them already."""

    ties: Mapping[UUID, Sequence[Tie]]
    known: Mapping[UUID, ClaimMatch]


class Memory:
    """One process's picture of the last days. Not for concurrent use; `triage_pending` holds `turn`."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.forget()

    def forget(self) -> None:
        """Start again from the database at the next refresh."""
        self._window = StoryWindow()
        self._stories: set[UUID] = set()
        self._published = ClaimIndex()
        self._sequence = 0
        self._open = ClaimIndex()
        self._open_cases: set[UUID] = set()
        self._watermark: datetime | None = None

    async def refresh(self, session: AsyncSession, now: datetime) -> None:
        """Read what happened since the last time, by whatever process."""
        since = now - REACH if self._watermark is None else self._watermark - SLACK
        found = await evidence.recent(session, since, self._stories, MOST)
        if found:
            await asyncio.to_thread(
                self._window.add, [_story(e.id, e.title, e.text, e.seen_at) for e in found]
            )
            self._stories |= {e.id for e in found}
        await self._read_publications(session)
        await self._read_open_cases(session)
        self._watermark = now

    async def compare(self, sightings: Sequence[Sighting]) -> Comparison:
        """What these sightings resemble. They are remembered from now on."""
        return await asyncio.to_thread(self._compare, sightings)

    def _compare(self, sightings: Sequence[Sighting]) -> Comparison:
        ties: dict[UUID, list[Tie]] = defaultdict(list)
        stories = [_story(s.id, s.title, s.text, s.seen_at) for s in sightings if s.id not in self._stories]
        for link in self._window.add(stories):
            ties[UUID(link.id)].append(Tie(UUID(link.other), TieKind(link.kind), link.score))
        self._stories |= {s.id for s in sightings}
        known = {}
        for sighting in sightings:
            claims = claims_in(sighting)
            if (answer := _surest(self._published, claims)) is not None:
                known[sighting.id] = answer
            same = _surest(self._open, claims) if sighting.leaning in CLAIMS else None
            if same is not None and same.score >= CLAIM_SURE:
                ties[sighting.id].append(Tie(UUID(same.id), TieKind.CLAIM, same.score))
        return Comparison(ties, known)

    async def _read_publications(self, session: AsyncSession) -> None:
        query = (
            select(Publication)
            .where(col(Publication.sequence) > self._sequence, col(Publication.exercise).is_(False))
            .order_by(col(Publication.sequence))
        )
        for publication in (await session.exec(query)).all():
            self._sequence = publication.sequence
            if publication.version > 1:
                self._published.remove(publication.public_id)
            if publication.type != PublicationType.RETRACT:
                self._published.add(_claim(publication))

    async def _read_open_cases(self, session: AsyncSession) -> None:
        """The claims of open cases, one each: the evidence that the case began with."""
        query = (
            select(Case.id, Case.title)
            .where(col(Case.state).in_(OPEN), col(Case.kind).in_([CaseKind.RUMOR, CaseKind.QUESTION]))
            .order_by(col(Case.last_seen).desc())
            .limit(MOST_CLAIMS)
        )
        titles = dict((await session.exec(query)).all())
        for closed in self._open_cases - titles.keys():
            self._open.remove(str(closed))
        for opened in titles.keys() - self._open_cases:
            self._open.add(Claim(str(opened), titles[opened]))
        self._open_cases = set(titles)


def _surest(index: ClaimIndex, claims: Sequence[str]) -> ClaimMatch | None:
    """The best match of any of these texts, or None."""
    found = [match for claim in claims if (match := index.known(claim)) is not None]
    return max(found, key=lambda match: (match.score, match.id), default=None)


def _story(evidence_id: UUID, title: str, text: str, at: datetime) -> Story:
    return Story(str(evidence_id), f"{title}。{text}" if title else text, at)


def _claim(publication: Publication) -> Claim:
    body = publication.snapshot.get("body", {})
    claim = body.get("claim") or body.get("question") or body.get("title") or ""
    rest = " ".join(filter(None, (body.get("title"), body.get("fact"), body.get("answer"))))
    return Claim(publication.public_id, claim, rest, publication.published_at.date())
