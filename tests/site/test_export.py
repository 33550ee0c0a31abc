"""The site as plain files: complete, brought up to date in place, and nobody else's file is touched."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import brotli
import pytest

from service.context import Context
from service.site.export import LIST, export
from service.site.render import render_all
from service.site.serving import Site
from service.store.engine import Database
from tests.render.situations import LIGHTNING, corrected, publication, retracted
from tests.site.conftest import Publish


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "export"


async def test_every_page_has_its_file_and_the_compressed_ones_say_the_same(
    ctx: Context, db: Database, site: Site, publish: Publish, folder: Path
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    site.reload()
    export(site, folder)
    page = (folder / "p/water2345678/index.html").read_bytes()
    assert "42项检测全部合格".encode() in page
    assert gzip.decompress((folder / "p/water2345678/index.html.gz").read_bytes()) == page
    assert brotli.decompress((folder / "p/water2345678/index.html.br").read_bytes()) == page
    names = (
        "index.html",
        "en/index.html",
        "feed.xml",
        "404.html",
        ".well-known/security.txt",
        "p/water2345678/poster.png",
    )
    assert all((folder / name).is_file() for name in names)
    style = site.assets.url("public.css").removeprefix("/")
    assert (folder / style).is_file()


async def test_a_withdrawn_page_becomes_a_tombstone_and_leaves_its_old_place(
    ctx: Context, db: Database, site: Site, publish: Publish, folder: Path
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    site.reload()
    export(site, folder)
    await publish(corrected(), retracted())
    await render_all(ctx, db)
    site.reload()
    report = export(site, folder)
    assert report.removed > 0
    assert not (folder / "p/water2345678/index.html").exists()
    assert not (folder / "p/water2345678/poster.png").exists()
    assert "检测报告引用有误" in (folder / "gone/p/water2345678.html").read_text("utf-8")


async def test_exporting_again_writes_only_what_is_new_and_spares_other_files(
    ctx: Context, db: Database, site: Site, publish: Publish, folder: Path
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    site.reload()
    first = export(site, folder)
    (folder / "verify-owner.html").write_text("somebody else's")
    assert first.written == first.files
    assert export(site, folder).written == 0
    await publish(publication(LIGHTNING, "explainer", "thunder34567", 4))
    await render_all(ctx, db)
    site.reload()
    assert 0 < export(site, folder).written < first.files
    assert (folder / "verify-owner.html").read_text() == "somebody else's"


async def test_a_forged_list_leads_nobody_out_of_the_folder(
    ctx: Context, db: Database, site: Site, folder: Path, tmp_path: Path
) -> None:
    await render_all(ctx, db)
    site.reload()
    precious = tmp_path / "precious"
    precious.write_text("keep me")
    export(site, folder)
    (folder / LIST).write_text(json.dumps(["../precious", str(precious), 7]))
    export(site, folder)
    assert precious.read_text() == "keep me"
