"""The directory: keeping it, revealing contact data, showing the gaps."""

from __future__ import annotations

import asyncio

import pytest
from sqlmodel import select

from content.audit import AuditEntry
from content.errors import NotAllowed
from content.permissions import Actor
from expert_db.errors import BadExpert, BadSheet, MissingReason
from expert_db.experts import Expert
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store.engine import Database
from service.usecases import experts
from tests.usecases.expert_people import DEMO, case, expert, import_demo, of

PHONE, MAIL = "13800001234", "zhou.ming@example.org"
REACHED = {"phone": PHONE, "email": MAIL}


async def entries(database: Database) -> list[AuditEntry]:
    async with database.read() as s:
        return list((await s.exec(select(AuditEntry).order_by(AuditEntry.seq))).all())  # type: ignore[arg-type]


async def test_contact_data_is_sealed_masked_and_revealed_with_a_reason(
    ctx: Context, database: Database, editor: Actor
) -> None:
    row = await expert(ctx, database, editor, "示例专家·周明", contact=REACHED)
    assert row.contact_masked == "138****1234 z***@example.org"
    assert row.contact is not None
    assert PHONE.encode() not in row.contact
    with pytest.raises(MissingReason):
        async with database.write() as s:
            await experts.reveal(ctx, s, row.id, "  ", editor)
    async with database.write() as s:
        contact = await experts.reveal(ctx, s, row.id, "洪水预警，需电话确认", editor)
    assert (contact.phone, contact.email) == (PHONE, MAIL)
    last = (await entries(database))[-1]
    assert (last.act, last.subject_id, last.reason) == ("expert.reveal", str(row.id), "洪水预警，需电话确认")


async def test_sealed_data_opens_only_in_its_own_row(ctx: Context, db: Database, editor: Actor) -> None:
    row = await expert(ctx, db, editor, "示例甲", contact=REACHED)
    other = await expert(ctx, db, editor, "示例乙")
    async with db.write() as s:
        other.contact = row.contact
        s.add(other)
    with pytest.raises(Invalid):
        async with db.write() as s:
            await experts.reveal(ctx, s, other.id, "试试", editor)


@pytest.mark.parametrize("who", ["expert_actor", "sysadmin", "secadmin", "auditor"])
async def test_only_the_desk_reads_the_directory(
    ctx: Context, db: Database, editor: Actor, who: str, request: pytest.FixtureRequest
) -> None:
    row = await expert(ctx, db, editor, "示例甲", contact=REACHED)
    other: Actor = request.getfixturevalue(who)
    async with db.write() as s:
        for refused in (
            experts.load(s, row.id, other),
            experts.listing(s, other),
            experts.reveal(ctx, s, row.id, "看看", other),
            experts.create(ctx, s, {"name": "示例"}, other),
            experts.edit(ctx, s, row.id, {"title": "x"}, other),
            experts.export(ctx, s, other),
            experts.import_preview(ctx, s, DEMO.read_bytes(), other),
            experts.gaps(ctx, s, other),
        ):
            with pytest.raises(NotAllowed):
                await refused


async def test_an_expert_reads_their_own_entry(ctx: Context, db: Database, editor: Actor) -> None:
    row = await expert(ctx, db, editor, "示例甲")
    async with db.read() as s:
        assert (await experts.load(s, row.id, of(row))).id == row.id


async def test_an_edit_changes_what_was_given_and_counts_the_version(
    ctx: Context, database: Database, editor: Actor
) -> None:
    row = await expert(ctx, database, editor, "示例甲", contact=REACHED)
    async with database.write() as s:
        saved = await experts.edit(ctx, s, row.id, {"hazards": ["flood"]}, editor, version=1)
    assert (saved.version, saved.hazards, saved.topics, saved.contact) == (
        2,
        ["flood"],
        ["food"],
        row.contact,
    )
    with pytest.raises(Conflict):
        async with database.write() as s:
            await experts.edit(ctx, s, row.id, {"hazards": ["fire"]}, editor, version=1)
    last = (await entries(database))[-1]
    assert last.before == {"hazards": ["food_safety"]}
    assert last.after == {"hazards": ["flood"], "changed": ["hazards"]}


async def test_an_edit_that_changes_nothing_leaves_no_trace(
    ctx: Context, db: Database, editor: Actor
) -> None:
    row = await expert(ctx, db, editor, "示例甲", contact=REACHED)
    async with db.write() as s:
        await experts.edit(ctx, s, row.id, {"hazards": ["food_safety"], "contact": REACHED}, editor)
    assert [one.act for one in await entries(db)] == ["expert.create"]


async def test_a_bad_edit_names_its_fields(ctx: Context, db: Database, editor: Actor) -> None:
    row = await expert(ctx, db, editor, "示例甲")
    with pytest.raises(BadExpert) as refused:
        async with db.write() as s:
            await experts.edit(ctx, s, row.id, {"hazards": ["meteor"], "contact": {"phone": "x"}}, editor)
    assert refused.value.details["fields"] == ["contact.phone", "hazards"]


async def test_somebody_taken_out_is_suggested_no_more_and_can_come_back(
    ctx: Context, db: Database, editor: Actor
) -> None:
    row = await expert(ctx, db, editor, "示例甲")
    rumor = await case(ctx, db)
    async with db.write() as s:
        assert len(await experts.candidates(ctx, s, rumor.id, editor)) == 1
        await experts.deactivate(ctx, s, row.id, "退休", editor)
        assert await experts.candidates(ctx, s, rumor.id, editor) == []
        await experts.activate(ctx, s, row.id, "返聘", editor)
        assert len(await experts.candidates(ctx, s, rumor.id, editor)) == 1


async def test_the_directory_is_paged_by_name_and_searched(
    ctx: Context, database: Database, editor: Actor
) -> None:
    await import_demo(ctx, database, editor)
    async with database.read() as s:
        names: list[str] = []
        cursor = ""
        while True:
            found, cursor = await experts.listing(s, editor, cursor=cursor, limit=20)
            names += [one.name for one in found]
            if not cursor:
                break
        assert len(names) == len(set(names)) == 89
        by_word, _ = await experts.listing(s, editor, text="花炮 示例县", limit=50)
        assert {one.name for one in by_word} >= {"示例专家·万烟", "示例团队·万载花炮安全宣讲队"}
        offices, _ = await experts.listing(s, editor, kind="department", limit=50)
        assert len(offices) == 17
        with pytest.raises(NotFound):
            await experts.listing(s, editor, cursor="x|y")


async def test_gaps_name_hazards_without_a_back_up(ctx: Context, db: Database, editor: Actor) -> None:
    await expert(ctx, db, editor, "示例甲", regions=["360902"])
    async with db.read() as s:
        cells = {(cell.hazard, cell.region): cell.gap for cell in await experts.gaps(ctx, s, editor)}
    assert len(cells) == 26 * 10
    assert cells["food_safety", "360902"] == "no_backup"
    assert cells["food_safety", "360921"] == "none_at_all"


async def test_the_public_is_told_only_what_was_agreed(ctx: Context, db: Database, editor: Actor) -> None:
    named = await expert(ctx, db, editor, "示例甲", title="教授")
    nameless = await expert(ctx, db, editor, "示例乙", consent={"assignments": True})
    async with db.read() as s:
        shown = await experts.credit(ctx, s, named.id, editor)
        assert shown is not None
        assert (shown.name, shown.title, shown.unit) == ("示例甲", "", "")
        assert await experts.credit(ctx, s, nameless.id, editor) is None


async def test_two_edits_at_once_leave_one_winner(ctx: Context, database: Database, editor: Actor) -> None:
    row = await expert(ctx, database, editor, "示例甲")

    async def change(number: int) -> bool:
        try:
            async with database.write() as s:
                await experts.edit(ctx, s, row.id, {"title": f"职称{number}"}, editor, version=1)
        except Conflict:
            return False
        return True

    assert sum(await asyncio.gather(*(change(n) for n in range(8)))) == 1


async def test_personal_data_stands_in_no_log_audit_entry_or_database_file(
    ctx: Context,
    db: Database,
    editor: Actor,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The canary: a number and an address that appear nowhere else in the world."""
    number, address = "13987650042", "kanarienvogel@example.org"
    row = await expert(ctx, db, editor, "示例甲", contact={"phone": number, "email": address})
    async with db.write() as s:
        await experts.edit(ctx, s, row.id, {"contact": {"phone": number, "email": ""}}, editor)
        await experts.edit(ctx, s, row.id, {"contact": {"phone": number, "email": address}}, editor)
        await experts.reveal(ctx, s, row.id, f"打 {number} 或写信 {address}", editor)
        await experts.deactivate(ctx, s, row.id, f"他的电话 {number}", editor)
        await experts.ask_export(ctx, s, f"需要 {number}", editor)
        sheet = f"姓名,电话,邮箱\n示例丙,{number},{address}\n示例丁,{number}x,{address}@\n"
        preview = await experts.import_preview(ctx, s, sheet.encode(), editor)
    with pytest.raises(BadSheet) as refused:
        async with db.write() as s:
            await experts.import_apply(ctx, s, sheet.encode(), editor)
    for bad in ({"contact": {"phone": f"{number}x"}}, {"profile": f"电话 {number}"}):
        with pytest.raises(BadExpert) as told:
            async with db.write() as s:
                await experts.edit(ctx, s, row.id, bad, editor)
        assert number not in f"{told.value} {told.value.details}"
    await db.dispose()

    seen = capfd.readouterr()
    texts = [
        seen.out,
        seen.err,
        caplog.text,
        repr(preview),
        repr(row),
        f"{refused.value} {refused.value.details}",
    ]
    files = [path.read_bytes() for path in ctx.settings.data_dir.rglob("*") if path.is_file()]
    assert files
    for canary in (number, address):
        assert all(canary not in text for text in texts)
        assert all(canary.encode() not in data for data in files)
    assert isinstance(row, Expert)
