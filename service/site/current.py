"""What holds now: the newest version of every page of the public. Exercises (演练) never come here."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.publications import Publication
from content.render.told import Told, told
from content.warnings import expires_at
from service.store.tables import Channel, Setting

BANNER_KEY = "site.banner"


@dataclass(frozen=True)
class Banner:
    """One line over every page while an incident lasts. `href` is a path of the site."""

    text: str = ""
    href: str = ""


@dataclass(frozen=True)
class Public:
    """Everything the site is made of. `pages` are newest first by first publication."""

    pages: tuple[Told, ...] = ()
    sequence: int = 0
    banner: Banner = field(default_factory=Banner)
    hubs: tuple[str, ...] = ()  # addresses of the WebSub hubs in use

    @property
    def standing(self) -> tuple[Told, ...]:
        """What has not been withdrawn."""
        return tuple(one for one in self.pages if not one.retracted)

    def next_lapse(self, now: datetime) -> datetime | None:
        """When the next relayed warning that stands here ends by its issuer's own words; None when none does."""
        ends = (expires_at({"warning": one.body.warning}) for one in self.standing)
        return min((end for end in ends if end is not None and end > now), default=None)

    @property
    def by_change(self) -> tuple[Told, ...]:
        """Newest change first, withdrawals included: the order of feeds."""
        return tuple(sorted(self.pages, key=lambda one: (one.issued_at, one.sequence), reverse=True))


async def newest_sequence(session: AsyncSession) -> int:
    """The number of the newest publication of the house, 0 when there is none. One index look-up."""
    found = (await session.exec(select(func.max(Publication.sequence)))).one()
    return int(found or 0)


async def load(session: AsyncSession, now: datetime) -> Public:
    """Read the newest version of every page, as it is to be told at `now`."""
    pages = sorted(
        await _newest(session, now), key=lambda one: (one.published_at, one.sequence), reverse=True
    )
    return Public(tuple(pages), await newest_sequence(session), await banner(session), await hubs(session))


async def hubs(session: AsyncSession) -> tuple[str, ...]:
    """The WebSub hubs that are pinged: who reads our feeds has to find them there."""
    used = select(col(Channel.url)).where(col(Channel.kind) == "websub", col(Channel.enabled).is_(True))
    return tuple(
        dict.fromkeys(url for url in (await session.exec(used.order_by(col(Channel.name)))).all() if url)
    )


async def some(session: AsyncSession, public_ids: Sequence[str], now: datetime) -> list[Told]:
    """The newest versions of these pages in this order, without exercises and withdrawals."""
    found = {one.public_id: one for one in await _newest(session, now, public_ids) if not one.retracted}
    return [found[id_] for id_ in public_ids if id_ in found]


async def gone(session: AsyncSession, public_id: str, now: datetime) -> Told | None:
    """The last word of a page that was withdrawn; None when it stands or never was."""
    return next((one for one in await _newest(session, now, [public_id]) if one.retracted), None)


async def _newest(
    session: AsyncSession, now: datetime, public_ids: Sequence[str] | None = None
) -> list[Told]:
    newest = (
        select(col(Publication.public_id), func.max(Publication.version).label("version"))
        .group_by(col(Publication.public_id))
        .subquery()
    )
    query = (
        select(Publication)
        .join(
            newest,
            (col(Publication.public_id) == newest.c.public_id)
            & (col(Publication.version) == newest.c.version),
        )
        .where(col(Publication.exercise).is_(False))
    )
    if public_ids is not None:
        query = query.where(col(Publication.public_id).in_(public_ids))
    rows = (await session.exec(query)).all()
    return await asyncio.to_thread(lambda: [told(row, now) for row in rows])  # a tenth of a millisecond each


async def banner_changed(session: AsyncSession) -> datetime | None:
    """When the line over every page was last set or taken away."""
    row = await session.get(Setting, BANNER_KEY)
    return row.updated_at if row else None


async def banner(session: AsyncSession) -> Banner:
    """The line over every page, empty when there is none."""
    row = await session.get(Setting, BANNER_KEY)
    value = row.value if row else {}
    href = str(value.get("href", ""))
    return Banner(
        str(value.get("text", "")), href if href.startswith("/") and not href.startswith("//") else ""
    )
