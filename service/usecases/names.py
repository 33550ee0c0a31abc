"""How experts are called, for pages that list them by id."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from expert_db.experts import Expert


async def names_of(session: AsyncSession, expert_ids: Collection[UUID]) -> dict[UUID, str]:
    """Name by id; somebody who is gone is missing."""
    if not expert_ids:
        return {}
    rows = await session.exec(select(Expert.id, Expert.name).where(col(Expert.id).in_(expert_ids)))
    return dict(rows.all())
