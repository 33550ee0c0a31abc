"""The figures as an editor sees and downloads them."""

from __future__ import annotations

import csv
import html
import io
from collections import Counter

import openpyxl

from content.permissions import Actor
from service.house import House
from service.usecases import reach
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


async def test_the_report_of_a_month_is_a_page_and_a_workbook_with_the_same_figures(
    house: House, login: Login, editor: Actor, issuer: Actor
) -> None:
    found = await published(house.ctx, house.db, editor, issuer)
    hits = Counter(
        {(f"/p/{found.public_id}", ""): 5, (f"/p/{found.public_id}", "sms"): 2, ("/feed.xml", ""): 3}
    )
    await reach.keep(house.ctx, house.db, hits)
    person = await login("editor")
    page = html.unescape(await person.page("/desk/measures/month?month=2026-11"))
    assert "首发 1 篇" in page
    assert "页面打开 7 次，订阅源读取 3 次" in page
    assert "这个月还没有过完" in page
    assert 'aria-label="各时段打开次数，合计 7 次"' in page
    answer = await person.get("/desk/measures/month.xlsx?month=2026-11")
    book = openpyxl.load_workbook(io.BytesIO(await answer.read()))
    told = {row[0].value: row[1].value for row in book["概况"].iter_rows()}
    assert (told["首发篇数"], told["打开次数"], told["订阅源读取"]) == (1, 7, 3)
    assert [[c.value for c in row] for row in book["从哪里打开"].iter_rows()][1:] == [
        ["直接打开、订阅或其他链接", 5],
        ["短信", 2],
    ]


async def test_a_month_that_is_none_or_has_not_begun_is_refused(login: Login) -> None:
    person = await login("editor")
    for month in ("2026-13", "2027-01", "x"):
        assert (await person.get(f"/desk/measures/month?month={month}")).status == 422
    assert (await person.get("/desk/measures/month")).status == 200
