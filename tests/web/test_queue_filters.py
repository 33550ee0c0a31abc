"""The queue asked for a part of it or in another order: counted beside each choice, and kept on every way back."""

from __future__ import annotations

import html
import re
from datetime import timedelta
from typing import Any

from content.permissions import Actor
from service.house import House
from service.store import cases
from service.usecases.triage import triage_pending
from tests.usecases.newsroom import ShippedAssessor, a_source, arrive, story
from tests.web.conftest import Login, Person
from tests.web.test_prepared import a_case


def reason(code: str, points: int = 10) -> dict[str, object]:
    return {"code": code, "points": points, "words": []}


LOOKS: dict[str, dict[str, Any]] = {
    "网传河水有毒": {
        "kind": "rumor",
        "reasons": [reason("rumor_style")],
        "topics": ["safety"],
        "priority": 40,
    },
    "化工厂起火，速转": {
        "kind": "emergency",
        "reasons": [reason("emergency"), reason("rumor_style")],
        "regions": ["360902"],
        "hazard": "fire",
        "priority": 60,
    },
    "辟谣：没有决口": {"kind": "debunk", "reasons": [reason("debunk")], "priority": 20},
    "疫苗有害的老说法": {
        "kind": "news",
        "reasons": [],
        "known_publication": "abc234",
        "topics": ["health"],
        "priority": 15,
    },
    "明天停课吗": {"kind": "question", "reasons": [reason("question")], "demand": 2, "priority": 30},
    "读书会周末举行": {"kind": "news", "reasons": [], "priority": 5},
}


async def filled(house: House, login: Login) -> Person:
    """An editor, and a queue with one case of every kind; each seen an hour before the one before it."""
    editor, now = await login("editor"), house.ctx.now()
    for number, (title, looks) in enumerate(LOOKS.items()):
        case = await a_case(house, editor.user_id, title)
        async with house.db.write() as session:
            await cases.repaint(session, case, now, **{**looks, "last_seen": now - timedelta(hours=number)})
    return editor


async def titles(person: Person, query: str) -> list[str]:
    page = html.unescape(await person.page(f"/desk?view=all&{query}"))
    return re.findall(r'class="rowtitle"[^>]*>([^<]+)<', page)


async def test_every_signal_finds_its_cases_whatever_else_they_are(house: House, login: Login) -> None:
    editor = await filled(house, login)
    for signal, wanted in {
        "rumor": ["化工厂起火，速转", "网传河水有毒"],
        "emergency": ["化工厂起火，速转"],
        "debunk": ["辟谣：没有决口"],
        "known": ["疫苗有害的老说法"],
        "question": ["明天停课吗"],
        "none": ["读书会周末举行"],
    }.items():
        assert await titles(editor, f"signal={signal}") == wanted, signal
    assert await titles(editor, "topic=health") == ["疫苗有害的老说法"]
    assert await titles(editor, "region=local") == ["化工厂起火，速转"]
    assert await titles(editor, "region=360902&signal=rumor") == ["化工厂起火，速转"]
    assert await titles(editor, "hazard=fire") == ["化工厂起火，速转"]
    assert await titles(editor, "age=1h") == ["化工厂起火，速转", "网传河水有毒"]
    assert await titles(editor, "age=older") == []


async def test_the_queue_is_read_in_three_orders(house: House, login: Login) -> None:
    editor, names = await filled(house, login), list(LOOKS)
    assert await titles(editor, "") == sorted(names, key=lambda name: -LOOKS[name]["priority"])
    assert await titles(editor, "sort=newest") == names
    assert await titles(editor, "sort=oldest") == names[::-1]


async def test_beside_each_choice_stands_how_many_it_leaves(house: House, login: Login) -> None:
    editor = await filled(house, login)
    page = html.unescape(await editor.page("/desk?view=all&signal=rumor")).split('<ol class="plain rows"')[0]
    page = page.split('<form method="get"')[1]
    options = dict(re.findall(r'<option value="([^"]*)"(?: selected)?>([^<]+)</option>', page))
    # The other signals as if none were chosen; everything else among the rumors.
    assert options["rumor"] == "像谣言（2）"
    assert options["debunk"] == "本身在辟谣（1）"
    assert options["local"] == "提到本市的（1）"
    assert options["fire"].endswith("（1）")
    assert "health" not in options
    assert (options["1h"], options["6h"]) == ("一小时内（2）", "六小时内（2）")


async def test_filters_last_through_pages_the_other_language_and_views(house: House, login: Login) -> None:
    editor = await login("editor")
    for number in range(53):
        await a_case(house, editor.user_id, f"网传第{number}号水库要泄洪")
    seen: list[str] = []
    query = "signal=rumor&sort=oldest&q=水库"
    page = html.unescape(await editor.page(f"/desk?view=all&{query}"))
    seen += re.findall(r'class="rowtitle"[^>]*>([^<]+)<', page)
    following = re.findall(r'rel="next" href="([^"]+)"', page)[0]
    assert "signal=rumor" in following
    page = html.unescape(await editor.page(following))
    seen += re.findall(r'class="rowtitle"[^>]*>([^<]+)<', page)
    assert len(seen) == len(set(seen)) == 53
    english = re.findall(r'href="([^"]+lang=en)"', page)[0]
    for kept in ("signal=rumor", "sort=oldest", "cursor=", "view=all"):
        assert kept in english
    page = html.unescape(await editor.page(english))
    assert '<option value="oldest" selected>oldest first</option>' in page
    assert re.search(r'href="/desk\?view=mine&signal=rumor&sort=oldest[^"]*"', page)


async def test_what_is_no_choice_is_ignored_and_said(house: House, login: Login) -> None:
    editor = await filled(house, login)
    bad = "signal=lies&topic=x&region=110000&age=5y&sort=up&source=7&hazard=<b>&cursor=zz&kind=rumor"
    page = await editor.page(f"/desk?view=all&{bad}")
    for pair in ("signal=lies", "topic=x", "region=110000", "age=5y", "sort=up", "source=7", "cursor=zz"):
        assert f"网址里的 {pair} 没有这个选项" in page
    assert "hazard=&lt;b&gt;" in page
    assert re.findall(r'class="rowtitle"[^>]*>([^<]+)<', page) == ["网传河水有毒"]
    unknown = "source=00000000-0000-0000-0000-000000000007"
    assert f"网址里的 {unknown} 没有这个选项" in await editor.page(f"/desk?{unknown}")


async def test_a_source_shows_only_what_it_carries(house: House, login: Login) -> None:
    editor = await filled(house, login)
    by = (await login("sysadmin")).user_id
    who = Actor(by, "sysadmin", frozenset({"sysadmin"}))
    daily = await a_source(house.ctx, house.db, who, "宜春日报")
    other = await a_source(house.ctx, house.db, who, "晚报")
    await arrive(house.ctx, house.db, daily, story("网传明天全城停水，赶紧接水"))
    await arrive(house.ctx, house.db, other, story("公园里的荷花开了"))
    await triage_pending(house.ctx, house.db, ShippedAssessor(rules_only=True))
    assert await titles(editor, f"source={daily.id}") == ["网传明天全城停水，赶紧接水"]
    page = html.unescape(await editor.page(f"/desk?view=all&source={daily.id}"))
    assert f'<option value="{daily.id}" selected>宜春日报（1）</option>' in page
    assert f'<option value="{other.id}">晚报（1）</option>' in page


async def test_the_api_filters_and_orders_in_the_same_way(house: House, login: Login) -> None:
    editor = await filled(house, login)

    async def listed(query: str) -> list[str]:
        answer = await editor.get(f"/api/v1/cases?view=all&{query}")
        assert answer.status == 200, await answer.text()
        return [row["case"]["title"] for row in (await answer.json())["items"]]

    assert await listed("signal=rumor") == await titles(editor, "signal=rumor")
    assert await listed("topic=health") == ["疫苗有害的老说法"]
    assert await listed("region=local&age=6h") == ["化工厂起火，速转"]
    assert await listed("sort=oldest") == list(LOOKS)[::-1]
    assert await listed(f"source={house.ctx.new_id()}") == []
    for bad in ("signal=lies", "age=5y", "sort=up", "source=7", "region=x"):
        assert (await editor.get(f"/api/v1/cases?{bad}")).status == 422
