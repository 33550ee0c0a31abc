"""How stories are cut into batches changes nothing about where they end."""

from __future__ import annotations

import shutil
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from sqlmodel import select

from content.cases import Case, CaseLink
from content.permissions import Actor
from service import keys, settings
from service.context import Context
from service.store import items
from service.store.engine import Database, make_engine
from service.usecases import triage
from service.usecases.item_rows import item_row
from service.usecases.triage import triage_pending
from tests.benchmarks.story_source import story as told
from tests.usecases.newsroom import ShippedAssessor, a_source, story
from tests.usecases.story_examples import FLOOD, FOOTBALL

SOURCES, EACH = 25, 20


def _mixed(source: int, number: int) -> tuple[str, str]:
    """Varied news, every fourth a copy of another source's, every fifth of one flood or one match."""
    if number % 4 == 3:
        return told(source // 2, number)
    if number % 5 == 4:
        title, text = FLOOD if number % 2 else FOOTBALL
        return title, f"{text}记者{source}在现场看到，{told(source, number)[1]}"
    return told(source, number)


async def _looks(db: Database) -> tuple[dict[UUID, UUID], dict[UUID, tuple[object, ...]]]:
    """Which evidence lies together, and how every case looks."""
    async with db.read() as session:
        links = (await session.exec(select(CaseLink.evidence_id, CaseLink.case_id))).all()
        cases = (
            await session.exec(
                select(Case.id, Case.title, Case.kind, Case.priority, Case.reasons, Case.sources, Case.state)  # type: ignore[call-overload]
            )
        ).all()
    return dict(links), {row[0]: tuple(row[1:]) for row in cases}


async def test_stories_placed_together_or_one_by_one_give_the_same_cases(
    ctx: Context, db: Database, editor: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(SOURCES):
        source = await a_source(ctx, db, editor, f"报纸{number}")
        rows = [
            item_row(
                story(*_mixed(number, at)),
                ctx.new_id(),
                source.id,
                1,
                ctx.now() + timedelta(seconds=SOURCES * at + number),
            )
            for at in range(EACH)
        ]
        async with db.write() as session:
            await items.append(session, rows)
    await db.dispose()
    folder = ctx.settings.data_dir.with_name("beside")
    shutil.copytree(ctx.settings.data_dir, folder)
    beside = replace(ctx, settings=settings.load(data_dir=folder), keys=keys.load(folder))
    single = Database(make_engine(beside.settings.db_url))
    # The rules alone: what counts as a claim is compared with open cases, and those of the same batch are not open yet.
    assessor = ShippedAssessor(rules_only=True)
    monkeypatch.setattr(triage, "BATCH", SOURCES * EACH)
    assert await triage_pending(ctx, db, assessor) == SOURCES * EACH
    monkeypatch.setattr(triage, "BATCH", 1)
    assert await triage_pending(beside, single, assessor) == SOURCES * EACH
    together, alone = await _looks(db), await _looks(single)
    await single.dispose()
    assert together == alone
    links, cases = together
    assert EACH < len(cases) < len(links)  # much was opened and something was joined
    assert set(links.values()) == set(cases)
