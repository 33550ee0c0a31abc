"""Machine drafts on the editor's page."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from content.permissions import Actor
from service.house import House
from service.usecases import machine_drafts
from tests.usecases.language_model import served
from tests.web.conftest import Login
from tests.writing import written


@pytest.fixture
def house(house: House) -> House:
    changes = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "qwen-plus"}
    return replace(house, ctx=replace(house.ctx, settings=house.ctx.settings.model_copy(update=changes)))


async def test_an_editor_asks_a_machine_and_takes_a_paragraph_of_its_draft(
    house: House, login: Login, editor: Actor
) -> None:
    person = await login("editor")
    piece, _ = await written(house.ctx, house.db, editor)
    page = f"/desk/pieces/{piece.id}"
    assert "请机器起草一份" in await person.page(page)
    async with served() as (model, drafter):
        await person.post(f"{page}/drafts", on=page)
        assert "正在起草" in await person.page(page)
        await machine_drafts.work_due(house.ctx, house.db, drafter)
        assert len(model.asked) == 1
    html = await person.page(page)
    assert "机器写的" in html
    assert "水务部门每天检测并公布结果" in html
    (draft,) = re.findall(r'action="(/desk/drafts/[^"]+)"', html)
    assert (await person.post(draft, {"place": "fact x"}, on=page)).status == 404
    answer = await person.post(draft, {"place": "fact 0"}, on=page)
    assert answer.headers["Location"] == f"{page}?done=draft_taken#machine"
    html = await person.page(page)
    assert "已采用" in html
    assert "这里有机器起草的段落" in html
    assert "采用机器草稿" in html
    assert "这里有机器起草的段落" in await person.page(f"{page}/review")
