"""Violence that somebody announces reaches an editor as public order; a sigh, a game and a report of an arrest do not."""

from __future__ import annotations

import pytest

from classifiers import threats
from classifiers.assess import Assessor
from classifiers.text import Text, normalise

RULES = Assessor(None, None)

MEANT = [
    "炸了你们学校，看你们还敢不敢开除我",
    "明天去砍人，谁也拦不住我",
    "等着吧，今晚我要把这个单位的人都杀了",
    "我明天要在学校门口捅几个人给你们看",
    "你们再不给钱我就把店烧了",
    "信不信我拿刀去你们镇政府砍人",
    "医院不给说法我就抱着煤气罐去门诊部",
    "快递不赔我就炸了你们站点",
    "他在群里说明天要带刀去学校",
    "他们放狠话要炸商场，我看到了截图",
    "有人在贴吧说要炸了火车站",
]
NOT_MEANT = [
    "我真想杀了他，气死我了",
    "这届考试要杀人了",
    "笑死，这关难得想砍人",
    "作业多得我想炸学校",
    "今晚去砍价，便宜好多",
    "明天杀两只鸡，叫舅舅他们来吃饭",
    "我要去后山砍几棵竹子",
    "电影里反派说要炸了火车站",
    "男子扬言要炸商场被拘留",
    "今晚我要把这个副本的怪全杀了",
    "等下把蜂窝煤点了烧水",
]


@pytest.mark.parametrize("text", MEANT)
def test_a_threat_of_violence_is_flagged_as_public_order(text: str) -> None:
    found = RULES.assess([Text("", text)])[0].emergency
    assert (found.flag, found.hazard, found.category) == (True, "public_order", "social_security")


@pytest.mark.parametrize("text", NOT_MEANT)
def test_what_is_not_meant_or_was_caught_is_no_threat(text: str) -> None:
    assert threats.made(normalise(text)) is None
    assert not RULES.assess([Text("", text)])[0].emergency.flag
