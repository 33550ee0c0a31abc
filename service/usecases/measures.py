"""The figures of a period: how fast claims were answered, what was corrected, whom and what it reached.

    versions of the period → one Track a page (version 1's time and deliveries, the newest version's body, its reads)
    tips of the period     → Demand
    counts of the days     → reads by kind of channel, and one Step a day or week

Reads only. A page counts in the period in which it was first published; what is opened counts on the day it is opened.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel.ext.asyncio.session import AsyncSession

from content import measures, periods
from content.body import PieceBody
from content.clocks import Tally
from content.delivery import Delivery
from content.measures import Demand, Measures, Step, Track, measure
from content.periods import Period
from content.permissions import Actor, require
from content.publications import Publication, PublicationType
from content.reach import FEEDS, Reach
from content.render.plain import cell
from service.context import Context
from service.store import measures as store
from service.store import reach as counts
from service.usecases import city_facts, clock_figures

PERIODS = (7, 30, 90, 365)
MOST = 3000
"""Versions that are looked at. `Report.cut` says when there are more; the oldest are then missing."""
TOP = 20


@dataclass(frozen=True)
class Report:
    """The figures of a period. `days` or `month` says how it was asked for; `reads` is by kind of channel ("" = none)."""

    period: Period
    days: int | None
    month: str | None
    cut: bool
    figures: Measures
    demand: Demand
    reads: Mapping[str, int]
    feeds: int
    steps: tuple[Step, ...]
    top: tuple[Track, ...]
    clocks: tuple[Tally, ...]


async def report(ctx: Context, session: AsyncSession, by: Actor, days: int = 30) -> Report:
    """The figures of the last `days` days, today included; a number that is no period becomes 30."""
    require(by, "desk.read")
    days = days if days in PERIODS else 30
    return await _report(ctx, session, periods.last_days(_today(ctx), days), days=days)


async def of_month(ctx: Context, session: AsyncSession, by: Actor, month: str = "") -> Report:
    """The figures of a month written like 2026-10; of the last one that is over when none is given. BadPeriod."""
    require(by, "desk.read")
    month = month or periods.month_before(_today(ctx))
    return await _report(ctx, session, periods.month(month, _today(ctx)), month=month)


def _today(ctx: Context) -> date:
    return ctx.now().astimezone(city_facts.zone(ctx)).date()


async def _report(
    ctx: Context, session: AsyncSession, period: Period, days: int | None = None, month: str | None = None
) -> Report:
    zone = city_facts.zone(ctx)
    since, until = period.begins(zone), period.ends(zone)
    rows = await store.versions(session, since, until, MOST)
    tracks = await _tracks(session, rows)
    opened = await counts.between(session, period.first, period.last)
    reads: Counter[str] = Counter()
    for row in opened:
        if row.subject != FEEDS:
            reads[row.way] += row.count
    published = Counter(track.published_at.astimezone(zone).date() for track in tracks)
    return Report(
        period,
        days,
        month,
        len(rows) == MOST,
        measure(tracks),
        measures.demand(await store.asked(session, since, until)),
        dict(reads.most_common()),
        sum(row.count for row in opened if row.subject == FEEDS),
        _steps(period, published, opened),
        measures.most_read(tracks, TOP),
        await clock_figures.of_period(ctx, session, since, until, rows),
    )


def _steps(period: Period, published: Mapping[date, int], opened: Sequence[Reach]) -> tuple[Step, ...]:
    reads: Counter[date] = Counter()
    for row in opened:
        if row.subject != FEEDS:
            reads[row.day] += row.count
    return tuple(
        Step(
            first,
            last,
            sum(count for day, count in published.items() if first <= day <= last),
            sum(count for day, count in reads.items() if first <= day <= last),
        )
        for first, last in period.steps()
    )


async def _tracks(session: AsyncSession, rows: Sequence[Publication]) -> list[Track]:
    pages: dict[str, list[Publication]] = defaultdict(list)
    for row in sorted(rows, key=lambda row: row.version):
        pages[row.public_id].append(row)
    cases = {row.case_id for row in rows if row.case_id}
    seen, claimed = await store.first_seen(session, cases), await store.claims(session, cases)
    asked = await store.demand(session, cases)
    experts = await store.asked_and_answered(session, cases)
    first = [page[0].approval_id for page in pages.values() if page[0].approval_id]
    approved = await store.approvals(session, first)
    confirmed: dict[str, list[Delivery]] = defaultdict(list)
    for delivery in await store.sent(
        session, [page[0].id for page in pages.values() if page[0].version == 1]
    ):
        confirmed[delivery.public_id].append(delivery)
    reads: dict[str, dict[str, int]] = defaultdict(dict)
    for subject, way, count in await counts.of_subjects(session, pages):
        reads[subject][way] = count
    tracks = []
    for public_id, page in pages.items():
        body, case = PieceBody.model_validate(page[-1].snapshot["body"]), page[0].case_id
        tracks.append(
            Track(
                public_id=public_id,
                published_at=page[0].published_at,
                first_seen=seen.get(case) if case else None,
                claimed_at=claimed.get(case) if case else None,
                asked_at=experts[case][0] if case in experts else None,
                answered_at=experts[case][1] if case in experts else None,
                approved_at=approved.get(page[0].approval_id) if page[0].approval_id else None,
                sent={one.channel_name: one.updated_at for one in confirmed[public_id]},
                corrections=sum(row.type == PublicationType.CORRECT for row in page),
                retracted=page[-1].type == PublicationType.RETRACT,
                regions=body.regions,
                audiences=body.audiences,
                hazard=body.hazard,
                title=body.title,
                asked=asked.get(case, 0) if case else 0,
                reads=reads[public_id],
            )
        )
    return tracks


def rows(found: Report) -> Iterator[tuple[str, ...]]:
    """The report as the lines of a table: group, name, channel, count, median and 90th percentile in seconds."""
    figures, asked = found.figures, found.demand
    yield ("group", "name", "channel", "count", "median_seconds", "p90_seconds")
    for name in ("pages", "corrected", "corrections", "retracted"):
        yield ("total", name, "", str(getattr(figures, name)), "", "")
    took = tuple("" if value is None else str(round(value)) for value in (asked.median, asked.p90))
    yield ("demand", "asked", "", str(asked.asked), "", "")
    yield ("demand", "answered", "", str(asked.answered), *took)
    for step in figures.durations:
        times = (str(step.count), str(round(step.median)), str(round(step.p90)))
        yield ("duration", f"{step.since}-{step.until}", cell(step.channel), *times)
    for group, counted in (
        ("county", figures.counties),
        ("audience", figures.audiences),
        ("hazard", figures.hazards),
    ):
        for code, count in counted.items():
            yield (group, code, "", str(count), "", "")
    for one in found.clocks:
        yield ("clock_met", one.clock.code, "", str(one.met), "", "")
        yield ("clock_missed", one.clock.code, "", str(one.missed), "", "")
    for way, count in found.reads.items():
        yield ("reads", "all", way, str(count), "", "")
    yield ("reads", "feeds", "", str(found.feeds), "", "")
    for track in found.top:
        for way, count in track.reads.items():
            yield ("reads", track.public_id, way, str(count), "", "")
