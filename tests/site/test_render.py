"""From rows to the site: what is published stands there, whole, and nothing else does."""

from __future__ import annotations

from datetime import timedelta
from xml.etree.ElementTree import fromstring

import pytest
from sqlmodel import select

from service.context import Context
from service.site import current
from service.site.render import is_stale, render_all, render_publication
from service.site.serving import Site
from service.store.engine import Database
from service.store.tables import Channel, Setting
from tests.conftest import Clock
from tests.render.situations import FIRST, LIGHTNING, STORM, WATER, corrected, publication, retracted
from tests.site.conftest import Publish, status, text


async def test_a_publication_stands_in_all_its_shapes(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    await render_publication(ctx, db, "water2345678")
    page = text(site, "/p/water2345678")
    assert page.index("42项检测全部合格，供水没有中断") < page.index("喝了会得癌，赶紧囤水</blockquote>")
    assert '"@type":"ClaimReview"' in page
    assert "市水务局" in page
    assert "water2345678" in text(site, "/feed.xml")
    assert "water2345678" in text(site, "/atom.xml")
    assert "water2345678" in text(site, "/feed.json")
    assert "/p/water2345678" in text(site, "/")
    assert "/p/water2345678" in text(site, "/sitemap.xml")
    assert "四十二项" in text(site, "/p/water2345678/script.txt")
    poster = site.find("/p/water2345678/poster.png")
    assert poster is not None
    assert poster.bodies["identity"].startswith(b"\x89PNG")


async def test_a_publication_stands_on_the_pages_of_its_county_audience_and_topic(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    for group in ("/region/360902", "/for/elderly", "/topic/health"):
        assert "/p/water2345678" in text(site, group)
        assert "water2345678" in text(site, f"{group}/feed.xml")
        assert "/en/p/water2345678" in text(site, f"/en{group}")
    for other in ("/region/360981", "/for/teens", "/topic/space"):
        assert "/p/water2345678" not in text(site, other)


async def test_what_concerns_the_whole_city_stands_on_every_county_page(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication(WATER.model_copy(update={"regions": ("360900",)})))
    await render_all(ctx, db)
    assert "/p/water2345678" in text(site, "/region/360981")


async def test_rendering_again_makes_nothing(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication(), publication(LIGHTNING, "explainer", "thunder34567", 4))
    first = await render_all(ctx, db)
    site.reload()
    before = dict(site.manifest.entries)
    second = await render_all(ctx, db)
    site.reload()
    assert first.made == first.pages
    assert second.made == 0
    assert dict(site.manifest.entries) == before


async def test_a_new_publication_leaves_unrelated_pages_as_they_were(
    ctx: Context, db: Database, site: Site, publish: Publish, clock: Clock
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    site.reload()
    before = dict(site.manifest.entries)
    clock.move(minutes=5)
    await publish(publication(LIGHTNING, "explainer", "thunder34567", 4, FIRST + timedelta(hours=1)))
    await render_publication(ctx, db, "thunder34567")
    site.reload()
    after = site.manifest.entries
    for path in (
        "/p/water2345678",
        "/p/water2345678/poster.png",
        "/region/360902",
        "/methodology",
        "/topic/space/feed.xml",
    ):
        assert after[path] == before[path]
    for path in ("/", "/feed.xml", "/topic/weather"):
        assert after[path].object != before[path].object


async def test_a_correction_says_what_was_wrong_on_the_page_in_the_list_and_in_the_feeds(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    old = site.reload() and site.find("/p/water2345678")
    await publish(corrected())
    await render_publication(ctx, db, "water2345678")
    for path in ("/p/water2345678", "/corrections", "/feed.xml", "/corrections/feed.xml", "/en/corrections"):
        assert "写成了24项" in text(site, path)
    new = site.find("/p/water2345678")
    assert old
    assert new
    assert old.tag != new.tag


async def test_a_retraction_is_a_tombstone_not_a_hole(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication(), corrected(), retracted())
    await render_all(ctx, db)
    page = text(site, "/p/water2345678")
    assert status(site, "/p/water2345678") == 410
    assert "检测报告引用有误" in page
    assert "42项" not in page
    assert status(site, "/p/water2345678/poster.png") == 410
    assert "/p/water2345678" not in text(site, "/")
    assert "/p/water2345678" not in text(site, "/sitemap.xml")
    assert "检测报告引用有误" in text(site, "/corrections")
    assert "【撤回】" in text(site, "/feed.xml")


async def test_an_exercise_never_stands_on_the_site(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication(public_id="exercise2345", exercise=True))
    await render_publication(ctx, db, "exercise2345")
    site.reload()
    assert not [path for path in site.manifest.entries if "exercise2345" in path]
    for path, entry in site.manifest.entries.items():
        assert b"exercise2345" not in site.shelf.read(entry), path


async def test_a_warning_is_relayed_as_cap(ctx: Context, db: Database, site: Site, publish: Publish) -> None:
    await publish(publication(STORM, "warning", "storm3456789", 5))
    await render_all(ctx, db)
    assert "urn:oasis:names:tc:emergency:cap:1.2" in text(site, "/cap.xml")
    assert "宜丰县气象台" in text(site, "/p/storm3456789/cap.xml")
    page = text(site, "/p/storm3456789")
    assert "停止户外活动，低洼处和山边的群众立即转移。" in page
    assert "ClaimReview" not in page


async def test_old_pages_keep_their_shelf_when_new_ones_come(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    many = [
        publication(LIGHTNING, "explainer", f"many{n:08d}", n + 1, FIRST + timedelta(minutes=n))
        for n in range(65)
    ]
    await publish(*many)
    await render_all(ctx, db)
    assert text(site, "/").count('<article class="entry">') == 30
    assert "/archive/2" in text(site, "/"), "leads to the first page that is not shown yet"
    first = text(site, "/archive/1")
    assert "/p/many00000000" in first
    await publish(publication(LIGHTNING, "explainer", "newest345678", 90, FIRST + timedelta(days=1)))
    await render_publication(ctx, db, "newest345678")
    assert text(site, "/archive/1") == first
    assert "/p/newest345678" in text(site, "/archive/3")


async def test_a_banner_stands_on_every_page_while_it_is_set(ctx: Context, db: Database, site: Site) -> None:
    async with db.write() as session:
        session.add(
            Setting(
                key=current.BANNER_KEY, value={"text": "防汛应急响应", "href": "//evil"}, updated_at=ctx.now()
            )
        )
    await render_all(ctx, db)
    for path in ("/", "/methodology", "/en/privacy"):
        assert "防汛应急响应" in text(site, path)
        assert "evil" not in text(site, path)


async def test_a_hub_in_use_is_named_in_the_feeds_and_one_switched_off_is_not(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    hubs = [("甲", "https://hub.example.org/"), ("乙", "https://off.example.org/")]
    async with db.write() as session:
        session.add_all(
            Channel(
                id=ctx.new_id(), name=name, kind="websub", url=url, enabled=name == "甲",
                created_at=ctx.now(), updated_at=ctx.now(),
            )
            for name, url in hubs
        )  # fmt: skip
    await render_all(ctx, db)
    feed = fromstring(text(site, "/feed.xml").encode())
    links = [(link.get("rel"), link.get("href")) for link in feed.iter("{http://www.w3.org/2005/Atom}link")]
    assert ("hub", "https://hub.example.org/") in links
    assert "off.example.org" not in text(site, "/feed.xml")
    assert "hub.example.org" in text(site, "/feed.json")
    assert "hub.example.org" not in text(site, "/corrections/feed.xml")
    async with db.write() as session:
        for channel in (await session.exec(select(Channel).where(Channel.kind == "websub"))).all():
            channel.enabled = False
    await render_all(ctx, db)
    assert "hub.example.org" not in text(site, "/feed.xml")


async def test_the_site_knows_when_it_is_behind(
    ctx: Context, db: Database, site: Site, publish: Publish, clock: Clock
) -> None:
    assert await is_stale(ctx, db, site.manifest)
    await render_all(ctx, db)
    site.reload()
    assert not await is_stale(ctx, db, site.manifest)
    await publish(publication())
    assert await is_stale(ctx, db, site.manifest)
    await render_all(ctx, db)
    site.reload()
    assert not await is_stale(ctx, db, site.manifest)
    clock.move(days=2)
    assert await is_stale(ctx, db, site.manifest)


@pytest.mark.parametrize("order", [(1, 2), (2, 1)])
async def test_the_newest_version_is_what_holds_on_both_databases(
    database: Database, order: tuple[int, int]
) -> None:
    versions = {1: publication(), 2: corrected()}
    async with database.write() as session:
        for number in order:
            session.add(versions[number])
        session.add(publication(public_id="exercise2345", sequence=9, exercise=True))
    async with database.read() as session:
        public = await current.load(session, FIRST)
        assert (await session.exec(select(1))).one() == 1
    assert [(one.public_id, one.version) for one in public.pages] == [("water2345678", 2)]
    assert public.sequence == 9
