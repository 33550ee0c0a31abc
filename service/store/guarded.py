"""One statement that changes a row only if nobody else has: `UPDATE … WHERE id = … AND state = … AND version = …`.

Does not decide anything; the new values come from a pure rule.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from sqlalchemy import update
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

from service.errors import Conflict

Row = TypeVar("Row", bound=SQLModel)


async def update_guarded(session: AsyncSession, row: Row, guards: Sequence[str], **changes: Any) -> Row:
    """Change `row` if all `guards` columns are still as in `row`; Conflict when somebody was faster.

    The row must not have been changed in memory. It is read anew afterwards.
    """
    table: Any = type(row)
    same = [getattr(table, name) == getattr(row, name) for name in ("id", *guards)]
    statement = update(table).where(*same).values(**changes).execution_options(synchronize_session=False)
    await session.flush()
    result: Any = await (await session.connection()).execute(statement)
    if result.rowcount != 1:
        raise Conflict
    await session.refresh(row)
    return row
