"""The deadlines that hold now: the house's table with an administrator's changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.permissions import Actor
from expert_db.deadlines import TABLE, Table, from_setting
from service.context import Context
from service.store import audit
from service.store.tables import Setting

KEY: Final = "assignment.terms"


async def terms(s: AsyncSession) -> Table:
    """The table; the house's own when nothing was changed."""
    row = await s.get(Setting, KEY, populate_existing=True)
    return from_setting(row.value) if row else TABLE


async def set_terms(ctx: Context, s: AsyncSession, changes: Mapping[str, Any], by: Actor) -> Table:
    """Replace the changes: `{"incident": {"opinion": {"respond": 30}}}` in minutes. BadTerms when they make no sense."""
    permissions.require(by, "setting.edit")
    table = from_setting(changes)
    row = await s.get(Setting, KEY, populate_existing=True)
    before = dict(row.value) if row else None
    if row is None:
        s.add(Setting(key=KEY, value=dict(changes), updated_at=ctx.now()))
    else:
        row.value, row.updated_at, row.version = dict(changes), ctx.now(), row.version + 1
        s.add(row)
    await audit.record(ctx, s, by, "assignment.terms", "setting", KEY, before=before, after=dict(changes))
    return table
