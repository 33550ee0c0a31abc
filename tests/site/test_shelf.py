"""The shelf: whole before and after, whatever happens in between."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from service.context import Context
from service.site.render import render_all
from service.site.serving import Site
from service.site.shelf import Manifest, Shelf
from service.store.engine import Database
from tests.conftest import Clock
from tests.render.situations import corrected, publication
from tests.site.conftest import Publish, text

PROGRAM = """
import asyncio, sys
from pathlib import Path
from service import crash, keys, settings
from service.context import Context
from service.site.render import render_all
from service.store.engine import Database, make_engine

async def main():
    found = settings.load(data_dir=Path(sys.argv[1]))
    crash.arm(sys.argv[2])
    db = Database(make_engine(found.db_url))
    print(await render_all(Context(found, keys.load(found.data_dir)), db))
    await db.dispose()

asyncio.run(main())
"""


def a_process(ctx: Context, crash_at: str = "") -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", PROGRAM, str(ctx.settings.data_dir), crash_at]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def whole(site: Site) -> bool:
    site.reload()
    entries = site.manifest.entries.values()
    return bool(entries) and all(site.shelf.whole(entry) for entry in entries)


@pytest.mark.processes
@pytest.mark.parametrize("point", ["site.half_written:1", "site.after_write:1"])
async def test_after_kill_9_the_old_or_the_new_site_stands_whole(
    ctx: Context, db: Database, site: Site, publish: Publish, point: str
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    await publish(corrected())
    killed = a_process(ctx, point)
    await asyncio.to_thread(killed.communicate)
    assert killed.returncode == -signal.SIGKILL
    assert whole(site)
    new = "写成了24项" in text(site, "/p/water2345678")
    assert new == (point == "site.after_write:1")
    await render_all(ctx, db)
    assert whole(site)
    assert "写成了24项" in text(site, "/p/water2345678")


@pytest.mark.processes
async def test_several_processes_render_one_site_together(
    ctx: Context, db: Database, site: Site, publish: Publish
) -> None:
    await publish(publication())
    started = [a_process(ctx) for _ in range(3)]
    await publish(corrected())
    answers = [await asyncio.to_thread(process.communicate) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0], answers
    await render_all(ctx, db)
    assert whole(site)
    assert "写成了24项" in text(site, "/p/water2345678")


async def test_a_damaged_file_is_made_anew(ctx: Context, db: Database, site: Site, publish: Publish) -> None:
    await publish(publication())
    await render_all(ctx, db)
    good = text(site, "/p/water2345678")
    entry = site.manifest.entries["/p/water2345678"]
    (ctx.settings.site_dir / "objects" / entry.object[:2] / entry.object).write_bytes(b"")
    report = await render_all(ctx, db)
    assert report.made == 1
    assert text(site, "/p/water2345678") == good


async def test_a_full_disk_leaves_the_old_site_standing(
    ctx: Context, db: Database, site: Site, publish: Publish, monkeypatch: pytest.MonkeyPatch
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    before = text(site, "/")
    await publish(corrected())

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(os, "replace", full)
        with pytest.raises(OSError, match="No space"):
            await render_all(ctx, db)
    assert text(site, "/") == before
    assert not list(ctx.settings.site_dir.rglob(".new-*"))
    await render_all(ctx, db)
    assert "已更正" in text(site, "/")


async def test_only_old_nameless_objects_are_swept(
    ctx: Context, db: Database, clock: Clock, publish: Publish
) -> None:
    await publish(publication())
    await render_all(ctx, db)
    shelf = Shelf(ctx.settings.site_dir)
    young = shelf.keep(b"young", "text/plain", "", 200, clock.now)
    old = shelf.keep(b"old", "text/plain", "", 200, clock.now)
    path = ctx.settings.site_dir / "objects" / old.object[:2] / old.object
    now = path.stat().st_mtime
    os.utime(path, (now - 3600, now - 3600))
    assert shelf.sweep(now) == 1
    assert shelf.whole(young)
    assert not shelf.whole(old)
    assert all(shelf.whole(entry) for entry in shelf.manifest().entries.values())


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b'{"entries": {"/": {}}}'])
def test_a_manifest_that_cannot_be_read_is_an_empty_site(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "manifest.json").write_bytes(content)
    assert Shelf(tmp_path).manifest() == Manifest()


async def test_the_memory_of_the_site_is_bounded(ctx: Context, db: Database, publish: Publish) -> None:
    await publish(publication())
    await render_all(ctx, db)
    small = Site(ctx.settings.site_dir, keep_bytes=50_000)
    for path in small.manifest.entries:
        assert small.find(path) is not None
    assert small._bytes <= 50_000 + 200_000
