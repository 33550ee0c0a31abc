"""Places: the county is found, the highway is not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.regions import Gazetteer

ROWS = Path(__file__).parents[2] / "deploy" / "cities" / "yichun" / "divisions.jsonl"


@pytest.fixture(scope="module")
def yichun() -> Gazetteer:
    return Gazetteer.from_rows(json.loads(line) for line in ROWS.read_text("utf-8").splitlines())


@pytest.fixture(scope="module")
def elsewhere() -> Gazetteer:
    """An invented city, to show that nothing but rows is needed."""
    return Gazetteer.from_rows(
        [
            {"code": "990100", "name": "青禾市", "level": "city", "parent": "990000", "province": "云南省"},
            {"code": "990121", "name": "石桥县", "level": "county", "parent": "990100", "ambiguous": True},
            {"code": "990122", "name": "柳塘县", "level": "county", "parent": "990100"},
        ]
    )


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("上高县发布暴雨红色预警信号", ["360923"]),
        ("江西上高一工厂昨夜起火", ["360923"]),
        ("宜丰、上高等地出现强对流天气", ["360924", "360923"]),
        ("上高二中师生安全撤离", ["360923"]),
        ("丰城电厂附近能听到巨响", ["360981"]),
        ("高安村前镇一处民房倒塌", ["360983"]),
        ("高安市龙潭镇降水量超过200毫米", ["360983"]),
        ("樟树警方通报一起涉药诈骗", ["360982"]),
        ("江西樟树一药厂气体泄漏", ["360982"]),
        ("铜鼓县大塅镇山体滑坡，道路中断", ["360926"]),
        ("飞剑潭乡水库开闸泄洪", ["360902"]),
        ("明月山温泉风景区临时闭园", ["360902"]),
        ("宜春市丰城、樟树两地停课", ["360981", "360982"]),
    ],
)
def test_a_county_named_in_many_ways_is_found(yichun: Gazetteer, text: str, codes: list[str]) -> None:
    assert list(yichun.find(text)) == codes


@pytest.mark.parametrize(
    "text",
    [
        "男子酒后驾车上高速被拦下",
        "从江西上高速之后一路向东",
        "表妹马上高考了很紧张",
        "四十度以上高温还要持续一周",
        "线上高价倒卖演唱会门票",
        "村口的千年樟树被雷劈断",
        "江西一棵樟树上挂满红布条",
        "铜鼓声响起，龙舟赛开始",
        "提高安全意识，远离电信诈骗",
        "这个周末最宜春游赏花",
        "咸丰城市建设进展",
        "千万载难逢的机会",
        "南昌市高安路早高峰拥堵",
        "重庆垫江高安镇发生火灾",
        "四川龙潭镇发生3.2级地震",
        "樟树市场价格上涨",
    ],
)
def test_a_name_inside_other_words_is_not_the_place(yichun: Gazetteer, text: str) -> None:
    assert yichun.find(text) == ()


def test_the_city_alone_is_given_only_when_no_county_is_named(yichun: Gazetteer) -> None:
    assert yichun.find("宜春市启动防汛三级应急响应") == ("360900",)
    assert yichun.find("宜春奉新启动防汛三级应急响应") == ("360921",)


def test_hidden_characters_do_not_hide_a_place(yichun: Gazetteer) -> None:
    assert yichun.find("豐城市暴雨") == ("360981",)
    assert yichun.find("丰\u200b城市暴雨") == ("360981",)


def test_a_shared_township_name_needs_its_county_or_city(yichun: Gazetteer) -> None:
    assert yichun.find("龙潭镇停水通知") == ()
    assert yichun.find("高安：龙潭镇停水通知") == ("360983",)


def test_counties_and_townships_are_listed_in_code_order(yichun: Gazetteer) -> None:
    counties = yichun.counties()
    assert len(counties) == 10
    assert counties[0] == ("360902", "袁州区")
    assert "大塅镇" in [name for _, name in yichun.townships("360926")]
    assert yichun.name("360983") == "高安市"


def test_another_city_needs_only_its_rows(elsewhere: Gazetteer) -> None:
    assert elsewhere.find("云南石桥发生一起交通事故") == ("990121",)
    assert elsewhere.find("工人在石桥上钓鱼") == ()
    assert elsewhere.find("柳塘县气象台发布大风预警") == ("990122",)


@pytest.mark.parametrize(
    "row", [{"code": "abc", "name": "x", "level": "county"}, {"code": "1", "name": "", "level": "county"}]
)
def test_a_row_that_is_no_division_is_refused(row: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a division"):
        Gazetteer.from_rows([row])


@given(st.text(alphabet=st.sampled_from(list("上高速丰城市樟树县江西宜春、一 a。")), max_size=60))
def test_any_text_gives_known_codes_once(text: str) -> None:
    gazetteer = Gazetteer.from_rows(json.loads(line) for line in ROWS.read_text("utf-8").splitlines()[:11])
    codes = gazetteer.find(text)
    assert len(set(codes)) == len(codes)
    assert all(gazetteer.name(code) for code in codes)
