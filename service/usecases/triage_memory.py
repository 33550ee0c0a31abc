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

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.claims import Claim, ClaimIndex, ClaimMatch
from classifiers.duplicates import Story, StoryWindow
from content.cases import Case, CaseKind
from content.pieces import PieceKind
from content.publications import Publication, PublicationType
from content.sightings import Sighting, claims_in
from content.triage import CLAIMS, OPEN, Tie, TieKind
from service import heap
from service.store import evidence

REACH: Final = timedelta(days=7)
SLACK: Final = timedelta(minutes=2)  # clocks of several machines, transactions that commit late
MOST: Final = 50_000  # stories remembered
MOST_LOOKS: Final = 4_000  # pieces of evidence kept as priority reads them: some 2 KiB each
MUCH: Final = 1_000  # stories and publications taken in, after which freed memory is given back
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
        self._stories: dict[UUID, datetime] = {}  # what the window has seen, and when
        self._published = ClaimIndex()
        self._sequence = 0
        self._open = ClaimIndex()
        self._open_cases: set[UUID] = set()
        self._watermark: datetime | None = None
        self._untidy = 0
        self.looks: evidence.Remembered = {}

    async def refresh(self, session: AsyncSession, now: datetime) -> None:
        """Read what happened since the last time, by whatever process."""
        oldest = now - REACH
        since = oldest if self._watermark is None else self._watermark - SLACK
        self._prune(oldest)
        if len(self.looks) > MOST_LOOKS:
            self.looks.clear()
        told = await evidence.recent(session, since, self._stories.keys(), MOST)
        # A merge links old evidence anew; what lies too far back is not looked at again.
        stories = [one for one in told if one.seen_at >= oldest]
        news = await self._publications(session)
        titles = await self._open_titles(session)
        await asyncio.to_thread(self._learn, stories, news, titles)
        self._watermark = now

    def _learn(
        self, stories: Sequence[evidence.Told], news: Sequence[Publication], titles: Mapping[UUID, str]
    ) -> None:
        if stories:
            self._window.add([_story(one.id, one.title, one.text, one.seen_at) for one in stories])
            self._stories |= {one.id: one.seen_at for one in stories}
        for publication in news:
            self._sequence = publication.sequence
            self._published.remove(publication.public_id)
            if _answers(publication):
                self._published.add(_claim(publication))
        for closed in self._open_cases - titles.keys():
            self._open.remove(str(closed))
        for opened in titles.keys() - self._open_cases:
            self._open.add(Claim(str(opened), titles[opened]))
        self._open_cases = set(titles)
        self._tidy(len(stories) + len(news))

    def _prune(self, oldest: datetime) -> None:
        if len(self._stories) > MOST:
            self._stories = {story: at for story, at in self._stories.items() if at >= oldest}

    def _tidy(self, taken_in: int) -> None:
        """Give freed memory back now and then: what stories are taken apart into leaves holes between those kept."""
        self._untidy += taken_in
        if self._untidy > MUCH:
            self._untidy = 0
            heap.give_back()

    async def compare(self, sightings: Sequence[Sighting]) -> Comparison:
        """What these sightings resemble. They are remembered from now on."""
        return await asyncio.to_thread(self._compare, sightings)

    def _compare(self, sightings: Sequence[Sighting]) -> Comparison:
        ties: dict[UUID, list[Tie]] = defaultdict(list)
        stories = [_story(s.id, s.title, s.text, s.seen_at) for s in sightings if s.id not in self._stories]
        for link in self._window.add(stories):
            ties[UUID(link.id)].append(Tie(UUID(link.other), TieKind(link.kind), link.score))
        self._stories |= {s.id: s.seen_at for s in sightings}
        self._tidy(len(sightings))
        known = _surest(self._published, {s.id: claims_in(s) for s in sightings})
        claiming = {s.id: claims_in(s) for s in sightings if s.leaning in CLAIMS}
        for sighting, same in _surest(self._open, claiming).items():
            if same.score >= CLAIM_SURE:
                ties[sighting].append(Tie(UUID(same.id), TieKind.CLAIM, same.score))
        return Comparison(ties, known)

    async def _publications(self, session: AsyncSession) -> Sequence[Publication]:
        """What was published since the last time."""
        query = (
            select(Publication)
            .where(col(Publication.sequence) > self._sequence, col(Publication.exercise).is_(False))
            .order_by(col(Publication.sequence))
        )
        return (await session.exec(query)).all()

    async def _open_titles(self, session: AsyncSession) -> dict[UUID, str]:
        """The claims of open cases: their titles."""
        query = (
            select(Case.id, Case.title)
            .where(
                col(Case.state).in_(OPEN),
                col(Case.kind).in_([CaseKind.RUMOR, CaseKind.QUESTION]),
                col(Case.exercise).is_(False),
            )
            .order_by(col(Case.last_seen).desc())
            .limit(MOST_CLAIMS)
        )
        return dict((await session.exec(query)).all())


def _surest(index: ClaimIndex, claims: Mapping[UUID, Sequence[str]]) -> dict[UUID, ClaimMatch]:
    """For each sighting the best match of any of its texts, where there is one."""
    if not len(index):
        return {}
    texts = [(sighting, text) for sighting, some in claims.items() for text in some]
    best: dict[UUID, ClaimMatch] = {}
    for (sighting, _), match in zip(texts, index.known_all([text for _, text in texts]), strict=True):
        held = best.get(sighting)
        if match is not None and (held is None or (match.score, match.id) > (held.score, held.id)):
            best[sighting] = match
    return best


def _story(evidence_id: UUID, title: str, text: str, at: datetime) -> Story:
    return Story(str(evidence_id), f"{title}。{text}" if title else text, at)


def _answers(publication: Publication) -> bool:
    """Whether it says what is true: not a tombstone, and not that it is still being looked into (正在核实)."""
    holding = publication.snapshot.get("kind") == PieceKind.HOLDING
    return publication.type != PublicationType.RETRACT and not holding


def _claim(publication: Publication) -> Claim:
    body = publication.snapshot.get("body", {})
    claim = body.get("claim") or body.get("question") or body.get("title") or ""
    rest = " ".join(filter(None, (body.get("title"), body.get("fact"), body.get("answer"))))
    return Claim(publication.public_id, claim, rest, publication.published_at.date())
