"""The everyday gear's calendar (平时日历): what is coming, what is prepared for it, and a plan that begins the work.

    agenda   days and seasons ahead, with prepared texts, what is planned, reviews that fall due, scheduled pieces
    plan     a campaign → a case of its own (for experts and pieces) and drafts from the chosen texts
    file     the same as a calendar file

Decides nothing about texts: a draft made here goes through the same checks and the same second person as any other.
"""

from __future__ import annotations

import asyncio
import tomllib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from yarl import URL

from content import campaigns
from content.campaigns import Campaign, Occurrence
from content.cases import Case, CaseKind
from content.permissions import Actor, require
from content.pieces import Piece, PieceKind
from content.prepared import Prepared, all_texts
from content.render.ics import Event, calendar
from service.context import Context
from service.errors import BadSetting, Invalid, NotFound
from service.store import agenda as store
from service.store import audit
from service.usecases import cases, city_facts, pieces

HORIZONS: Final = (60, 180, 366)  # days
TEXTS: Final = 12


@dataclass(frozen=True)
class Entry:
    """One campaign ahead. `case` and `pieces` are what was planned; `texts` fit its hazards, or else its topics."""

    occurrence: Occurrence
    standing: str
    texts: Sequence[Prepared]
    case: Case | None
    pieces: Sequence[Piece]


@dataclass(frozen=True)
class Agenda:
    """What is ahead, and the day from which it is seen."""

    today: date
    days: int
    entries: Sequence[Entry]
    reviews: Sequence[Piece]
    scheduled: Sequence[Piece]


async def agenda(ctx: Context, s: AsyncSession, by: Actor, days: int = HORIZONS[0]) -> Agenda:
    """What lasts or begins within so many days; a number that is no horizon becomes the shortest."""
    require(by, "desk.read")
    days = days if days in HORIZONS else HORIZONS[0]
    today = _today(ctx)
    ahead = campaigns.coming(_city(ctx.settings.city_dir), today, days)
    plans = await store.plans(s, {one.key for one in ahead})
    planned = {key: UUID(plan["case"]) for key, plan in plans.items()}
    known = await store.cases(s, set(planned.values()))
    written = await store.of_cases(s, set(planned.values()))
    stock = await asyncio.to_thread(all_texts)
    entries = []
    for one in ahead:
        case = known.get(planned[one.key]) if one.key in planned else None
        mine = [piece for piece in written if case and piece.case_id == case.id]
        entries.append(Entry(one, one.standing(today), _fitting(one.campaign, stock), case, mine))
    until = ctx.now() + timedelta(days=days)
    return Agenda(today, days, entries, await store.to_review(s, until), await store.scheduled(s, until))


def _fitting(campaign: Campaign, stock: Sequence[Prepared]) -> list[Prepared]:
    """Texts of its hazards in the order it names them; when it names none, texts of its topics. Explainers first."""
    if campaign.hazards:
        found = [one for one in stock if one.body.hazard in campaign.hazards]
        found.sort(key=lambda one: (one.kind != PieceKind.EXPLAINER, _place(campaign, one), one.id))
    else:
        found = [one for one in stock if set(one.body.topics) & set(campaign.topics)]
        found.sort(key=lambda one: (one.kind != PieceKind.EXPLAINER, one.id))
    return found[:TEXTS]


def _place(campaign: Campaign, text: Prepared) -> int:
    return campaign.hazards.index(text.body.hazard or "")


async def plan(ctx: Context, s: AsyncSession, key: str, names: Collection[str], by: Actor) -> Case:
    """Begin to prepare: the campaign's case, made once, and a draft from each chosen text that has none there yet."""
    require(by, "piece.write")
    one = _occurrence(ctx, key)
    held = (await store.plans(s, [key])).get(key)
    case = (await store.cases(s, {UUID(held["case"])})).get(UUID(held["case"])) if held else None
    if case is None:
        case = await cases.open_by_hand(ctx, s, _title(one), CaseKind.NEWS, _note(one), by)
        case = await cases.claim(ctx, s, case.id, by)
        await store.keep(s, key, {"case": str(case.id)}, ctx.now())
    texts = {text.id: text for text in await asyncio.to_thread(all_texts)}
    if strange := set(names) - texts.keys():
        raise Invalid(f"there is no prepared text called {sorted(strange)[0][:60]}")
    begun = {piece.title for piece in await store.of_cases(s, {case.id})}
    chosen = [texts[name] for name in dict.fromkeys(names) if texts[name].body.title not in begun]
    for text in chosen:
        await pieces.create(ctx, s, case.id, text.kind, by, text.body)
    after = {"campaign": key, "case": str(case.id), "drafts": len(chosen)}
    await audit.record(ctx, s, by, "calendar.plan", "case", case.id, after=after)
    return case


def _occurrence(ctx: Context, key: str) -> Occurrence:
    ahead = campaigns.coming(_city(ctx.settings.city_dir), _today(ctx), HORIZONS[-1])
    found = next((one for one in ahead if one.key == key), None)
    if found is None:
        raise NotFound(campaign=key[:60])
    return found


def _title(one: Occurrence) -> str:
    return f"{one.campaign.name}（{one.first.year}年）科普准备"


def _note(one: Occurrence) -> str:
    when = f"{one.first:%Y-%m-%d}" + (f" 至 {one.last:%Y-%m-%d}" if one.last != one.first else "")
    return f"{one.campaign.name}，{when}。{one.campaign.source}。"


async def file(ctx: Context, s: AsyncSession, by: Actor, locale: str = "zh") -> bytes:
    """A year ahead as a calendar file: campaigns, reviews, scheduled pieces."""
    found = await agenda(ctx, s, by, HORIZONS[-1])
    base = ctx.settings.public_url
    events = [_campaign_event(entry.occurrence, base, locale) for entry in found.entries]
    for piece in found.reviews:
        assert piece.review_due is not None  # it was asked for by this
        events.append(_piece_event(ctx, piece, piece.review_due, "复核" if locale == "zh" else "Review"))
    for piece in found.scheduled:
        assert piece.publish_at is not None
        events.append(_piece_event(ctx, piece, piece.publish_at, "发布" if locale == "zh" else "Publish"))
    return calendar("清源" if locale == "zh" else "Qingyuan", URL(base).host or "qingyuan", events, ctx.now())


def _campaign_event(one: Occurrence, base: str, locale: str) -> Event:
    title = one.campaign.en if locale == "en" else one.campaign.name
    doubt = (
        ("（日期以公布为准）", " (date to be announced)")[locale == "en"] if one.campaign.announced else ""
    )
    return Event(one.key, one.first, one.last, title + doubt, one.campaign.source, f"{base}/desk/calendar")


def _piece_event(ctx: Context, piece: Piece, at: datetime, what: str) -> Event:
    day = at.astimezone(city_facts.zone(ctx)).date()
    url = f"{ctx.settings.public_url}/desk/pieces/{piece.id}"
    return Event(f"{piece.id}.{at:%Y%m%d}", day, day, f"{what}：{piece.title}", "", url)


def _today(ctx: Context) -> date:
    return ctx.now().astimezone(city_facts.zone(ctx)).date()


@cache
def _city(folder: Path) -> tuple[Campaign, ...]:
    path = folder / "calendar.toml"
    if not path.exists():
        return ()  # a city may do without
    try:
        return campaigns.parse(tomllib.loads(path.read_text("utf-8")).get("day", ()))
    except ValueError as error:
        raise BadSetting(f"CITY: {folder.name}: {error}") from None
