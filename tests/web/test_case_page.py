"""What an editor reads of the scores beside a piece of evidence."""

from __future__ import annotations

import html

import pytest

from service.house import House
from service.store import evidence
from tests.web.conftest import Login
from tests.web.test_prepared import a_case

HEARSAY = "网传水库大坝决口，下游今晚会被淹？"


@pytest.mark.parametrize(
    ("flag", "score", "shown"),
    [(True, 0.98, "98%"), (False, 0.98, "只有相关字眼，没有反驳"), (False, 0.02, "2%")],
)
async def test_words_of_a_refutation_are_not_shown_as_one(
    house: House, login: Login, *, flag: bool, score: float, shown: str
) -> None:
    editor = await login("editor")
    case = await a_case(house, editor.user_id, HEARSAY)
    now, quiet = house.ctx.now(), {"score": 0.1, "flag": False, "because": []}
    refutes = {"score": score, "flag": flag, "because": [{"term": "网传", "weight": 3.0}]}
    row = {"id": house.ctx.new_id(), "kind": "news", "title": HEARSAY, "text": HEARSAY, "seen_at": now}
    row |= {"sha256": "a" * 64, "source_name": "示例网", "url": "https://news.example.org/1"}
    row["assessment"] = {"rumor": quiet, "debunk": refutes, "emergency": quiet, "model": "qy-1"}
    link = {"id": house.ctx.new_id(), "case_id": case, "evidence_id": row["id"], "linked_at": now}
    async with house.db.write() as session:
        await evidence.append(session, [row], [link | {"origin_case_id": case}])
    page = html.unescape(await editor.page(f"/desk/cases/{case}"))
    about = page.split("<dt>本身在辟谣</dt>")[1].split("</div>")[0]
    assert shown in about
    assert ("<meter" in about) is ("%" in shown)
