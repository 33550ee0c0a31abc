"""Search: the right page near the top, the same on both databases, nothing that has been withdrawn."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.body import PieceBody
from content.render.told import told
from service.site.current import Public
from service.site.ranking import asked, document, rank, terms
from service.site.search import find, sync
from service.store.engine import Database
from tests.render.situations import FIRST, LIGHTNING, STORM, WATER, corrected, publication, retracted

OTHERS = {
    "mushroom3456": (
        "野生蘑菇靠颜色分不出有没有毒",
        "颜色鲜艳的蘑菇才有毒，白的都能吃",
        "多种剧毒蘑菇是白色的。",
    ),
    "vaccine34567": (
        "流感疫苗要每年接种",
        "打过一次流感疫苗就不用再打",
        "流感病毒每年变化，疫苗也随之更新。",
    ),
    "fraud3456789": (
        "公安机关不会在电话里要求转账",
        "接到民警电话要把钱转到安全账户",
        "凡是要求转账到安全账户的都是诈骗电话。",
    ),
    "quake3456789": ("地震目前无法准确预报", "专家说下周三宜春有大地震", "省地震局没有发布任何预报。"),
    "pork34567890": (
        "市场上的猪肉经过检疫可以放心吃",
        "猪肉里打了水和药，吃了会生病",
        "抽检的120批猪肉全部合格。",
    ),
}


ROOT = Path(__file__).resolve().parents[2]
EVERYDAY = [
    line
    for line in (ROOT / "service/site/everyday.tsv").read_text("utf-8").splitlines()
    if line and not line.startswith("#")
]


def everything() -> Public:
    made = [
        publication(),
        publication(LIGHTNING, "explainer", "thunder34567", 4),
        publication(STORM, "warning", "storm3456789", 5),
    ]
    for number, (id_, (title, claim, fact)) in enumerate(OTHERS.items(), 10):
        body = PieceBody(title=title, claim=claim, verdict="false", fact=fact, todo="有疑问请拨打12345。")
        made.append(publication(body, "rebuttal", id_, number, FIRST - timedelta(days=number)))
    return Public(tuple(told(one) for one in made), 20)


QUESTIONS = [
    ("自来水 污染", "water2345678"),
    ("自来水有毒吗？能不能喝", "water2345678"),
    ("要不要囤水", "water2345678"),
    ("打雷能洗澡吗", "thunder34567"),
    ("雷电天气打电话", "thunder34567"),
    ("宜丰暴雨预警", "storm3456789"),
    ("白色蘑菇", "mushroom3456"),
    ("蘑菇颜色鲜艳有毒", "mushroom3456"),
    ("流感疫苗", "vaccine34567"),
    ("疫苗还用不用再打", "vaccine34567"),
    ("诈骗", "fraud3456789"),
    ("安全账户 转账", "fraud3456789"),
    ("下周三有地震吗", "quake3456789"),
    ("地震", "quake3456789"),
    ("猪肉打水", "pork34567890"),
]


@pytest.mark.parametrize(("question", "wanted"), QUESTIONS)
def test_the_right_page_comes_first(question: str, wanted: str) -> None:
    public = everything()
    words = asked(question).terms
    holding = [
        d for d in map(document, public.pages) if any(w in f for w in words for f in d.fields.values())
    ]
    assert rank(asked(question), holding, len(public.pages))[0] == wanted


@pytest.mark.postgres
async def test_both_databases_find_the_same_in_the_same_order(db: Database, pg: Database) -> None:
    public = everything()
    for database in (db, pg):
        await sync(database, public)
    for question in (*(q for q, _ in QUESTIONS), "12345", "全部合格", "a_b", "COVID-19", "の"):
        assert await find(db, question) == await find(pg, question), question


async def test_the_index_follows_the_site(database: Database) -> None:
    assert await find(database, "自来水") == []
    first = Public((told(publication()),), 1)
    assert await sync(database, first) == 1
    assert await sync(database, first) == 0
    assert await find(database, "自来水") == ["water2345678"]
    newer = WATER.model_copy(update={"fact": "水厂的浊度指标优于国家标准。"})
    assert await sync(database, Public((told(corrected(body=newer)),), 2)) == 1
    assert await find(database, "浊度") == ["water2345678"]
    assert await sync(database, Public((told(retracted()),), 3)) == 1
    assert await find(database, "自来水") == []


@pytest.mark.parametrize(
    "question",
    [
        "",
        "   ",
        "？！",
        '"',
        "' OR 1=1 --",
        "terms:",
        "NEAR(",
        "*",
        "a AND",
        "{x}",
        "(",
        "\\",
        ":*",
        "&|!",
        "\x00",
        "的",
    ],
)
async def test_no_question_is_a_query_language(database: Database, question: str) -> None:
    await sync(database, everything())
    assert isinstance(await find(database, question), list)


@given(st.text(max_size=200))
def test_terms_are_letters_and_digits_and_stable(text: str) -> None:
    found = terms(text)
    assert all(term and term == term.lower() and term.replace("_", "").isalnum() for term in found)
    assert terms(text) == found


def test_a_word_inside_a_longer_one_is_found() -> None:
    assert {"诈骗", "电话"} <= set(terms("诈骗电话"))


def test_a_question_is_asked_with_other_words_for_the_same_thing() -> None:
    wanted = asked("細伢子打预防针")
    assert {"孩子", "疫苗"} <= set(wanted.terms)
    assert not {"孩子", "疫苗"} & set(wanted.own)
    assert asked("").terms == ()


def test_a_word_that_was_asked_for_counts_more_than_another_word_for_it() -> None:
    pages = [publication(WATER.model_copy(update={"title": title}), public_id=id_, sequence=number)
             for number, (id_, title) in enumerate((("said34567890", "菌子要煮熟"), ("other3456789", "野蘑菇要煮熟")), 1)]  # fmt: skip
    documents = [document(told(one)) for one in pages]
    assert rank(asked("菌子"), documents, 2)[0] == "said34567890"
    assert rank(asked("野蘑菇"), documents, 2)[0] == "other3456789"


@pytest.mark.parametrize("line", EVERYDAY)
def test_every_group_of_other_words_has_two_and_no_word_twice(line: str) -> None:
    words = line.split("\t")
    assert len(words) == len(set(words)) > 1
    assert all(word == word.strip() and word for word in words)


def test_of_equal_answers_the_newest_comes_first() -> None:
    old = publication(WATER, public_id="old345678901", published=FIRST - timedelta(days=9))
    new = publication(WATER, public_id="new345678901", sequence=2)
    documents = [document(told(one)) for one in (old, new)]
    assert rank(asked("自来水"), documents, 2) == ["new345678901", "old345678901"]
