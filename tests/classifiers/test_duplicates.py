"""Near-copies are found, what only reads alike is not; the window forgets."""

from __future__ import annotations

import gc
import sys
from datetime import UTC, datetime, timedelta
from random import Random
from types import FunctionType, ModuleType

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers.duplicates import Link, Story, StoryWindow

MORNING = datetime(2026, 7, 1, 8, 0, tzinfo=UTC)


def stories(*texts: str) -> list[Story]:
    return [Story(f"s{at}", text, MORNING + timedelta(minutes=at)) for at, text in enumerate(texts)]


def of_kind(links: list[Link], kind: str) -> list[tuple[str, str]]:
    return [(link.id, link.other) for link in links if link.kind == kind]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("宜春市气象台发布暴雨红色预警信号", "宜春市气象台发布暴雨红色预警信号"),
        ("宜春市气象台发布暴雨红色预警信号", "【快讯】宜春市气象台发布暴雨红色预警信号！"),
        ("宜春市气象臺發布暴雨紅色預警信號", "宜春市气象台发布暴雨红色预警信号"),
        (
            "记者从市水利局获悉，青山水库大坝安全，网传决堤消息不实，请市民不要轻信。",
            "记者今日从市水利局获悉，青山水库大坝安全，网传决堤消息不实，请广大市民不要轻信。",
        ),
    ],
)
def test_a_story_that_reads_the_same_is_a_copy(first: str, second: str) -> None:
    links = StoryWindow().add(stories(first, second))
    assert of_kind(links, "copy") == [("s1", "s0")]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("宜春市气象台发布暴雨红色预警信号", "宜春市气象台发布暴雨橙色预警信号"),
        ("宜春市气象台发布暴雨红色预警信号", "宜春市气象台解除暴雨红色预警信号"),
        ("南昌市气象台发布暴雨红色预警信号", "九江市气象台发布暴雨红色预警信号"),
        ("高速连环追尾事故造成3人死亡", "高速连环追尾事故造成5人死亡"),
        ("市图书馆周末举办绘本故事会", "城东路段今晚封闭施工请绕行"),
    ],
)
def test_another_level_step_place_or_number_is_no_copy(first: str, second: str) -> None:
    assert of_kind(StoryWindow().add(stories(first, second)), "copy") == []


def test_links_go_to_earlier_stories_and_at_most_one_of_a_kind() -> None:
    texts = [
        "化工园区昨晚发生爆炸两人受伤",
        "化工园区昨晚爆炸，两人受伤送医",
        "化工园区爆炸事故两人受伤，官方通报",
    ] * 2
    links = StoryWindow().add(stories(*texts))
    order = {f"s{at}": at for at in range(len(texts))}
    assert all(order[link.other] < order[link.id] for link in links)
    assert len({(link.id, link.kind) for link in links}) == len(links)
    assert all(0.0 <= link.score <= 1.0 for link in links)


def test_the_window_forgets_copies_after_seven_days_and_events_after_three() -> None:
    window = StoryWindow()
    text = "化工园区昨晚发生爆炸两人受伤"
    window.add([Story("old", text, MORNING)])
    later = window.add([Story("later", text, MORNING + timedelta(days=4))])
    assert of_kind(later, "copy") == [("later", "old")]
    assert of_kind(later, "event") == []
    assert window.add([Story("last", text, MORNING + timedelta(days=12))]) == []
    assert len(window) == 1


def test_the_window_is_bounded_in_number() -> None:
    window = StoryWindow(most=50)
    window.add(stories(*(f"第{at}号路段今晚封闭施工" for at in range(5_000))))
    assert len(window) <= 50


def test_a_remembered_story_is_small() -> None:
    """Tens of thousands are remembered for days beside everything else that a process holds."""
    chosen = Random(7)
    places = ["秀江桥", "锦江路", "明月山", "北门市场", "温汤镇", "火车站", "体育馆", "东风水库"]
    doings = ["清理积水", "恢复供电", "检修电梯", "巡查堤防", "发放口粮", "疏导车辆", "抽检蔬菜", "讲解防火"]
    texts = [
        f"{chosen.choice(places)}{chosen.choice(doings)}，{chosen.randrange(9_000)}户居民收到第{at}号通知，{chosen.choice(doings)}"
        for at in range(800)
    ]
    window = StoryWindow()
    window.add(stories(*texts[:400]))
    before = _held(window)
    window.add([Story(f"t{at}", text, MORNING + timedelta(days=1)) for at, text in enumerate(texts[400:])])
    assert (_held(window) - before) / 400 < 4_000  # bytes


def _held(root: object) -> int:
    """Bytes of everything that an object holds on to, functions and classes aside."""
    seen: dict[int, object] = {}
    ahead: list[object] = [root]
    while ahead:
        one = ahead.pop()
        if id(one) not in seen and not isinstance(one, (type, ModuleType, FunctionType)):
            seen[id(one)] = one
            ahead += gc.get_referents(one)
    return sum(map(sys.getsizeof, seen.values()))


def test_the_same_stories_give_the_same_links_in_one_batch_or_many() -> None:
    texts = [
        "柳河大桥因水位上涨临时封闭",
        "受强降雨影响 柳河大桥临时封闭",
        "市民食堂今天开业",
        "柳河大桥恢复通行",
        "市民食堂今天开业！",
    ]
    at_once = StoryWindow().add(stories(*texts))
    window = StoryWindow()
    one_by_one = [link for story in stories(*texts) for link in window.add([story])]
    assert at_once == one_by_one


@settings(max_examples=60, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=8))
def test_no_text_breaks_the_window(texts: list[str]) -> None:
    for link in StoryWindow().add(stories(*texts)):
        assert link.id != link.other
        assert link.kind in ("copy", "event")
