"""The figures of the last days: how fast claims were answered, what was corrected, whom and what the pages covered.

    versions of the period → one Track a page (version 1's time and deliveries, the newest version's body) → Measures

Reads only. A page counts in the period in which it was first published.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlmodel.ext.asyncio.session import AsyncSession

from content.body import PieceBody
from content.delivery import Delivery
from content.measures import Measures, Track, measure
from content.permissions import Actor, require
from content.publications import Publication, PublicationType
from content.render.plain import cell
from service.context import Context
from service.store import measures as store

PERIODS = (7, 30, 90, 365)
MOST = 3000
"""Versions that are looked at. `Report.cut` says when there are more; the oldest are then missing."""


@dataclass(frozen=True)
class Report:
    """The figures since a moment."""

    days: int
    since: datetime
    cut: bool
    figures: Measures


async def report(ctx: Context, session: AsyncSession, by: Actor, days: int = 30) -> Report:
    """The figures of the last `days` days; a number that is no period becomes 30."""
    require(by, "desk.read")
    days = days if days in PERIODS else 30
    since = ctx.now() - timedelta(days=days)
    rows = await store.versions(session, since, MOST)
    return Report(days, since, len(rows) == MOST, measure(await _tracks(session, rows)))


async def _tracks(session: AsyncSession, rows: Sequence[Publication]) -> list[Track]:
    pages: dict[str, list[Publication]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.version):
        pages[row.public_id].append(row)
    cases = {row.case_id for row in rows if row.case_id}
    seen, claimed = await store.first_seen(session, cases), await store.claims(session, cases)
    confirmed: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in await store.sent(
        session, [page[0].id for page in pages.values() if page[0].version == 1]
    ):
        confirmed[delivery.public_id].append(delivery)
    tracks = []
    for public_id, page in pages.items():
        body, case = PieceBody.model_validate(page[-1].snapshot["body"]), page[0].case_id
        tracks.append(
            Track(
                public_id=public_id,
                published_at=page[0].published_at,
                first_seen=seen.get(case) if case else None,
                claimed_at=claimed.get(case) if case else None,
                sent={one.channel_name: one.updated_at for one in confirmed[public_id]},
                corrections=sum(row.type == PublicationType.CORRECT for row in page),
                retracted=page[-1].type == PublicationType.RETRACT,
                regions=body.regions,
                audiences=body.audiences,
                hazard=body.hazard,
            )
        )
    return tracks


def rows(found: Report) -> Iterator[tuple[str, ...]]:
    """The report as the lines of a table: group, name, channel, count, median and 90th percentile in seconds."""
    figures = found.figures
    yield ("group", "name", "channel", "count", "median_seconds", "p90_seconds")
    for name in ("pages", "corrected", "corrections", "retracted"):
        yield ("total", name, "", str(getattr(figures, name)), "", "")
    for one in figures.durations:
        times = (str(one.count), str(round(one.median)), str(round(one.p90)))
        yield ("duration", f"{one.since}-{one.until}", cell(one.channel), *times)
    for group, counts in (
        ("county", figures.counties),
        ("audience", figures.audiences),
        ("hazard", figures.hazards),
    ):
        for code, count in counts.items():
            yield (group, code, "", str(count), "", "")
