"""A response that is called off is no running emergency; one that is begun, raised or lowered is."""

from __future__ import annotations

import pytest

from classifiers import hazards
from classifiers.assess import Assessor
from classifiers.text import Text, normalise

RULES = Assessor(None, None)

OFF = {
    "宜丰县人民政府防汛抗旱指挥部决定于6月24日18时终止防汛四级应急响应": "flood",
    "上高县解除防汛四级应急响应": "flood",
    "地质灾害四级应急响应解除": "geological",
    "省气象局结束暴雨三级应急响应": "rainstorm",
    "我县有序恢复通车，终止低温雨雪冰冻四级应急响应": "cold_wave",
    "县抗旱四级应急响应今天终止": "drought",
    "市防汛抗旱指挥部解除防汛Ⅲ级应急响应，转入灾后恢复": "flood",
}
ON = [
    "铜鼓县启动防汛四级应急响应",
    "奉新县防汛抗旱指挥部6月22日10时将防汛四级应急响应提升至三级",
    "终止重大气象灾害四级应急响应，启动防汛三级应急响应",
    "防汛四级应急响应尚未解除，请勿返回库区",
    "解除防汛四级应急响应，本次洪水已造成两人死亡",
]


@pytest.mark.parametrize("text", OFF)
def test_a_response_that_is_called_off_keeps_its_hazard_and_is_no_emergency(text: str) -> None:
    found = RULES.assess([Text("", text)])[0].emergency
    assert not found.flag
    assert found.hazard == OFF[text]
    assert not RULES.assess([Text("", text, authority=True)])[0].emergency.flag


@pytest.mark.parametrize("text", ON)
def test_a_response_that_goes_on_or_harm_beside_its_end_is_an_emergency(text: str) -> None:
    assert not hazards.judge(normalise(text)).over
    assert RULES.assess([Text("", text)])[0].emergency.flag
