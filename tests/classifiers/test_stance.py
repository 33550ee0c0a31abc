"""A refutation that is denied or asked for is none; one that stands is one."""

from __future__ import annotations

import pytest

from classifiers.assess import Assessor
from classifiers.text import Text


@pytest.mark.parametrize(
    "text",
    [
        "这不是谣言，已经证实了，快转发",
        "群里都说专家辟谣是假的，水库真的要垮了",
        "不要再说是谣言了，我家门口真的封了",
        "真的不是谣言！大家囤盐吧",
        "听说喝醋能软化血管是谣言，是真的吗",
        "求辟谣，听说自来水有毒",
    ],
)
def test_who_denies_or_asks_for_a_refutation_refutes_nothing(assessor: Assessor, text: str) -> None:
    assert not assessor.assess([Text("", text)])[0].debunk.flag


@pytest.mark.parametrize(
    "text",
    [
        "网传自来水有毒是谣言，市水务集团回应水质合格",
        "不信谣不传谣：停水三天不实",
        "传某地封城？官方：谣言！",
    ],
)
def test_a_plain_refutation_stays_one(assessor: Assessor, text: str) -> None:
    assert assessor.assess([Text("", text)])[0].debunk.flag
