"""Write many rows of one table at once, past the ORM: about twenty times cheaper a row.

Rows are complete dictionaries; what is missing takes the column's default. Nothing is read back.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, UpdateBase, insert
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


async def insert_rows(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Mapping[str, Any]]
) -> None:
    """Insert `rows`, all with the same keys, in one statement. No rows, no statement."""
    if rows:
        await session.exec(insert(table_of(model)), params=[dict(row) for row in rows])


async def rows_hit(session: AsyncSession, statement: UpdateBase) -> int:
    """Execute an UPDATE or DELETE past the ORM; how many rows it hit. Loaded objects don't notice."""
    return (await session.exec(statement.execution_options(synchronize_session=False))).rowcount
