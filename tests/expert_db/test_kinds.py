"""Who knows vegetables is asked of spinach: kinds of things, over the demo directory and a made-up one of 300."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from itertools import pairwise

import pytest

from expert_db.directory import Directory
from expert_db.kinds import asked_of, kinds, kinds_in
from expert_db.match import rank
from expert_db.roster import Profile
from expert_db.similarity import readable
from tests.expert_db.people import COUNTIES, NOW, ROOT, ZONE, demo_profiles, need, person

DATA = ROOT / "tests" / "data"
COPIES = 5


def lines(name: str) -> list[list[str]]:
    text = (DATA / name).read_text("utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@cache
def made_up() -> Directory:
    """Five people a speciality, two of them for the whole city."""
    people: list[Profile] = []
    for at, (name, codes, hazards, topics, profile) in enumerate(lines("expert_specialities.tsv")):
        people += [
            person(
                len(people) + copy + 1,
                name=f"{name}·{copy}",
                disciplines=tuple(codes.split(",")),
                hazards=tuple(filter(None, hazards.split(","))),
                topics=tuple(topics.split(",")),
                profile=profile,
                regions=() if copy < 2 else (COUNTIES[(at + copy) % len(COUNTIES)],),
            )
            for copy in range(COPIES)
        ]
    return Directory(people)


def share(directory: Directory, column: int, called: Callable[[Profile], str], first: int) -> float:
    """How often one of the `first` is right."""
    rows, hits = lines("expert_questions.tsv"), 0
    for row in rows:
        asked = need(
            text=row[0], hazard=row[1] or None, topics=tuple(row[2].split(",")), regions=(), when=NOW
        )
        names = [called(one.profile) for one in rank(asked, directory, {}, ZONE, limit=first)]
        hits += any(name in row[column].split() for name in names)
    return hits / len(rows)


def test_the_right_kind_of_expert_comes_first_in_the_demo_directory() -> None:
    directory = Directory(demo_profiles())
    assert share(directory, 3, lambda one: one.name.split("·")[1], 1) >= 0.90
    assert share(directory, 3, lambda one: one.name.split("·")[1], 3) >= 0.95


def test_the_right_kind_of_expert_comes_first_among_300() -> None:
    assert len(made_up()) == 300
    assert share(made_up(), 4, lambda one: one.name.split("·")[0], 1) >= 0.93


def test_whoever_knows_vegetables_is_asked_of_spinach_and_not_whoever_knows_rice() -> None:
    rice = person(1, profile="水稻高产栽培和机插秧", topics=("agriculture",), hazards=())
    greens = person(2, profile="大棚蔬菜育苗与采收", topics=("agriculture",), hazards=())
    asked = need(text="菠菜一夜长高十公分是怎么回事", hazard=None, topics=("agriculture",), regions=())
    best = rank(asked, Directory([rice, greens]), {}, ZONE)
    assert best[0].profile == greens
    assert best[0].reasons[0].code == "text"
    assert best[0].reasons[0].data == ("蔬菜",)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("化肥厂飘来一股臭鸡蛋味", "危险化学品"),
        ("WIFI会不会伤身体", "通信与电磁"),
        ("五步蛇进了院子", "急性中毒"),
    ],
)
def test_the_longest_word_says_what_it_is(text: str, expected: str) -> None:
    assert expected in kinds_in(text)
    assert "营养" not in kinds_in(text)


def test_what_is_named_first_counts_twice() -> None:
    assert asked_of("小龙虾壳上有重金属").count("水产") == 2
    assert asked_of("小龙虾壳上有重金属").count("环境监测") == 1
    assert asked_of("没有人知道") == ()


def test_a_reason_shows_words_that_a_person_would_name() -> None:
    assert readable(("重金", "重金属", "金属"), "空心菜是重金属之王", "土壤重金属") == ("重金属",)
    assert readable(("水器", "插头"), "电热水器不拔插头", "净水器和插头") == ("插头",)
    assert readable(("浑水",), "河里冒浑水翻沙", "管涌") == ("浑水",)


def test_the_table_has_no_empty_kind_no_single_character_and_no_word_twice() -> None:
    for kind, members in kinds().items():
        assert members, kind
        assert all(len(word) > 1 for word in members), kind
        ordered = sorted(members)
        assert not [one for one, other in pairwise(ordered) if one == other], kind
