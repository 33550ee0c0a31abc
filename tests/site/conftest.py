"""A site in a temporary folder, and a way to put publications into the database as `publish` would."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from content.publications import Publication
from service.context import Context
from service.site.serving import Site
from service.store.engine import Database

Publish = Callable[..., Awaitable[None]]


@pytest.fixture
def publish(db: Database) -> Publish:
    async def put(*publications: Publication) -> None:
        async with db.write() as session:
            session.add_all(publications)

    return put


@pytest.fixture
def site(ctx: Context) -> Site:
    return Site(ctx.settings.site_dir)


def text(site: Site, path: str) -> str:
    """What stands at an address, as text; the site is reloaded first."""
    site.reload()
    stored = site.find(path)
    assert stored is not None, f"nothing stands at {path}"
    return stored.bodies["identity"].decode()


def status(site: Site, path: str) -> int | None:
    """The status that an address answers with, None when nothing stands there."""
    site.reload()
    stored = site.find(path)
    return stored.status if stored else None
