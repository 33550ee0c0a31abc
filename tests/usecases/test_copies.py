"""Copies of a text's sources: made when it goes out, on demand, and looked at again."""

from __future__ import annotations

from dataclasses import dataclass, field

import pytest

from content.body import SourceRef
from content.copies import Look
from content.errors import NotAllowed
from content.permissions import Actor
from service.context import Context
from service.errors import NotFound
from service.store import copies as store
from service.store.engine import Database
from service.store.tables import SourceCopy
from service.usecases import copies, pieces, publish
from tests.conftest import Clock
from tests.writing import REBUTTAL, corrected, published, written

URL = REBUTTAL.sources[0].url
SAYS = Look(
    sha256="a" * 64, landed=URL, media="text/html", text="今天三次检测，四十二项指标全部达标，没有停水安排。"
)


@dataclass
class Pages:
    """Stands in for the web: what each address says now, and who asked for it."""

    says: Look = SAYS
    asked: list[str] = field(default_factory=list)

    async def look(self, url: str, seconds: float = 1) -> Look:
        self.asked.append(url)
        return self.says


async def of(db: Database, public_id: str) -> list[SourceCopy]:
    async with db.read() as session:
        return list(await store.of_publication(session, public_id))


async def test_a_published_texts_sources_are_kept_with_hash_time_and_words(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, database, editor, issuer)
    clock.move(seconds=2)
    assert await copies.look_due(ctx, database, Pages()) == 1
    (copy,) = await of(database, told.public_id)
    assert (copy.url, copy.sha256, copy.text, copy.taken_at) == (URL, SAYS.sha256, SAYS.text, ctx.now())
    assert copy.settled
    assert await copies.look_due(ctx, database, Pages()) == 0
    async with database.read() as session:
        assert (await copies.kept(session, copy.id)).text == SAYS.text
        with pytest.raises(NotFound):
            await copies.kept(session, ctx.new_id())


async def test_the_sources_of_a_text_that_came_with_its_piece_are_looked_at_without_a_save(
    ctx: Context, database: Database, editor: Actor
) -> None:
    async with database.write() as session:
        await pieces.create(ctx, session, None, "rebuttal", editor, REBUTTAL)
    pages = Pages()
    assert await copies.look_due(ctx, database, pages) == 1
    assert pages.asked == [URL]


async def test_what_was_kept_stays_when_the_page_is_emptied_later_and_the_desk_sees_that(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, database, editor, issuer)
    await copies.look_due(ctx, database, Pages())
    kept_at = ctx.now()
    clock.move(days=7, seconds=1)
    assert await copies.look_due(ctx, database, Pages(Look(sha256="b" * 64, text="改版中"))) == 1
    clock.move(days=7, seconds=1)
    assert await copies.look_due(ctx, database, Pages(Look(fault="http_404"))) == 1
    (copy,) = await of(database, told.public_id)
    assert (copy.text, copy.taken_at) == (SAYS.text, kept_at)
    assert (copy.changed, copy.fault, copy.checked_at) == (True, "http_404", ctx.now())


async def test_a_source_that_is_down_stops_nothing_and_is_tried_again(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, database, editor, issuer)
    await copies.look_due(ctx, database, Pages(Look(fault="connect")))
    assert [c.fault for c in await of(database, told.public_id)] == ["connect"]
    clock.move(minutes=2)
    await copies.look_due(ctx, database, Pages())
    assert [(c.fault, c.sha256) for c in await of(database, told.public_id)] == [("", SAYS.sha256)]


async def test_a_correction_has_copies_of_its_own_and_the_replaced_texts_rest(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    told = await published(ctx, db, editor, issuer)
    await copies.look_due(ctx, db, Pages())
    await corrected(ctx, db, told.public_id, editor, issuer)
    await copies.look_due(ctx, db, Pages(Look(sha256="c" * 64, text="今天共检测四十三项指标，全部达标。")))
    assert sorted(c.sha256[0] for c in await of(db, told.public_id)) == ["a", "c"]
    clock.move(days=8)
    pages = Pages()
    assert await copies.look_due(ctx, db, pages) == 1  # the correction's; the first text is over


async def test_a_retracted_texts_sources_are_not_looked_at_any_more(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    told = await published(ctx, db, editor, issuer)
    async with db.write() as session:
        await publish.retract(ctx, session, told.public_id, "来源撤回了公告。", issuer)
    assert await copies.look_due(ctx, db, Pages()) == 0


async def test_an_editor_looks_at_the_sources_of_a_draft_and_is_told_what_is_wrong(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    piece, _ = await written(ctx, database, editor)
    with pytest.raises(NotAllowed):
        await copies.look_now(ctx, database, Pages(), piece.id, issuer)
    await copies.look_now(ctx, database, Pages(Look(fault="http_404")), piece.id, editor)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert [(p.code, p.severity, p.data["number"]) for p in page.problems if p.code == "dead_link"] == [
        ("dead_link", "should", 1)
    ]
    await copies.look_now(ctx, database, Pages(), piece.id, editor)
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert [p.code for p in page.problems if "link" in p.code] == []
    assert [c.text for c in page.copies] == [SAYS.text]


async def test_a_saved_text_has_its_new_sources_looked_at_once(
    ctx: Context, database: Database, editor: Actor
) -> None:
    piece, _ = await written(ctx, database, editor)
    pages = Pages()
    assert await copies.look_due(ctx, database, pages) == 1
    async with database.write() as session:
        await pieces.save(ctx, session, piece.id, REBUTTAL.model_copy(update={"why": "补充。"}), editor, 2)
    assert await copies.look_due(ctx, database, pages) == 0
    assert pages.asked == [URL]


async def test_when_the_network_is_down_the_rest_waits_instead_of_asking_one_after_the_other(
    ctx: Context, database: Database, editor: Actor, clock: Clock
) -> None:
    urls = [f"https://{number}.example.org/notice" for number in range(8)]
    sources = tuple(SourceRef(title="公告", url=url) for url in urls)
    await written(ctx, database, editor, REBUTTAL.model_copy(update={"sources": sources}))
    down, up = Pages(Look(fault="dns")), Pages()
    assert await copies.look_due(ctx, database, down) == 3
    assert await copies.look_due(ctx, database, down) == 0
    clock.move(minutes=10, seconds=1)
    assert await copies.look_due(ctx, database, up) == 5
    assert sorted(down.asked + up.asked) == urls
