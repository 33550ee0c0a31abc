"""What an editor reads of the scores beside a piece of evidence."""

from __future__ import annotations

import html
import re

import pytest

from content.case_summary import headline
from service.house import House
from service.store import cases, evidence
from tests.web.conftest import Login
from tests.web.test_prepared import a_case

HEARSAY = "网传水库大坝决口，下游今晚会被淹？"


@pytest.mark.parametrize(
    ("flag", "score", "shown"),
    [
        (True, 0.98, "98%"),
        (True, 0.9999, ">99%"),
        (False, 0.98, "只有相关字眼，没有反驳"),
        (False, 0.02, "2%"),
    ],
)
async def test_words_of_a_refutation_are_not_shown_as_one(
    house: House, login: Login, *, flag: bool, score: float, shown: str
) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, HEARSAY)
    now, quiet = house.ctx.now(), {"score": 0.1, "flag": False, "because": []}
    refutes = {"score": score, "flag": flag, "because": [{"term": "网传", "weight": 3.0}]}
    row = {"id": house.ctx.new_id(), "kind": "news", "title": HEARSAY, "text": HEARSAY, "seen_at": now}
    row |= {"sha256": "a" * 64, "source_name": "示例网", "authority": False}
    row["url"] = "https://news.example.org/1"
    row["assessment"] = {"rumor": quiet, "debunk": refutes, "emergency": quiet, "model": "qy-1"}
    link = {"id": house.ctx.new_id(), "case_id": case, "evidence_id": row["id"], "linked_at": now}
    async with house.db.write() as session:
        await evidence.append(session, [row], [link | {"origin_case_id": case}])
    page = html.unescape(await editor.page(f"/desk/cases/{case}"))
    about = page.split("<dt>本身在辟谣</dt>")[1].split("</div>")[0]
    assert shown in about
    assert ("<meter" in about) is ("%" in shown)


async def test_a_case_is_called_by_its_flagged_story_and_words_alone_say_little(
    house: House, login: Login
) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, "国足今晚的名单")
    plain = {"code": "emergency", "points": 35, "words": ["失火"], "seen": "体育馆失火"}
    thin = {"code": "rumor_style", "points": 18, "words": ["新加坡", "就能"], "seen": "国足能赢吗"}
    async with house.db.write() as session:
        row = await cases.load(session, case)
        await cases.save(session, row, house.ctx.now(), reasons=[plain, thin], priority=53, kind="rumor")
    for path in ("/desk", f"/desk/cases/{case}"):
        page = html.unescape(await editor.page(path))
        assert re.search(r"<(h1|a class=\"rowtitle\"[^>]*)>体育馆失火</", page)
        assert "最早的一条：国足今晚的名单" in page
        assert "只是用词相近 <q>新加坡、就能</q> <b>+18</b> <span>见“国足能赢吗”</span>" in page
        assert page.count("只是用词相近") == page.count("见“") == 1
    assert "没找到，不等于没有人辟谣过" in page


def test_a_headline_is_the_heaviest_story_but_never_instead_of_an_editors_words() -> None:
    heavy = {"code": "emergency", "points": 35, "words": [], "seen": "体育馆失火"}
    other = {"code": "rumor_style", "points": 18, "words": [], "seen": "国足能赢吗"}
    by_hand = {"code": "by_hand", "points": 20, "words": []}
    assert headline("国足", [{"code": "sources", "points": 40, "words": ["9"]}, heavy, other]) == "体育馆失火"
    assert headline("国足", [heavy, by_hand]) == "国足"
    assert headline("国足", []) == "国足"
    assert headline("体育馆失火，无人伤亡", [heavy]) == "体育馆失火，无人伤亡"
