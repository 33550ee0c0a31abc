"""The weights of matching that hold now, and learning them from the editors' choices. Off until somebody applies a lesson.

The setting `matching.weights` keeps every set of scales with its date, so that choices made under earlier ones can be read.
The named cases are the city's (`demo/expert_cases.jsonl` over `demo/experts.csv`), or files of one's own.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from typing import Final
from uuid import UUID, uuid5

from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor, require
from expert_db import importing, learning, named_cases, sheets
from expert_db.directory import Directory
from expert_db.experts import Expert
from expert_db.learning import Lesson, Scales
from expert_db.roster import profile_of
from expert_db.weights import Weights
from service.context import Context
from service.errors import Conflict, Invalid
from service.store import assignments as store
from service.store import audit
from service.store.tables import Setting
from service.usecases import city_facts

KEY: Final = "matching.weights"
EVER: Final = datetime.max.replace(tzinfo=UTC)
NAMESPACE: Final = UUID(int=0)
History = list[tuple[datetime, Scales]]


async def weights(s: AsyncSession) -> Weights:
    """What matching reckons with: the house's own weights until a lesson was applied."""
    return learning.scaled(learning.scales_at(await _history(s), EVER))


async def lesson(
    ctx: Context, s: AsyncSession, by: Actor, named: Path | None = None, directory: Path | None = None
) -> Lesson:
    """Learn from all choices so far and judge the result. Changes nothing."""
    require(by, "setting.edit")
    history = await _history(s)
    rows = await store.with_shortlist(s)
    read = (learning.choice_of(one, learning.scales_at(history, one.offered_at)) for one in rows)
    choices = [one for one in read if one is not None]
    return await asyncio.to_thread(_judged, ctx, choices, learning.scales_at(history, EVER), named, directory)


def _judged(
    ctx: Context, choices: list[learning.Choice], now: Scales, named: Path | None, directory: Path | None
) -> Lesson:
    learnt = learning.learn(choices)
    demo = ctx.settings.city_dir / "demo"
    people, questions = directory or demo / "experts.csv", named or demo / "expert_cases.jsonl"
    if not people.is_file() or not questions.is_file():
        return learning.judge(choices, now, learnt, None, None)
    cases = named_cases.read(questions.read_text("utf-8").splitlines(), ctx.now())
    known, zone = _directory(ctx, people), city_facts.zone(ctx)
    before, after = (
        named_cases.share_found(cases, known, zone, learning.scaled(scales)) for scales in (now, learnt)
    )
    return learning.judge(choices, now, learnt, before, after)


def _directory(ctx: Context, people: Path) -> Directory:
    """A directory out of a sheet, beside the stored one. Ids come from the names, so the order of equals is the same each time."""
    plan = importing.plan(sheets.read(people.read_bytes()), [], city_facts.regions(ctx))
    if plan.errors:
        raise Invalid(f"{people.name}: row {plan.errors[0].row}, {plan.errors[0].column}")
    moment = ctx.now()
    rows = [
        Expert(
            id=uuid5(NAMESPACE, f"{one.draft.name}|{one.draft.unit}"),
            **one.draft.columns(),
            created_at=moment,
            updated_at=moment,
        )
        for one in plan.planned
    ]
    return Directory(profile_of(row) for row in rows)


async def apply(ctx: Context, s: AsyncSession, lesson: Lesson, by: Actor) -> Weights:
    """Use what was learnt from now on. Conflict when the gate refused it."""
    require(by, "setting.edit")
    if lesson.refused:
        raise Conflict(f"refused: {', '.join(lesson.refused)}")
    return await _keep(ctx, s, lesson.scales, by)


async def put_back(ctx: Context, s: AsyncSession, by: Actor) -> Weights:
    """Reckon with the house's own weights again."""
    require(by, "setting.edit")
    return await _keep(ctx, s, {}, by)


async def _keep(ctx: Context, s: AsyncSession, scales: Scales, by: Actor) -> Weights:
    row = await s.get(Setting, KEY, populate_existing=True)
    line = {"since": ctx.now().isoformat(), "scales": dict(scales)}
    before = row.value["history"][-1]["scales"] if row else None
    if row is None:
        s.add(Setting(key=KEY, value={"history": [line]}, updated_at=ctx.now()))
    else:
        row.value, row.updated_at = {"history": [*row.value["history"], line]}, ctx.now()
        row.version += 1
        s.add(row)
    after = {"scales": dict(scales)}
    await audit.record(ctx, s, by, "matching.weights", "setting", KEY, before={"scales": before}, after=after)
    return learning.scaled(scales)


async def _history(s: AsyncSession) -> History:
    row = await s.get(Setting, KEY, populate_existing=True)
    lines = row.value["history"] if row else []
    return [(datetime.fromisoformat(one["since"]), one["scales"]) for one in lines]
