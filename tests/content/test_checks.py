"""What a text must have before anybody is asked to approve it."""

from __future__ import annotations

from typing import Any

import pytest

from content.body import PieceBody, SourceRef
from content.checks import blocking, problems
from content.pieces import PieceKind
from content.titles import repeats_claim
from tests.writing import EXPLAINER, REBUTTAL

WARNING = {
    "type": "暴雨",
    "level": "橙色",
    "start": "2026-06-18 14:00",
    "area": "北部山区三个乡镇",
    "cautions": "三小时雨量将达五十毫米以上",
    "measures": "停止户外作业，低洼地带人员转移",
    "issuer": "示例市气象台",
    "issued_at": "2026-06-18 13:20",
}


def found(kind: str, body: PieceBody, **more: Any) -> set[tuple[str, str]]:
    return {(p.code, p.field) for p in blocking(problems(kind, body, **more))}


def advice(kind: str, body: PieceBody) -> set[tuple[str, str]]:
    return {(p.code, p.field) for p in problems(kind, body) if p.severity == "should"}


def test_a_complete_rebuttal_and_a_complete_explainer_pass() -> None:
    assert not found(PieceKind.REBUTTAL, REBUTTAL)
    assert not found(PieceKind.EXPLAINER, EXPLAINER)


@pytest.mark.parametrize("name", ["title", "claim", "verdict", "fact", "todo", "sources"])
def test_a_rebuttal_names_each_part_that_it_lacks(name: str) -> None:
    empty: Any = None if name == "verdict" else () if name == "sources" else ""
    assert found(PieceKind.REBUTTAL, REBUTTAL.model_copy(update={name: empty})) == {("missing", name)}


@pytest.mark.parametrize("name", ["title", "question", "answer", "sources"])
def test_an_explainer_names_each_part_that_it_lacks(name: str) -> None:
    empty: Any = () if name == "sources" else ""
    assert found(PieceKind.EXPLAINER, EXPLAINER.model_copy(update={name: empty})) == {("missing", name)}


def test_a_holding_statement_needs_neither_verdict_nor_source() -> None:
    body = REBUTTAL.model_copy(update={"verdict": None, "sources": ()})
    assert not found(PieceKind.HOLDING, body)


def test_a_correction_is_as_complete_as_what_it_corrects_and_says_what_changed() -> None:
    assert found(PieceKind.CORRECTION, REBUTTAL, original="rebuttal") == {("missing", "correction_note")}
    noted = EXPLAINER.model_copy(update={"correction_note": "第三条的距离写错了。"})
    assert not found(PieceKind.CORRECTION, noted, original="explainer")
    assert ("missing", "verdict") in found(PieceKind.CORRECTION, noted, original="rebuttal")


@pytest.mark.parametrize("element", sorted(WARNING))
def test_a_relayed_warning_has_all_eight_elements_of_the_law(element: str) -> None:
    body = PieceBody(title="暴雨橙色预警", warning=WARNING, sources=(SourceRef(title="示例市气象台发布页"),))
    assert not found(PieceKind.WARNING, body)
    lacking = body.model_copy(update={"warning": {**WARNING, element: " "}})
    assert found(PieceKind.WARNING, lacking) == {("missing", f"warning.{element}")}


@pytest.mark.parametrize(
    ("title", "claim"),
    [
        ("上游工厂泄漏，全市自来水有毒", "上游工厂泄漏，全市自来水有毒，明天起停水三天"),
        ("网传“喝高度白酒可以预防感冒”不实", "喝高度白酒可以预防感冒"),
        ("喝高度白酒，可以预防感冒？", "喝高度白酒可以预防感冒"),
        ("明晚八点有五级地震的消息是假的", "明晚八点有五级地震，大家不要睡觉"),
        ("ＭＭＲ疫苗导致自闭症", "mmr疫苗导致自闭症"),
    ],
)
def test_a_title_that_repeats_the_rumor_is_refused(title: str, claim: str) -> None:
    assert repeats_claim(title, claim)
    body = REBUTTAL.model_copy(update={"title": title, "claim": claim})
    assert ("claim_in_title", "title") in found(PieceKind.REBUTTAL, body)


@pytest.mark.parametrize(
    ("title", "claim"),
    [
        ("喝白酒不能预防感冒", "喝白酒能预防感冒"),
        ("吃大蒜不可以预防流感和禽流感", "吃大蒜可以预防流感和禽流感"),
        ("饮用水水质达标，无须囤积桶装水", "上游工厂泄漏，全市自来水有毒，明天起停水三天"),
        ("地震目前无法预报", "明晚八点有五级地震，大家不要睡觉"),
        ("水库没有溃坝，水位正常", "溃坝"),
    ],
)
def test_a_title_that_states_the_fact_passes(title: str, claim: str) -> None:
    assert not repeats_claim(title, claim)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("请联系张先生 13812345678 核实", "mobile"),
        ("请联系 138-1234-5678", "mobile"),
        ("身份证号 360902199001011234 的当事人", "identity"),
        ("汇款账号 6222021234567890123 是骗局", "card"),
    ],
)
def test_personal_data_stops_a_text(text: str, kind: str) -> None:
    body = REBUTTAL.model_copy(update={"why": text})
    stops = [p for p in problems(PieceKind.REBUTTAL, body) if p.code == "personal_data"]
    assert [(p.field, p.severity, p.data["kind"]) for p in stops] == [("why", "must", kind)]


@pytest.mark.parametrize(
    "text", ["拨打 12345 热线", "咨询 0795-3998600", "2026年11月24日检测 42 项", "编号 20261124001234567"]
)
def test_public_numbers_are_no_personal_data(text: str) -> None:
    assert not found(PieceKind.REBUTTAL, REBUTTAL.model_copy(update={"why": text}))


@pytest.mark.parametrize("text", ["@所有人请转发", "@all大家注意", '<at user_id="all">所有人</at>', "<@all>"])
def test_calling_everybody_in_a_chat_is_refused(text: str) -> None:
    assert ("mention", "todo") in found(PieceKind.REBUTTAL, REBUTTAL.model_copy(update={"todo": text}))


def test_the_exercise_mark_belongs_to_the_renderers() -> None:
    body = REBUTTAL.model_copy(update={"title": "【演练】水质达标"})
    assert found(PieceKind.REBUTTAL, body) == {("exercise_mark", "title")}
    assert not found(PieceKind.REBUTTAL, body, exercise=True)


def test_advice_does_not_stop_a_text() -> None:
    long = "请" + "、".join(["关紧门窗并远离外墙和玻璃"] * 8)
    body = REBUTTAL.model_copy(
        update={"todo": long, "audiences": ("elderly",), "why": "", "title": "水" * 40}
    )
    assert not found(PieceKind.REBUTTAL, body)
    assert {("long_sentence", "todo"), ("no_explanation", "why"), ("long_title", "title")} <= advice(
        PieceKind.REBUTTAL, body
    )


def test_a_verdict_needs_evidence_that_somebody_can_look_up() -> None:
    body = REBUTTAL.model_copy(update={"sources": (SourceRef(title="听说"),)})
    assert ("verdict_without_evidence", "sources") in found(PieceKind.REBUTTAL, body)


def details(
    code: str, body: PieceBody, kind: str = PieceKind.REBUTTAL
) -> list[tuple[str, str, dict[str, Any]]]:
    return [(p.field, p.severity, p.data) for p in problems(kind, body) if p.code == code]


@pytest.mark.parametrize(
    ("url", "home"),
    [
        ("https://www.mem.gov.cn", True),
        ("https://www.mem.gov.cn/", True),
        ("https://www.nhc.gov.cn/index.shtml", True),
        ("https://www.gov.cn/?id=1", False),
        ("https://www.gov.cn/zhengce/2026-11/24/content_1.htm", False),
    ],
)
def test_a_front_door_is_no_source_since_it_says_something_else_tomorrow(url: str, home: bool) -> None:
    body = REBUTTAL.model_copy(update={"sources": (SourceRef(title="提示", url=url),)})
    assert details("home_page", body) == ([("sources", "should", {"number": 1})] if home else [])


@pytest.mark.parametrize(
    "text", ["原文称〔原来的说法〕", "联系____核实", "已于XXX时处置", "地点：（待填：乡镇）"]
)
def test_a_template_with_blanks_is_not_handed_in(text: str) -> None:
    body = REBUTTAL.model_copy(update={"fact": text})
    assert ("unfilled", "fact") in found(PieceKind.REBUTTAL, body)


@pytest.mark.parametrize(
    "text", ["![](https://example.org/a.png)", '<img src="a.png">', "<img src=a alt=''>"]
)
def test_a_picture_without_words_for_who_cannot_see_it_is_refused(text: str) -> None:
    assert ("picture_without_words", "why") in found(
        PieceKind.REBUTTAL, REBUTTAL.model_copy(update={"why": text})
    )


def test_a_picture_with_words_is_only_markup() -> None:
    body = REBUTTAL.model_copy(update={"why": '<img src="a.png" alt="水位曲线">'})
    assert ("picture_without_words", "why") not in found(PieceKind.REBUTTAL, body)
    assert ("markup", "why") in advice(PieceKind.REBUTTAL, body)


@pytest.mark.parametrize(
    "text", ["**注意** 关火", "# 通知", "见[公告](https://example.org)", "~~旧~~", "<b>关火</b>"]
)
def test_chat_markup_is_named_where_it_stands(text: str) -> None:
    assert ("markup", "todo") in advice(PieceKind.REBUTTAL, REBUTTAL.model_copy(update={"todo": text}))


@pytest.mark.parametrize("text", ["水温 5*3*2 组", "编号 #12", "体温 < 38 度", "[2026] 3 号文件"])
def test_ordinary_signs_are_no_markup(text: str) -> None:
    assert ("markup", "todo") not in advice(PieceKind.REBUTTAL, REBUTTAL.model_copy(update={"todo": text}))


def test_how_long_a_sentence_may_be_depends_on_who_reads_it() -> None:
    sentence = "今天上午九点供水单位在三个监测点采样检测结果显示四十二项指标全部符合国家生活饮用水卫生标准没有停水安排。"
    body = REBUTTAL.model_copy(update={"fact": sentence})
    for audiences, limit in (
        ((), None),
        (("elderly",), 45),
        (("elderly", "officials"), 45),
        (("officials",), None),
    ):
        data = details("long_sentence", body.model_copy(update={"audiences": audiences}))
        assert [(name, d["limit"]) for name, _, d in data] == ([("fact", limit)] if limit else [])


def test_an_offices_words_are_named_with_how_people_say_it() -> None:
    body = REBUTTAL.model_copy(update={"todo": "切勿购置瓶装水，敬请知悉。", "audiences": ("farmers",)})
    ((name, severity, data),) = details("hard_word", body)
    assert (name, severity) == ("todo", "should")
    assert {"切勿→不要", "购置→买"} <= set(data["words"].split("，"))
    assert details("hard_word", body.model_copy(update={"audiences": ("officials",)})) == []


def test_a_text_of_many_long_sentences_is_called_dense() -> None:
    body = REBUTTAL.model_copy(
        update={
            "fact": "供水单位今天上午在城区三个监测点分别采样并且送到有资质的实验室做了检测。" * 12,
            "audiences": ("elderly",),
        }
    )
    assert [d["limit"] for _, _, d in details("dense_text", body)] == [28]


def test_what_a_channel_would_cut_is_told_with_its_length() -> None:
    body = REBUTTAL.model_copy(update={"fact": "水质达标。" * 300})
    assert [(n, d["channel"], d["limit"]) for n, _, d in details("over_limit", body)] == [
        ("fact", "wecom", 3600)
    ]
    village = REBUTTAL.model_copy(update={"fact": "水质达标。" * 40, "audiences": ("farmers",)})
    assert [d["channel"] for _, _, d in details("over_limit", village)] == ["loudspeaker"]
