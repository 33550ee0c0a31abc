"""A claim stored together with its answer is compared by what it claims, not by the answer's words."""

from __future__ import annotations

import pytest

from classifiers.claim_lines import claim_lines
from classifiers.claims import Claim, ClaimIndex

ANSWERED = {
    "walnut": "常吃核桃可以让人变聪明。营养科医生表示，核桃含有脂肪和蛋白质，但没有研究证明它能提高智力，吃多了还会发胖。均衡饮食、充足睡眠比任何一种食物都重要。",
    "bridge": "石门大桥因为洪水已经塌了 经县交通局现场核实，桥面和桥墩都完好，昨晚只是临时封闭检查，今天上午八点恢复通行。请不要相信，也不要转发没有来源的消息。",
    "tax": "宜春日报3月5日电（记者 某某）近日网上流传“明年起养狗每只要交两千元税”的截图，不少市民来电询问。经核实，该消息不实，本市没有这样的规定，相关部门也没有研究过。",
    "water": "自来水里加了太多氯，放两个小时才能喝？很多居民转发了这条消息。自来水公司检测后回应，余氯一直在国家标准以内，打开龙头就可以用。请大家放心。",
}


@pytest.fixture(scope="module")
def index() -> ClaimIndex:
    return ClaimIndex(Claim(id, text) for id, text in ANSWERED.items())


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("多吃核桃真的会变聪明吗", "walnut"),
        ("石门大桥被洪水冲塌了？", "bridge"),
        ("明年起养狗要交两千元税？", "tax"),
        ("自来水加氯太多，静置两小时才能喝", "water"),
    ],
)
def test_a_claim_with_its_answer_in_one_field_is_known(index: ClaimIndex, text: str, id: str) -> None:
    found = index.known(text)
    assert found is not None
    assert found.id == id
    assert [match.id for match in index.match(text)].count(id) == 1


@pytest.mark.parametrize(
    "text",
    [
        "经核实，该消息不实，本市没有这样的规定，相关部门也没有研究过",
        "请不要相信，也不要转发没有来源的消息",
        "均衡饮食、充足睡眠比任何一种食物都重要",
    ],
)
def test_what_only_the_answer_says_is_no_claim(index: ClaimIndex, text: str) -> None:
    assert index.known(text) is None


def test_a_short_claim_is_its_own_line() -> None:
    assert claim_lines("石门大桥塌了") == ("石门大桥塌了",)
    assert claim_lines("") == ("",)


def test_the_first_line_that_says_something_comes_first_and_a_whole_forward_last() -> None:
    lines = claim_lines(ANSWERED["bridge"])
    assert lines[0] == "石门大桥因为洪水已经塌了"
    forward = "各位邻居注意了，今晚石门水库放水。" + "家里有老人和孩子的先走，东西不要拿了。" * 4
    assert claim_lines(forward)[-1] == forward


def test_a_quoted_claim_is_a_line_and_tags_and_bylines_are_none() -> None:
    assert "明年起养狗每只要交两千元税" in claim_lines(ANSWERED["tax"])
    tagged = claim_lines("<li>青山水库的大坝裂了一条口子</li><li>" + ANSWERED["water"] + "</li>")
    assert tagged[0] == "青山水库的大坝裂了一条口子"


def test_a_claim_of_several_lines_is_replaced_and_forgotten_as_one() -> None:
    index = ClaimIndex(Claim(id, text) for id, text in ANSWERED.items())
    index.add(Claim("tax", "明年起养猫每只要交三千元税"))
    assert len(index) == len(ANSWERED)
    assert index.known("明年起养狗要交两千元税？") is None
    index.remove("water")
    assert all(match.id != "water" for match in index.match("自来水加氯太多，静置两小时才能喝"))
    assert index.known("多吃核桃真的会变聪明吗") is not None


def test_removing_many_claims_of_several_lines_keeps_the_rest() -> None:
    index = ClaimIndex(
        Claim(f"n{i}", f"第{i}号小区的电梯坏了。" + ANSWERED["walnut"][12:]) for i in range(700)
    )
    index.add(Claim("bridge", ANSWERED["bridge"]))
    for i in range(700):
        index.remove(f"n{i}")
    assert len(index) == 1
    assert index.known("石门大桥被洪水冲塌了？") is not None
