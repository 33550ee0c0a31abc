"""The expert database on the desk: browse, write, reveal, import and export, as people do it in their browsers."""

from __future__ import annotations

import re
from typing import Any

from aiohttp import FormData
from sqlmodel import select

from content.audit import AuditEntry
from expert_db.experts import Expert
from service.house import House
from tests.conftest import actor
from tests.usecases.expert_people import expert
from tests.web.conftest import Login, Person, token_in

PAGE = "/desk/experts"
PHONE = "13800001234"
BOSS = actor("editor", "editor")
NEW = {
    "name": "示例戊", "kind": "person", "tier": "city", "unit": "示例市气象台", "disciplines": "大气科学", "hazards": "rainstorm",
    "regions": "袁州区", "on_call": "周一至周五 08:00-18:00", "load_limit": "2", "assignments_given": "1",
    "assignments_on": "2026-01-05", "phone": PHONE, "profile": "短时强降水与雷电预报",
}  # fmt: skip


async def stored(house: House, name: str) -> Expert:
    async with house.db.read() as session:
        return (await session.exec(select(Expert).where(Expert.name == name))).one()


async def upload(person: Person, path: str, data: bytes, **fields: str) -> Any:
    form = FormData({"csrf": token_in(await person.page(PAGE + "/sheet")), **fields})
    form.add_field("file", data, filename="experts.csv")
    return await person.client.post(path, data=form, allow_redirects=False)


async def test_the_directory_is_searched_filtered_and_paged(login: Login, house: House) -> None:
    for number in range(53):
        await expert(house.ctx, house.db, BOSS, f"示例{number:02}")
    await expert(house.ctx, house.db, BOSS, "示例疾控中心", kind="department")
    person = await login("editor")
    first = await person.page(PAGE)
    assert "示例00" in first
    assert "示例52" not in first
    following = re.search(r'rel="next" href="([^"]+)"', first)
    assert following
    assert "示例52" in await person.page(following.group(1).replace("&amp;", "&"))
    assert "示例疾控中心" in await person.page(PAGE + "?kind=department")
    found = await person.page(PAGE + "?q=示例07")
    assert "示例07" in found
    assert "示例08" not in found


async def test_an_expert_is_written_shown_and_changed(login: Login, house: House) -> None:
    person = await login("editor")
    answer = await person.post(PAGE + "/new", NEW, on=PAGE + "/new")
    assert answer.status == 303, await answer.text()
    row = await stored(house, "示例戊")
    assert (row.hazards, row.regions, row.load_limit) == (["rainstorm"], ["360902"], 2)
    assert row.consent == {"assignments": {"given": True, "on": "2026-01-05"}}
    page = await person.page(f"{PAGE}/{row.id}")
    for text in ("袁州区", "周一至周五 08:00-18:00", "138****1234", "暴雨", "短时强降水与雷电预报"):
        assert text in page
    assert PHONE not in page
    form = await person.page(f"{PAGE}/{row.id}/edit")
    assert PHONE not in form
    changed = {**NEW, "phone": "", "unit": "示例市气象局", "assignments_given": "", "version": "1"}
    answer = await person.post(f"{PAGE}/{row.id}/edit", changed)
    assert answer.status == 303, await answer.text()
    now = await stored(house, "示例戊")
    assert (now.unit, now.contact_masked) == ("示例市气象局", "138****1234")
    assert now.consent["assignments"]["given"] is False
    assert (await person.post(f"{PAGE}/{row.id}/edit", changed)).status == 409  # version 1 is gone


async def test_nothing_typed_is_lost_and_errors_stand_beside_their_fields(login: Login) -> None:
    person = await login("editor")
    wrong = {**NEW, "on_call": "随时", "regions": "上海", "away": "2026-12-07~2026-12-01"}
    answer = await person.post(PAGE + "/new", wrong, on=PAGE + "/new")
    page = await answer.text()
    assert answer.status == 422
    assert page.count('aria-invalid="true"') == 3
    for text in ("随时", "上海", "2026-12-07~2026-12-01", "示例市气象台", PHONE, "短时强降水与雷电预报"):
        assert text in page
    assert re.search(r'value="rainstorm" checked', page)
    answer = await person.post(PAGE + "/new", {**NEW, "phone": "不知道"}, on=PAGE + "/new")
    assert answer.status == 422
    assert 'id="f-phone-problem"' in await answer.text()


async def test_contact_data_shows_once_for_a_reason_on_the_record(login: Login, house: House) -> None:
    row = await expert(house.ctx, house.db, BOSS, "示例甲", contact={"phone": PHONE})
    person = await login("editor")
    one = f"{PAGE}/{row.id}"
    assert (await person.post(one + "/reveal", {"reason": " "}, on=one)).status == 422
    answer = await person.post(one + "/reveal", {"reason": "夜间暴雨，需要电话请教"}, on=one)
    assert PHONE in await answer.text()
    assert answer.headers["Cache-Control"] == "no-store"
    assert PHONE not in await person.page(one)
    async with house.db.read() as session:
        told = (await session.exec(select(AuditEntry).where(AuditEntry.act == "expert.reveal"))).one()
    assert told.reason == "夜间暴雨，需要电话请教"


async def test_somebody_goes_out_of_the_directory_and_comes_back(login: Login, house: House) -> None:
    row = await expert(house.ctx, house.db, BOSS, "示例甲")
    person = await login("editor")
    one = f"{PAGE}/{row.id}"
    assert (await person.post(one + "/deactivate", {"reason": "调离本市"}, on=one)).status == 303
    assert "示例甲" not in await person.page(PAGE)
    assert "示例甲" in await person.page(PAGE + "?active=no")
    assert (await person.post(one + "/activate", {"reason": "又回来了"}, on=one)).status == 303
    assert "示例甲" in await person.page(PAGE)


async def test_a_file_is_previewed_and_then_imported_whole(login: Login, house: House) -> None:
    person = await login("editor")
    answer = await upload(person, PAGE + "/sheet/preview", "姓名,单位,灾种\n示例甲,示例大学,暴雨\n".encode())
    page = await answer.text()
    assert "示例甲" in page
    async with house.db.read() as session:
        assert (await session.exec(select(Expert))).all() == []
    kept = {name: re.search(rf'name="{name}" value="([^"]+)"', page) for name in ("digest", "data")}
    form = {name: found.group(1) for name, found in kept.items() if found}
    answer = await person.post(PAGE + "/sheet/apply", form, on=PAGE + "/sheet")
    assert answer.status == 303, await answer.text()
    assert (await stored(house, "示例甲")).hazards == ["rainstorm"]
    # The directory has changed: the same preview does not hold any more.
    assert (await person.post(PAGE + "/sheet/apply", form, on=PAGE + "/sheet")).status == 409


async def test_errors_of_a_file_name_their_row_and_column(login: Login, house: House) -> None:
    person = await login("editor")
    answer = await upload(person, PAGE + "/sheet/preview", "姓名,灾种\n示例甲,暴雨\n示例乙,下雨\n".encode())
    page = await answer.text()
    assert "<td>3</td><td>灾种</td><td>不认识的词：下雨</td>" in page
    assert "/sheet/apply" not in page
    answer = await upload(person, PAGE + "/sheet/preview", b"\x00\x01")
    assert answer.status == 422


async def test_contact_data_leaves_only_when_a_second_person_agrees(login: Login, house: House) -> None:
    await expert(house.ctx, house.db, BOSS, "示例甲", contact={"phone": PHONE})
    one, two = await login("editor"), await login("issuer")
    masked = await (await one.get(PAGE + "/sheet/experts.csv")).text()
    assert "示例甲" in masked
    assert PHONE not in masked
    answer = await one.post(PAGE + "/sheet/ask", {"reason": "编印应急通讯录"}, on=PAGE + "/sheet")
    assert answer.status == 303
    assert "/sheet/release/" not in await one.page(PAGE + "/sheet")
    found = re.search(r'action="(/desk/experts/sheet/release/[^"]+)"', await two.page(PAGE + "/sheet"))
    assert found
    release = found.group(1)
    assert (await one.post(release, {"format": "csv"})).status in (403, 409)
    answer = await two.post(release, {"format": "csv"})
    assert PHONE in await answer.text()
    assert (await two.post(release, {"format": "csv"})).status == 404


async def test_the_map_of_holes_names_what_is_missing(login: Login, house: House) -> None:
    await expert(house.ctx, house.db, BOSS, "示例甲", hazards=["flood"])
    page = await (await login("issuer")).page(PAGE + "/gaps")
    assert "10 个没有后备" in page
    assert "250 个一个也没有" in page
    await expert(house.ctx, house.db, BOSS, "示例局", hazards=["flood"], kind="department")
    assert "10 个没有后备" in await (await login("issuer")).page(PAGE + "/gaps")  # an office explains nothing
    offices = await (await login("issuer")).page(PAGE + "/gaps?kind=team")
    assert "260 个一个也没有" in offices


async def test_only_the_desk_sees_experts_and_only_editors_change_them(login: Login, house: House) -> None:
    row = await expert(house.ctx, house.db, BOSS, "示例甲")
    issuer, outsider = await login("issuer"), await login("sysadmin")
    assert (await issuer.get(f"{PAGE}/{row.id}/edit")).status == 403
    assert (await issuer.get(f"{PAGE}/{row.id}")).status == 200
    for path in ("", f"/{row.id}", "/sheet", "/gaps", "/sheet/experts.csv"):
        assert (await outsider.get(PAGE + path)).status == 403
