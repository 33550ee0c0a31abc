"""Once a day: has what comes in moved away from what the model knows? Kept for the desk's page of the model.

    the last seven days against the four weeks before, assessed by the model in use
    | classifiers.drift   score index, share of flags, unknown words, rising words, for each question
    `settings`, key `model.drift`, with the figures of earlier days

Says nothing to anybody by itself and changes no threshold.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers import drift, model_file
from classifiers.examples import YES_NO
from service.context import Context
from service.store import assessed, models
from service.store.engine import Database
from service.store.tables import Setting

KEY: Final = "model.drift"
DAY: Final = timedelta(days=1)
NOW: Final = timedelta(days=7)
BEFORE: Final = timedelta(days=28)
MOST: Final = 1_500  # texts of either time
LEAST: Final = 100  # texts of either time, below which nothing is said
KEPT: Final = 60  # days of history

Sample = Sequence[tuple[str, dict[str, float]]]


async def look(ctx: Context, db: Database) -> int:
    """Measure if the last time is a day ago; 1 when it was done."""
    now = ctx.now()
    async with db.read() as session:
        last = await read(session)
        if last and now - datetime.fromisoformat(last["at"]) < DAY:
            return 0
        newest = await assessed.newest(session)
        version = newest[0] if newest else ""
        before = await assessed.sample(session, version, now - NOW - BEFORE, now - NOW, MOST)
        lately = await assessed.sample(session, version, now - NOW, now, MOST)
    folder = models.current(ctx.settings.data_dir).folder or model_file.SHIPPED
    tasks = {}
    if min(len(before), len(lately)) >= LEAST:
        tasks = await asyncio.to_thread(_compare, before, lately, folder)
    history = [*(last or {}).get("history", []), _line(now, tasks)][-KEPT:]
    value = {
        "at": now.isoformat(),
        "model": version,
        "before": len(before),
        "now": len(lately),
        "tasks": tasks,
        "history": history,
    }
    async with db.write() as session:
        await _keep(session, value, now)
    return 1


def _compare(before: Sample, lately: Sample, folder: Any) -> dict[str, Any]:
    known, thresholds = model_file.words(folder), model_file.thresholds(folder)
    found: dict[str, Any] = {}
    for task in YES_NO:
        old, new = ([(text, scores[task]) for text, scores in one] for one in (before, lately))
        moved = drift.compare(old, new, known, thresholds.get(task, 0.5))
        found[task] = asdict(moved) | {"verdict": moved.verdict}
    return found


def _line(now: datetime, tasks: dict[str, Any]) -> dict[str, Any]:
    return {"at": now.isoformat(), **{task: round(found["score_index"], 4) for task, found in tasks.items()}}


async def read(session: AsyncSession) -> dict[str, Any] | None:
    """The newest figures, or None before the first day."""
    row = await session.get(Setting, KEY, populate_existing=True)
    return dict(row.value) if row else None


async def _keep(session: AsyncSession, value: dict[str, Any], now: datetime) -> None:
    row = await session.get(Setting, KEY, populate_existing=True)
    if row is None:
        session.add(Setting(key=KEY, value=value, updated_at=now))
    else:
        row.value, row.updated_at, row.version = value, now, row.version + 1
        session.add(row)
    await session.flush()
