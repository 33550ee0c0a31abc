"""Answers to POSTs that carried an Idempotency-Key, one row a key.

lock   nobody else with this key goes on before this transaction ends   (SQLite: BEGIN IMMEDIATE holds already)
find   the answer given before, if any
keep   the answer of now, in the transaction of the act itself: both are there or neither is
"""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import text
from sqlmodel import col, delete, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.store.tables import IdempotencyKey

LIVES = timedelta(days=1)


async def lock(session: AsyncSession, user_id: UUID | None, key: str) -> None:
    """Wait for whoever else is at work with this key."""
    if session.get_bind().dialect.name == "postgresql":
        number = int.from_bytes(hashlib.sha256(f"{user_id}:{key}".encode()).digest()[:8], "big", signed=True)
        connection = await session.connection()
        await connection.execute(text("SELECT pg_advisory_xact_lock(:number)"), {"number": number})


async def find(session: AsyncSession, user_id: UUID | None, key: str, now: datetime) -> IdempotencyKey | None:
    """The row of this key while it holds; an older one is dropped."""
    same_user = (
        col(IdempotencyKey.user_id).is_(None) if user_id is None else col(IdempotencyKey.user_id) == user_id
    )
    wanted = (col(IdempotencyKey.key) == key, same_user)
    found = (await session.exec(select(IdempotencyKey).where(*wanted))).first()
    if found is not None and found.created_at + LIVES < now:
        await session.exec(delete(IdempotencyKey).where(*wanted))
        session.expunge(found)
        return None
    return found


async def keep(
    session: AsyncSession,
    row_id: UUID,
    user_id: UUID | None,
    key: str,
    request_sha256: str,
    status: int,
    answer: dict[str, Any],
    now: datetime,
) -> None:
    """Remember the answer."""
    session.add(
        IdempotencyKey(
            id=row_id,
            user_id=user_id,
            key=key,
            request_sha256=request_sha256,
            status=status,
            answer=answer,
            created_at=now,
        )
    )
    await session.flush()
