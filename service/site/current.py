"""What holds now: the newest version of every page of the public. Exercises (演练) never come here."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.publications import Publication
from content.render.told import Told, told
from service.store.tables import Setting

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

    @property
    def standing(self) -> tuple[Told, ...]:
        """What has not been withdrawn."""
        return tuple(one for one in self.pages if not one.retracted)

    @property
    def by_change(self) -> tuple[Told, ...]:
        """Newest change first, withdrawals included: the order of feeds."""
        return tuple(sorted(self.pages, key=lambda one: (one.issued_at, one.sequence), reverse=True))


async def newest_sequence(session: AsyncSession) -> int:
    """The number of the newest publication of the house, 0 when there is none. One index look-up."""
    found = (await session.exec(select(func.max(Publication.sequence)))).one()
    return int(found or 0)


async def load(session: AsyncSession) -> Public:
    """Read the newest version of every page."""
    newest = (
        select(col(Publication.public_id), func.max(Publication.version).label("version"))
        .group_by(col(Publication.public_id))
        .subquery()
    )
    rows = await session.exec(
        select(Publication)
        .join(
            newest,
            (col(Publication.public_id) == newest.c.public_id)
            & (col(Publication.version) == newest.c.version),
        )
        .where(col(Publication.exercise).is_(False))
    )
    pages = sorted(
        (told(row) for row in rows), key=lambda one: (one.published_at, one.sequence), reverse=True
    )
    return Public(tuple(pages), await newest_sequence(session), await _banner(session))


async def _banner(session: AsyncSession) -> Banner:
    row = await session.get(Setting, BANNER_KEY)
    value = row.value if row else {}
    href = str(value.get("href", ""))
    return Banner(
        str(value.get("text", "")), href if href.startswith("/") and not href.startswith("//") else ""
    )
