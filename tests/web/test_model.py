"""The desk's page of the model, and telling it what a case really is."""

from __future__ import annotations

from content.permissions import Actor
from service.house import House
from service.store import labels
from service.store import models as shelf
from service.usecases import drifting, learning
from service.usecases import models as moving
from tests.conftest import Clock
from tests.usecases.label_desk import decided
from tests.usecases.test_learning import MATERIAL
from tests.web.conftest import Login


async def test_an_editor_tells_the_model_on_the_page_of_the_case(
    house: House, login: Login, editor: Actor, second_editor: Actor, clock: Clock
) -> None:
    await decided(house.ctx, house.db, clock, [editor, second_editor], most=2)
    async with house.db.read() as session:
        first = (await labels.all_standing(session))[0].case_id
    who = await login("editor")
    page = await who.page(f"/desk/cases/{first}")
    assert "模型看得对吗" in page
    answer = await who.post(f"/desk/cases/{first}/label", {"said": "emergency", "hazard": "flood"})
    assert answer.status == 303
    async with house.db.read() as session:
        rows = await labels.of_cases(session, {first})
    assert ("emergency", 1, "flood") in {(row.task, row.answer, row.hazard) for row in rows}
    page = await who.page(f"/desk/cases/{first}?done=labelled")
    assert "已记下，供模型学习。" in page
    assert "告诉模型这是什么" in page, "it stands in the history"
    assert (await who.post(f"/desk/cases/{first}/label", {"said": "lie"})).status == 422


async def test_the_page_says_which_model_is_in_use_and_who_taught_it(
    house: House, login: Login, editor: Actor, second_editor: Actor, sysadmin: Actor, clock: Clock
) -> None:
    who = await login("issuer")
    page = await who.page("/desk/model")
    for words in ("随系统安装", "还没有标注", "还没有量过", "qingyuan learn"):
        assert words in page
    await decided(house.ctx, house.db, clock, [editor, second_editor])
    found = await learning.learn(house.ctx, house.db, MATERIAL, sysadmin)
    await moving.promote(house.ctx, house.db, found.candidate.version, sysadmin)
    await drifting.look(house.ctx, house.db)
    who = await login("issuer", name="第二位签发")  # weeks have gone by
    page = await who.page("/desk/model")
    for words in (found.candidate.version, "通过把关", "第0号信源", "文风像谣言：是", "孙系统", "还不够多"):
        assert words in page, words
    assert editor.name not in page, "editors stand there by pseudonym"
    manifest = shelf.shelf(house.ctx.settings.data_dir) / found.candidate.version / "manifest.json"
    manifest.write_text(manifest.read_text("utf-8") + " ", "utf-8")
    page = await who.page("/desk/model")
    assert "该用的模型被改动过" in page
    assert "随系统安装" in page
