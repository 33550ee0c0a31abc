"""The figures as an editor sees and downloads them."""

from __future__ import annotations

import csv
import html
import io

from content.permissions import Actor
from service.house import House
from tests.web.conftest import Login
from tests.writing import REBUTTAL, published


async def test_an_editor_reads_the_figures_and_takes_them_along(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    body = REBUTTAL.model_copy(update={"hazard": "flood", "audiences": ("elderly",)})
    await published(house.ctx, house.db, editor, issuer, body)
    person = await login("editor")
    page = html.unescape(await person.page("/desk/measures?days=7"))
    assert "首发 1 篇" in page
    assert "老年人" in page
    assert "还没有内容的灾种：暴雨" in page
    assert "/desk/measures.csv?days=7" in page
    answer = await person.get("/desk/measures.csv?days=7")
    assert answer.content_type == "text/csv"
    raw = await answer.read()
    assert raw.startswith(b"\xef\xbb\xbf")
    lines = list(csv.reader(io.StringIO(raw.decode("utf-8-sig"))))
    assert ["total", "pages", "", "1", "", ""] in lines
    assert ["hazard", "flood", "", "1", "", ""] in lines
    assert "First published: 1" in html.unescape(await person.page("/desk/measures?days=7&lang=en"))


async def test_the_figures_of_a_house_that_has_published_nothing_are_empty(login: Login) -> None:
    editor = await login("editor")
    assert "首发 0 篇" in html.unescape(await editor.page("/desk/measures?days=nonsense"))


async def test_an_administrator_does_not_see_the_figures(login: Login) -> None:
    sysadmin = await login("sysadmin")
    for path in ("/desk/measures", "/desk/measures.csv"):
        assert (await sysadmin.get(path)).status == 403
