"""Sources: load, list, claim the due ones, write back what a poll led to.

A claim is a row count: two workers never poll one source at the same time, and a claim that is not given back ends by itself.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, or_, update
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.errors import Conflict, NotFound
from service.store.bulk import rows_hit, update_rows
from service.store.tables import Lease, Source

LOOK_AHEAD = 200


async def load(session: AsyncSession, source_id: UUID) -> Source:
    """The source as it is now, or NotFound."""
    found = await session.get(Source, source_id, populate_existing=True)
    if found is None:
        raise NotFound(source=str(source_id))
    return found


async def same(session: AsyncSession, canonical_url: str) -> Source | None:
    """The source at this canonical address, if there is one."""
    return (await session.exec(select(Source).where(Source.canonical_url == canonical_url))).first()


async def canonical_urls(session: AsyncSession) -> set[str]:
    """The canonical addresses of all sources."""
    return {url for url in (await session.exec(select(Source.canonical_url))).all() if url}


async def listing(session: AsyncSession, health: Collection[str] = ()) -> list[Source]:
    """All sources (or those of some health), by title."""
    query = select(Source).order_by(col(Source.title), col(Source.url))
    if health:
        query = query.where(col(Source.health).in_(health))
    return list((await session.exec(query)).all())


async def counts(session: AsyncSession) -> dict[str, int]:
    """How many enabled sources there are of each health."""
    query = select(Source.health, func.count()).where(col(Source.enabled)).group_by(Source.health)
    return dict((await session.exec(query)).all())


async def save(
    session: AsyncSession, source: Source, changes: Mapping[str, Any], version: int | None, now: datetime
) -> Source:
    """Write an editor's changes; Conflict when the source is no longer at `version` (or as it was loaded)."""
    held = source.version if version is None else version
    statement = (
        update(Source)
        .where(col(Source.id) == source.id, col(Source.version) == held)
        .values(**changes, version=held + 1, updated_at=now)
    )
    if await rows_hit(session, statement) != 1:
        raise Conflict(source=str(source.id))
    return await load(session, source.id)


async def due(session: AsyncSession, now: datetime, busy: Collection[str], limit: int) -> list[Source]:
    """Sources that want polling and nobody polls, longest due first, at most one a host and none of a `busy` one."""
    query = (
        select(Source)
        .where(
            col(Source.enabled),
            col(Source.next_poll) <= now,
            or_(col(Source.claimed_until).is_(None), col(Source.claimed_until) < now),
        )
        .order_by(col(Source.next_poll), col(Source.id))
        .limit(max(limit, LOOK_AHEAD))
    )
    if busy:
        query = query.where(col(Source.host).not_in(busy))
    first: dict[str, Source] = {}
    for source in (await session.exec(query)).all():
        first.setdefault(source.host, source)
    return list(first.values())[:limit]


async def claim(
    session: AsyncSession, source_ids: Collection[UUID], worker: str, now: datetime, until: datetime
) -> list[Source]:
    """Take these sources for this worker; those that nobody else was faster with, as they are now."""
    statement = (
        update(Source)
        .where(
            col(Source.id).in_(source_ids),
            col(Source.enabled),
            col(Source.next_poll) <= now,
            or_(col(Source.claimed_until).is_(None), col(Source.claimed_until) < now),
        )
        .values(claimed_by=worker, claimed_until=until)
        .returning(col(Source.id))
    )
    taken = (await session.exec(statement.execution_options(synchronize_session=False))).scalars().all()
    query = select(Source).where(col(Source.id).in_(taken)).execution_options(populate_existing=True)
    return list((await session.exec(query)).all()) if taken else []


async def held(session: AsyncSession, source_ids: Collection[UUID], worker: str) -> dict[UUID, int]:
    """Of these sources those that this worker still has, with how many stories they have brought; held still."""
    query = (
        select(Source.id, Source.items_seen)
        .where(col(Source.id).in_(source_ids), col(Source.claimed_by) == worker)
        .order_by(col(Source.id))  # one order for all, so that no two wait for one another
        .with_for_update()
    )
    return dict((await session.exec(query)).all())


async def finish(session: AsyncSession, changes: Sequence[Mapping[str, Any]]) -> None:
    """Write what polls of `held` sources led to (by id, all with the same columns), and give the sources back."""
    free = {"claimed_by": None, "claimed_until": None}
    await update_rows(session, Source, [{**one, **free} for one in changes])


async def give_back(session: AsyncSession, worker: str) -> int:
    """Free all sources that this worker has claimed."""
    statement = (
        update(Source).where(col(Source.claimed_by) == worker).values(claimed_by=None, claimed_until=None)
    )
    return await rows_hit(session, statement)


async def release_orphans(session: AsyncSession, now: datetime, own: str) -> int:
    """Free the sources whose worker has no live lease `worker:<name>`; `own` is alive by being here."""
    alive = select(Lease.name).where(col(Lease.until) > now, col(Lease.name).like("worker:%"))
    names = {name.removeprefix("worker:") for name in (await session.exec(alive)).all()} | {own}
    statement = (
        update(Source)
        .where(col(Source.claimed_by).is_not(None), col(Source.claimed_by).not_in(names))
        .values(claimed_by=None, claimed_until=None)
    )
    return await rows_hit(session, statement)
