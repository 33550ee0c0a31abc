"""The directory as a spreadsheet: preview of an import, the import itself, exports.

    bytes → preview (nothing changes; every error with row and column) → the same bytes and the preview's digest → applied whole

Contact data leaves masked. Opened, it leaves only when a second person agrees: `ask_export`, then `release_export` by somebody else.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final, Literal
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.errors import SelfApproval
from content.permissions import Actor
from expert_db import importing, sheets
from expert_db.drafts import draft_of
from expert_db.errors import BadSheet, MissingReason
from expert_db.experts import Expert
from expert_db.importing import Existing, Planned, Preview
from expert_db.privacy import Contact, without_contact
from expert_db.sheet_columns import COLUMNS
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import audit
from service.store import experts as store
from service.store.notify import announce
from service.store.tables import Setting
from service.usecases import expert_rows
from service.usecases.case_acts import name_of
from service.usecases.city_facts import regions

Format = Literal["csv", "xlsx"]
EXPORT_HOLDS: Final = timedelta(hours=24)
_EXPORT: Final = "expert_export:"


@dataclass(frozen=True)
class ImportReport:
    """What an import did."""

    added: int
    changed: int
    unchanged: int


async def import_preview(ctx: Context, s: AsyncSession, data: bytes, by: Actor) -> Preview:
    """What importing this file would do. Changes nothing. BadSheet when it is no table with a column of names."""
    permissions.require(by, "expert.edit")
    return await _plan(ctx, s, data)


async def import_apply(
    ctx: Context, s: AsyncSession, data: bytes, by: Actor, digest: str | None = None
) -> ImportReport:
    """Import the file, all of it or nothing: BadSheet with any error in it, Conflict when the plan is not `digest` any more."""
    permissions.require(by, "expert.edit")
    preview = await _plan(ctx, s, data)
    if preview.errors:
        first = preview.errors[0]
        raise BadSheet(
            code="rows", errors=len(preview.errors), row=first.row, column=first.column, why=first.code
        )
    if digest is not None and digest != preview.digest:
        raise Conflict(subject="experts")
    for planned in preview.planned:
        await _apply(ctx, s, planned, by)
    report = ImportReport(preview.count("new"), preview.count("changed"), preview.count("same"))
    await audit.record(ctx, s, by, "expert.import", "expert", "sheet", after=dict(report.__dict__))
    await announce(s, "assignments")
    return report


async def _plan(ctx: Context, s: AsyncSession, data: bytes) -> Preview:
    existing = await _existing(ctx, s)
    # Unpacking and checking some thousand rows takes a second; the event loop has other guests.
    sheet = await asyncio.to_thread(sheets.read, data)
    return await asyncio.to_thread(importing.plan, sheet, existing, regions(ctx))


async def _existing(ctx: Context, s: AsyncSession) -> list[Existing]:
    rows = await store.everybody(s)
    return [Existing(row.id, draft_of(row, expert_rows.opened(ctx, row))) for row in rows]


async def _apply(ctx: Context, s: AsyncSession, planned: Planned, by: Actor) -> None:
    if planned.action == "new":
        await expert_rows.insert(ctx, s, planned.draft, by)
    elif planned.action == "changed" and planned.expert_id is not None:
        await expert_rows.update(ctx, s, await store.load(s, planned.expert_id), planned.draft, by)


async def export(ctx: Context, s: AsyncSession, by: Actor, form: Format = "xlsx") -> bytes:
    """The whole directory, contact data masked."""
    permissions.require(by, "expert.read")
    rows = await store.everybody(s)
    await audit.record(
        ctx, s, by, "expert.export", "expert", "sheet", after={"rows": len(rows), "opened": False}
    )
    return await _sheet(ctx, rows, form, masked=True)


async def ask_export(ctx: Context, s: AsyncSession, reason: str, by: Actor) -> str:
    """Ask for an export with contact data; a second person releases it within a day. The id of the request."""
    permissions.require(by, "expert.reveal")
    if not reason.strip():
        raise MissingReason
    request = str(ctx.new_id())
    value = {"by": str(by.id), "reason": without_contact(reason.strip())[:500], "at": ctx.now().isoformat()}
    s.add(Setting(key=f"{_EXPORT}{request}", value=value, updated_at=ctx.now()))
    await audit.record(ctx, s, by, "expert.export_ask", "expert", request, reason=value["reason"])
    return request


@dataclass(frozen=True)
class Waiting:
    """An export with contact data that somebody has asked for and nobody has released yet."""

    id: str
    asked_by: str
    reason: str
    at: datetime
    own: bool


async def waiting_exports(ctx: Context, s: AsyncSession, by: Actor) -> list[Waiting]:
    """What waits for a second person, newest first; `own` ones must be released by somebody else."""
    permissions.require(by, "expert.reveal")
    query = select(Setting).where(col(Setting.key).startswith(_EXPORT))
    found = [
        Waiting(
            id=row.key.removeprefix(_EXPORT),
            asked_by=await name_of(s, UUID(row.value["by"])) or "",
            reason=str(row.value["reason"]),
            at=_asked_at(row.value),
            own=row.value["by"] == str(by.id),
        )
        for row in (await s.exec(query)).all()
        if ctx.now() - _asked_at(row.value) <= EXPORT_HOLDS
    ]
    return sorted(found, key=lambda one: one.at, reverse=True)


async def release_export(
    ctx: Context, s: AsyncSession, request: str, by: Actor, form: Format = "xlsx"
) -> bytes:
    """The export with contact data, once, to the second person. SelfApproval for the one who asked, NotFound after a day."""
    permissions.require(by, "expert.reveal")
    asked = await s.get(Setting, f"{_EXPORT}{request}", populate_existing=True)
    if asked is None or ctx.now() - _asked_at(asked.value) > EXPORT_HOLDS:
        raise NotFound(subject="export")
    if str(by.id) == asked.value["by"]:
        raise SelfApproval
    await s.delete(asked)
    rows = await store.everybody(s)
    after = {"rows": len(rows), "opened": True, "asked_by": asked.value["by"]}
    await audit.record(
        ctx, s, by, "expert.export", "expert", request, after=after, reason=str(asked.value["reason"])
    )
    return await _sheet(ctx, rows, form, masked=False)


def _asked_at(value: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(str(value["at"]))


async def _sheet(ctx: Context, rows: Any, form: Format, masked: bool) -> bytes:
    lines = [_line(ctx, row, masked) for row in rows]
    write = sheets.write_csv if form == "csv" else sheets.write_xlsx
    return await asyncio.to_thread(write, [column.heading for column in COLUMNS], lines)


def _line(ctx: Context, row: Expert, masked: bool) -> tuple[str, ...]:
    contact = expert_rows.opened(ctx, row) or Contact()
    return importing.row_of(row.id, draft_of(row, contact), regions(ctx), masked=masked)
