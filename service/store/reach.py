"""Counts of what was read: added to in one statement a row, summed for the figures."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import func
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.reach import Reach, Read


async def add(session: AsyncSession, day: date, counts: Mapping[Read, int]) -> None:
    """Add these counts to a day; several processes may do so at the same time."""
    dialect = postgresql if session.get_bind().dialect.name == "postgresql" else sqlite
    rows = [
        {"day": day, "subject": read.subject, "way": read.way, "count": count}
        for read, count in sorted(counts.items(), key=lambda pair: (pair[0].subject, pair[0].way))
    ]
    if rows:
        one = dialect.insert(Reach)
        more = one.on_conflict_do_update(
            index_elements=["day", "subject", "way"],
            set_={"count": col(Reach.count) + one.excluded.count},
        )
        await (await session.connection()).execute(more, rows)


async def of_subjects(session: AsyncSession, subjects: Iterable[str]) -> Sequence[tuple[str, str, int]]:
    """Subject, way and count over all days."""
    query = (
        select(Reach.subject, Reach.way, func.sum(Reach.count))
        .where(col(Reach.subject).in_(list(subjects)))
        .group_by(Reach.subject, Reach.way)
    )
    return [(subject, way, int(count)) for subject, way, count in (await session.exec(query)).all()]


async def between(session: AsyncSession, first: date, last: date) -> Sequence[Reach]:
    """All rows of these days, both ends included."""
    query = select(Reach).where(col(Reach.day) >= first, col(Reach.day) <= last).order_by(col(Reach.day))
    return (await session.exec(query)).all()
