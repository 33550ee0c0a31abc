"""Pages that read a text out (听这篇), and warnings whose time runs out while they stand on the site."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from service.context import Context
from service.site.render import is_stale, render_all
from service.site.serving import Site
from service.store.engine import Database
from service.web.answers import Wish, answer
from tests.conftest import Clock
from tests.render.situations import STORM, corrected, publication, retracted
from tests.site.conftest import Publish, status, text

PAGES = ("/p/water2345678/listen", "/en/p/water2345678/listen")


def csp(site: Site, path: str, tag: str = "") -> str:
    stored = site.find(path)
    assert stored is not None
    found = answer(stored, Wish(if_none_match=tag), secure=True)
    assert found.status == (304 if tag else stored.status)
    return dict(found.headers)["Content-Security-Policy"]


async def test_a_text_has_a_page_for_the_ear_in_both_languages(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    for path in PAGES:
        page = text(site, path)
        assert 'data-say="袁州区三座水厂十一月十九日的四十二项检测全部合格' in page
        assert ">袁州区三座水厂11月19日的42项检测全部合格" in page
        assert "喝了会得癌" not in page
        assert '<meta name="robots" content="noindex">' in page
        assert 'hidden data-play="' in page, "without the script nobody sees buttons that do nothing"
        assert '<section id="own">' in page
        assert f'href="{path}"' in text(site, path.removesuffix("/listen"))
        assert "listen" not in text(site, "/sitemap.xml")
    assert "让手机自己读" in text(site, PAGES[0])
    assert "Let your phone read it" in text(site, PAGES[1])


async def test_only_these_pages_may_run_a_script_and_only_ours(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication(), retracted(public_id="gone23456789", sequence=7))
    await render_all(ctx, db)
    site.reload()
    script = site.assets.url("listen.js")
    assert site.find(script) is not None
    for path in site.manifest.entries:
        allowed = "script-src" in csp(site, path)
        assert allowed == (path in PAGES), path
        if path in PAGES:
            assert "script-src 'self';" in csp(site, path)
            assert text(site, path).count("<script") == 1
            assert f'<script type="module" src="{script}">' in text(site, path)
            stored = site.find(path)
            assert stored is not None
            assert "script-src 'self';" in csp(site, path, stored.etag("identity"))


async def test_a_correction_is_heard_and_a_withdrawal_leaves_nothing_to_hear(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    await publish(corrected())
    await render_all(ctx, db)
    for path in PAGES:
        assert "首次发布时把42项检测写成了24项" in text(site, path)
    await publish(retracted())
    await render_all(ctx, db)
    for path in PAGES:
        assert status(site, path) == 410
        assert "检测全部合格" not in text(site, path)
        assert "检测报告引用有误" in text(site, path)


@pytest.fixture
async def warned(clock: Clock, publish: Publish) -> datetime:
    """A relayed warning stands, for two hours from now; until when."""
    ends = clock.now + timedelta(hours=2)
    warning = (STORM.warning or {}) | {"expires": ends.isoformat()}
    body = STORM.model_copy(update={"warning": warning})
    await publish(publication(body, "warning", "storm3456789", 5, clock.now), publication())
    return ends


@pytest.mark.usefixtures("warned")
async def test_a_warning_says_by_itself_that_its_time_is_over(
    ctx: Context, db: Database, site: Site, clock: Clock
) -> None:
    lists = ("/", "/en/", "/region/360924", "/archive/1")
    pages = ("/p/storm3456789", "/en/p/storm3456789", "/p/storm3456789/listen")
    await render_all(ctx, db)
    site.reload()
    poster, script = (
        site.manifest.entries[f"/p/storm3456789/{name}"] for name in ("poster.png", "script.txt")
    )
    clock.move(minutes=119)
    assert not await is_stale(ctx, db, site.manifest)
    for path in (*lists, *pages):
        assert "已过期" not in text(site, path)
        assert "expired" not in text(site, path)
    clock.move(minutes=1)
    assert await is_stale(ctx, db, site.manifest)
    water = text(site, "/p/water2345678")
    await render_all(ctx, db)
    site.reload()
    assert not await is_stale(ctx, db, site.manifest)
    assert site.manifest.until is None
    for path in lists:
        assert ("Warning expired" if path == "/en/" else "预警已过期") in text(site, path), path
    assert "这条预警的有效期已经结束" in text(site, pages[0])
    assert "warning-box over" in text(site, pages[0])
    assert "This warning's time is over" in text(site, pages[1])
    assert "这条预警的有效期已经结束" in text(site, pages[2])
    assert "不要再播" in text(site, "/p/storm3456789/script.txt")
    assert site.manifest.entries["/p/storm3456789/poster.png"].object != poster.object
    assert site.manifest.entries["/p/storm3456789/script.txt"].object != script.object
    assert text(site, "/p/water2345678") == water


async def test_an_ended_warning_is_over_and_was_no_mistake(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    row = retracted(
        body=STORM, kind="warning", public_id="storm3456789", reason="宜丰县气象台已解除这条预警。"
    )
    row.snapshot = {**row.snapshot, "ended": True}
    await publish(row)
    await render_all(ctx, db)
    page = text(site, "/p/storm3456789")
    assert status(site, "/p/storm3456789") == 410
    assert "这条预警已经结束" in page
    assert "已经撤回" not in page
    assert "【已结束】" in text(site, "/feed.xml")
    assert "预警已结束" in text(site, "/corrections")
