"""What a new piece begins with."""

from __future__ import annotations

from typing import Any

import pytest

from content.cases import Case, CaseKind, CaseLink, Evidence
from content.permissions import Actor
from service.context import Context
from service.errors import Invalid
from service.store.engine import Database
from service.usecases import pieces


async def a_case(ctx: Context, db: Database, kind: str = CaseKind.RUMOR, url: str | None = None) -> Case:
    """A case with a forwarded message and an official notice as evidence."""
    now = ctx.now()
    case = Case(
        id=ctx.new_id(), kind=kind, title="全市自来水有毒，明天起停水三天", hazard="environmental_pollution",
        regions=["360902"], topics=["health"], first_seen=now, last_seen=now, created_at=now, updated_at=now,
    )  # fmt: skip
    common: dict[str, Any] = {"kind": "item", "seen_at": now, "sha256": "a" * 64}
    seen = [
        Evidence(id=ctx.new_id(), source_name="本地论坛", url=url or "https://example.org/t/1", title="停水", text="转发：自来水有毒", **common),
        Evidence(id=ctx.new_id(), source_name="水务局", authority=True, url=url or "https://example.org/w", title="水质公告", text="四十二项达标", **common),
    ]  # fmt: skip
    links = [
        CaseLink(id=ctx.new_id(), case_id=case.id, evidence_id=e.id, origin_case_id=case.id, linked_at=now)
        for e in seen
    ]
    async with db.write() as session:
        session.add(case)
        session.add_all(seen)
        await session.flush()
        session.add_all(links)
    return case


async def test_a_rebuttal_begins_with_the_claim_and_official_sources_but_no_title(
    ctx: Context, database: Database, editor: Actor
) -> None:
    case = await a_case(ctx, database)
    async with database.write() as session:
        piece = await pieces.create(ctx, session, case.id, "rebuttal", editor)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert page.body.title == ""
    assert page.body.claim == case.title
    assert page.body.claim_appearance == "https://example.org/t/1"
    assert [(s.publisher, s.excerpt) for s in page.body.sources] == [("水务局", "四十二项达标")]
    assert page.body.hazard == "environmental_pollution"
    assert {p.field for p in page.problems if p.severity == "must"} == {"title", "verdict", "fact", "todo"}


async def test_an_explainer_begins_with_the_question_that_was_asked(
    ctx: Context, db: Database, editor: Actor
) -> None:
    case = await a_case(ctx, db, CaseKind.QUESTION)
    async with db.write() as session:
        piece = await pieces.create(ctx, session, case.id, "explainer", editor)
    async with db.read() as session:
        assert (await pieces.page(ctx, session, piece.id)).body.question == case.title


async def test_nobody_begins_an_official_warning_or_a_correction_by_hand(
    ctx: Context, db: Database, editor: Actor
) -> None:
    for kind in ("warning", "correction", "poem"):
        async with db.read() as session:
            with pytest.raises(Invalid):
                await pieces.create(ctx, session, None, kind, editor)


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://[", "https://example.org/" + "a" * 3000, "水务局网站"]
)
async def test_a_feeds_odd_address_keeps_nobody_from_writing(
    ctx: Context, db: Database, editor: Actor, url: str
) -> None:
    case = await a_case(ctx, db, url=url)
    async with db.write() as session:
        piece = await pieces.create(ctx, session, case.id, "rebuttal", editor)
    async with db.read() as session:
        body = (await pieces.page(ctx, session, piece.id)).body
    assert body.claim_appearance == ""
    assert [s.url for s in body.sources] == [""]
