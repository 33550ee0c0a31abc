"""The stock of prepared texts: complete, plain, sourced, and found when it is needed."""

from __future__ import annotations

import re
import tomllib
from datetime import UTC, datetime
from urllib.parse import urlsplit

import pytest

from classifiers.taxonomy import HAZARDS
from content import checks, prepared
from content.body import PieceBody
from content.pieces import PieceKind
from content.prepared import Prepared
from content.render.spoken import aloud, digits

LOOKED_AT = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
PUBLISHERS = tomllib.loads((prepared.FOLDER / prepared.PUBLISHERS).read_text("utf-8"))


def opened(body: PieceBody) -> PieceBody:
    """The same text after an editor has looked its sources up."""
    sources = tuple(
        source.model_copy(update={"retrieved_at": LOOKED_AT, "url": f"{source.url}2026/notice.html"})
        for source in body.sources
    )
    return body.model_copy(update={"sources": sources})


each_text = pytest.mark.parametrize("text", prepared.all_texts(), ids=lambda text: text.id)


@each_text
def test_a_prepared_text_lacks_nothing_once_its_sources_are_opened(text: Prepared) -> None:
    assert checks.problems(text.kind, opened(text.body)) == []


@each_text
def test_a_prepared_text_is_read_in_short_sentences(text: Prepared) -> None:
    everything = (text.body.fact, text.body.todo, text.body.answer)
    assert [s for part in everything for s in checks.sentences(part) if len(s) > 50] == []


@each_text
def test_a_prepared_text_says_whom_and_what_it_is_about(text: Prepared) -> None:
    assert text.body.audiences
    assert text.body.topics
    assert not text.body.regions


@each_text
def test_every_source_names_a_publisher_and_its_home_address(text: Prepared) -> None:
    for source in text.body.sources:
        assert source.title
        assert source.publisher
        assert urlsplit(source.url).path in ("/", "/zh")


@each_text
def test_telephone_numbers_are_said_digit_by_digit(text: Prepared) -> None:
    words = f"{text.body.fact}{text.body.why}{text.body.todo}{text.body.answer}"
    called = re.findall(r"[打拨](\d{3,5})(?!\d)|[和、或](\d{3,5})(?=求救|报警|[，。；、])", words)
    for number in {one or other for one, other in called}:
        assert aloud(number) == digits(number).replace("一", "幺"), number


def test_every_publisher_is_used() -> None:
    used = {source.publisher for text in prepared.all_texts() for source in text.body.sources}
    assert {publisher["name"] for publisher in PUBLISHERS.values()} == used


def test_the_stock_covers_every_hazard_and_both_kinds() -> None:
    assert len(prepared.all_texts()) >= 80
    assert [code for code in HAZARDS if not prepared.by_hazard(code)] == []
    assert {text.kind for text in prepared.all_texts()} == {PieceKind.REBUTTAL, PieceKind.EXPLAINER}


NATURAL = [code for code, hazard in HAZARDS.items() if hazard.category == "natural_disaster"]


@pytest.mark.parametrize("hazard", NATURAL)
def test_the_first_hour_of_a_natural_disaster_finds_words_what_to_do(hazard: str) -> None:
    assert any(text.kind == PieceKind.EXPLAINER for text in prepared.by_hazard(hazard))


def test_texts_about_a_hazard_are_only_about_that_hazard() -> None:
    assert {text.body.hazard for text in prepared.by_hazard("earthquake")} == {"earthquake"}
    assert prepared.by_hazard("martians") == ()


@pytest.mark.parametrize(
    ("sighting", "hazard", "wanted"),
    [
        ("听说今晚有大地震，专家内部消息，大家都去广场睡觉", "earthquake", "earthquake-forecast"),
        ("转给家人：上山采的蘑菇只要颜色不鲜艳就没有毒", None, "poisoning-mushroom"),
        ("公安局来电说我涉嫌洗钱，要我把钱转到安全账户", None, "fraud-anti-fraud-call"),
        ("超市的盐和大米都抢空了，快去多买一点", "panic_buying", "panic-salt-rice"),
        ("小区要装5G基站，邻居说会得癌症", None, "technology-base-station"),
        ("村医说每年打几天吊针可以预防中风", None, "drug-hanging-drip"),
    ],
)
def test_the_fitting_text_is_suggested_first(sighting: str, hazard: str | None, wanted: str) -> None:
    assert prepared.suggest(sighting, hazard)[0].id == wanted


def test_at_most_three_are_suggested_and_none_for_something_else() -> None:
    assert len(prepared.suggest("台风要来了，窗户贴胶带有用吗", "typhoon", ("weather",))) <= 3
    assert prepared.suggest("市图书馆周末举办读书分享会", None, ("education",)) == ()
    assert prepared.suggest("") == ()


def test_a_hazard_alone_is_enough_for_a_suggestion() -> None:
    assert {one.body.hazard for one in prepared.suggest("", "mine")} == {"mine"}


@pytest.mark.parametrize(
    "change",
    [
        {"hazard": "martians"},
        {"topics": ["x"]},
        {"kind": "warning"},
        {"id": ""},
        {"titel": "…"},
        {"verdict": "wrong"},
    ],
)
def test_a_wrong_text_is_refused_with_its_file(change: dict[str, object]) -> None:
    good = {"id": "a", "kind": "rebuttal", "title": "事实", "sources": [{"by": "mem", "title": "提示"}]}
    assert prepared.parse(good, PUBLISHERS, "a.toml").body.sources[0].publisher == "应急管理部"
    with pytest.raises(ValueError, match=r"^a\.toml: "):
        prepared.parse(good | change, PUBLISHERS, "a.toml")


@pytest.mark.parametrize("asked", ["蘑菇", "毒蘑菇能不能吃", "中毒 蘑菇"])
def test_a_search_finds_by_part_of_a_word_and_by_hazard(asked: str) -> None:
    assert "poisoning-mushroom" in [one.id for one in prepared.search(asked)]


def test_a_search_for_nothing_finds_nothing() -> None:
    assert prepared.search("  ") == ()
    assert prepared.search("图书馆读书分享会") == ()
