"""The directory as a spreadsheet: previewed, imported whole or not at all, exported masked."""

from __future__ import annotations

from typing import Any

import pytest
from sqlmodel import select

from content.audit import AuditEntry, first_break
from content.errors import SelfApproval
from content.permissions import Actor
from expert_db import sheets
from expert_db.errors import BadSheet
from expert_db.sheet_columns import COLUMNS
from service.context import Context
from service.errors import Conflict, NotFound
from service.store import experts as store
from service.store.engine import Database
from service.usecases import experts
from tests.conftest import Clock
from tests.usecases.expert_people import DEMO, expert, import_demo

PHONE, MAIL = "13800001234", "zhou.ming@example.org"
REACHED = {"phone": PHONE, "email": MAIL}


async def entries(database: Database) -> list[AuditEntry]:
    async with database.read() as s:
        return list((await s.exec(select(AuditEntry).order_by(AuditEntry.seq))).all())  # type: ignore[arg-type]


async def test_an_import_is_previewed_and_applied_whole(
    ctx: Context, database: Database, editor: Actor
) -> None:
    data = DEMO.read_bytes()
    async with database.read() as s:
        preview = await experts.import_preview(ctx, s, data, editor)
    assert (preview.count("new"), preview.errors) == (89, ())
    assert await entries(database) == []
    async with database.write() as s:
        report = await experts.import_apply(ctx, s, data, editor, digest=preview.digest)
    assert (report.added, report.changed, report.unchanged) == (89, 0, 0)
    async with database.write() as s:
        again = await experts.import_apply(ctx, s, data, editor)
    assert (again.added, again.changed, again.unchanged) == (0, 0, 89)
    assert first_break(await entries(database)) is None


async def test_one_bad_row_imports_nothing(ctx: Context, database: Database, editor: Actor) -> None:
    lines = DEMO.read_text("utf-8-sig").splitlines()
    bad = "\n".join([*lines[:-1], lines[-1].replace("青少年", "外星人")]).encode()
    with pytest.raises(BadSheet) as refused:
        async with database.write() as s:
            await experts.import_apply(ctx, s, bad, editor)
    assert (refused.value.details["row"], refused.value.details["column"]) == (90, "受众")
    async with database.read() as s:
        assert await store.everybody(s) == []


async def test_a_plan_that_has_changed_meanwhile_is_not_applied(
    ctx: Context, db: Database, editor: Actor
) -> None:
    data = DEMO.read_bytes()
    async with db.read() as s:
        preview = await experts.import_preview(ctx, s, data, editor)
    async with db.write() as s:
        await experts.import_apply(ctx, s, data, editor)
    with pytest.raises(Conflict):
        async with db.write() as s:
            await experts.import_apply(ctx, s, data, editor, digest=preview.digest)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
async def test_an_export_is_masked_and_imports_as_no_change(
    ctx: Context, db: Database, editor: Actor, form: Any
) -> None:
    await import_demo(ctx, db, editor)
    async with db.write() as s:
        data = await experts.export(ctx, s, editor, form)
        report = await experts.import_apply(ctx, s, data, editor)
    assert report.unchanged == 89
    phone = [column.key for column in COLUMNS].index("phone")
    cells = [cells[phone] for _, cells in sheets.read(data).rows]
    assert all(cell.startswith("100****") for cell in cells)


async def test_contact_data_leaves_only_when_a_second_person_agrees(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor, clock: Clock
) -> None:
    await expert(ctx, db, editor, "示例甲", contact=REACHED)
    async with db.write() as s:
        request = await experts.ask_export(ctx, s, "防汛通讯录更新", editor)
    with pytest.raises(SelfApproval):
        async with db.write() as s:
            await experts.release_export(ctx, s, request, editor)
    async with db.write() as s:
        data = await experts.release_export(ctx, s, request, second_editor, "csv")
    assert PHONE.encode() in data
    with pytest.raises(NotFound):
        async with db.write() as s:
            await experts.release_export(ctx, s, request, second_editor)
    async with db.write() as s:
        late = await experts.ask_export(ctx, s, "再来一次", editor)
    clock.move(hours=25)
    with pytest.raises(NotFound):
        async with db.write() as s:
            await experts.release_export(ctx, s, late, second_editor)
