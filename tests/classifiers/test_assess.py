"""What the desk is told about a text, with the shipped model and without any."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from classifiers import model_file
from classifiers.assess import Assessor
from classifiers.sentences.compose import HERE
from classifiers.signals import Assessment, Because, Emergency, Signal, TopicScore, Warning
from classifiers.text import Text
from service.cli import labelled

MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def shipped() -> Assessor:
    return Assessor(model_file.load(model_file.SHIPPED), None)


def one(assessor: Assessor, sentence: str, authority: bool = False) -> Assessment:
    return assessor.assess([Text("", sentence, authority)])[0]


def test_the_shipped_model_is_small_and_loads_quickly() -> None:
    assert sum(path.stat().st_size for path in model_file.SHIPPED.iterdir()) < 12 * MEGABYTE
    started = time.process_time()
    model_file.load(model_file.SHIPPED)
    assert time.process_time() - started < 2


def test_the_shipped_model_gets_every_canary_right(shipped: Assessor) -> None:
    canaries = list(labelled.read(HERE / "canaries.tsv"))
    wrong = [
        (canary.joined, task)
        for canary, answer in zip(canaries, shipped.assess([c.text for c in canaries]), strict=True)
        for task in ("rumor", "debunk", "emergency")
        if getattr(answer, task).flag != bool(getattr(canary, task))
    ]
    assert wrong == []


def test_a_flood_is_an_emergency_with_words_behind_it(assessor: Assessor) -> None:
    found = one(assessor, "锦江出现超警戒洪水，沿岸上千群众紧急转移").emergency
    assert found.flag
    assert (found.category, found.hazard) == ("natural_disaster", "flood")
    assert any("洪水" in reason.term for reason in found.because)
    assert [r.weight for r in found.because] == sorted((r.weight for r in found.because), reverse=True)


def test_a_refutation_is_never_a_suspect(assessor: Assessor) -> None:
    found = one(assessor, "紧急通知！网传香蕉致癌？假的！官方辟谣：不实信息，千万别转发给家人！！")
    assert found.debunk.flag
    assert not found.rumor.flag


@pytest.mark.parametrize(
    "title",
    [
        "求真｜宜春要封路？交警：没有的事",
        "吃大蒜能杀死病毒？专家释疑：别被忽悠了",
        "丰城停课一周？｜某某辟谣",
        "视频称有人用塑料造米 市场监管局辟谣",
    ],
)
def test_a_title_that_answers_its_question_is_a_debunk_without_its_body(
    shipped: Assessor, title: str
) -> None:
    (found,) = shipped.assess([Text("", title)])
    assert found.debunk.flag
    assert not found.rumor.flag


@pytest.mark.parametrize("title", ["喝柠檬苏打水能治癌症吗？", "吃西瓜喝可乐会中毒致死？"])
def test_who_only_asks_is_no_suspect(shipped: Assessor, title: str) -> None:
    (found,) = shipped.assess([Text("", title)])
    assert not found.rumor.flag


def test_an_official_warning_is_an_emergency_with_its_level(assessor: Assessor) -> None:
    found = one(assessor, "宜春市气象台发布暴雨橙色预警信号").emergency
    assert found.flag
    assert found.level == "orange"
    assert found.warning == Warning("宜春市气象台", "orange", "暴雨", "issue")


def test_an_authority_has_a_floor(shipped: Assessor) -> None:
    sentence = "今日起水位上涨，涉险路段请绕行"
    plain, official = one(shipped, sentence).emergency, one(shipped, sentence, authority=True).emergency
    assert official.score >= plain.score
    strong = "河道涨水，请沿岸群众注意避险"
    assert one(shipped, strong, authority=True).emergency.flag


def test_ordinary_words_from_an_authority_are_no_emergency(shipped: Assessor) -> None:
    assert not one(shipped, "市气象局召开年度工作会议", authority=True).emergency.flag


def test_without_a_model_the_version_says_rules() -> None:
    assert one(Assessor(None, None), "今天天气不错").model == "rules"


def test_order_and_batch_do_not_matter(shipped: Assessor) -> None:
    texts = [Text("", sentence) for sentence in ("洪水来了", "图书馆开放", "吃大蒜能治癌", "", "谣言")]
    together = shipped.assess(texts)
    assert together == [shipped.assess([text])[0] for text in texts]
    assert shipped.assess(texts[::-1]) == together[::-1]


def test_json_goes_there_and_back(assessor: Assessor) -> None:
    for sentence in ("宜春市气象台发布暴雨橙色预警信号", "谣言！香蕉不致癌", "春天来了"):
        found = one(assessor, sentence)
        assert Assessment.from_json(found.to_json()) == found


def test_the_json_has_the_contracts_fields() -> None:
    line = Assessment(
        Signal(0.9, True, (Because("转发", 1.0),)),
        Signal(0.1, False),
        Emergency(0.2, False),
        (TopicScore("food", 0.8),),
        ("general",),
        ("360902",),
        "qy-1",
    ).to_json()
    assert line["rumor"] == {"score": 0.9, "flag": True, "because": [{"term": "转发", "weight": 1.0}]}
    assert {"score", "flag"} <= set(line["debunk"])  # type: ignore[call-overload]
    assert {"score", "flag", "category", "hazard", "level"} <= set(line["emergency"])  # type: ignore[call-overload]
    assert line["topics"] == [{"topic": "food", "score": 0.8}]
    assert (line["audiences"], line["regions"], line["model"]) == (["general"], ["360902"], "qy-1")


def test_topics_fall_back_to_other(shipped: Assessor) -> None:
    assert [topic.topic for topic in one(shipped, "他笑了").topics] == ["other"]


def test_regions_come_from_the_gazetteer() -> None:
    class Here:
        wordings = ()

        def find(self, text: str) -> tuple[str, ...]:
            return ("360902",) if "袁州区" in text else ()

    assert Assessor(None, Here()).assess([Text("", "袁州区下雨")])[0].regions == ("360902",)


def test_a_title_of_unknown_words_is_no_rumor(shipped: Assessor) -> None:
    for title in ("灼华", "涅槃", "奇遇", "x", "。。。", ""):
        assert not one(shipped, title).rumor.flag


@pytest.mark.parametrize("piece", ["㐀㐁㐂㐃", "网传？", "暴雨预警", "!1@#", "吃了会死", "\u200b😀", "a1 "])
def test_a_hostile_text_cannot_stall(shipped: Assessor, piece: str) -> None:
    started = time.process_time()
    one(shipped, piece * 20_000)
    assert time.process_time() - started < 3


def test_what_did_not_follow_is_not_named_as_the_hazard(shipped: Assessor) -> None:
    found = one(shipped, "地铁2号线信号故障列车停运，现场有烟雾，并未引发火灾爆炸").emergency
    assert (found.flag, found.category, found.hazard) == (True, "accident", "traffic")


def test_sentence_files_are_what_the_templates_make() -> None:
    from classifiers.sentences import compose

    words, total = compose.slots(), 0
    for path in sorted((HERE / "templates").glob("*.txt")):
        if path.stem == "slots":
            continue
        lines = compose.expand(path.stem, words)
        assert (HERE / "labelled" / f"{path.stem}.tsv").read_text("utf-8") == "\n".join(lines) + "\n"
        total += sum(bool(line) and not line.startswith("#") for line in lines)
    assert total >= 3_000


def test_every_sentence_can_be_read() -> None:
    paths = labelled.files([Path(HERE / "labelled")])
    examples = [example for path in paths for example in labelled.read(path)]
    assert all(example.group for example in examples)
    assert min(sum(e.rumor == 1 for e in examples), sum(e.debunk == 1 for e in examples)) > 300


@pytest.mark.parametrize(
    "text", ["网传某地停水三天", "网传宜春明天地震", "网传大塅水库大坝决口 下游乡镇今晚会被淹？"]
)
def test_saying_that_something_goes_round_is_no_refutation(shipped: Assessor, text: str) -> None:
    assert not shipped.assess([Text(text, "")])[0].debunk.flag


@pytest.mark.parametrize(
    "text", ["网传某超市大米有毒不实", "网传学校停课？教育局：没有的事", "网传明天停水系谣言"]
)
def test_saying_that_what_goes_round_is_untrue_is_one(shipped: Assessor, text: str) -> None:
    assert shipped.assess([Text(text, "")])[0].debunk.flag


def test_a_title_that_reads_like_a_rumor_stays_one_beside_a_lead(shipped: Assessor) -> None:
    title = "听说自来水厂进水了，水有毒，赶快去超市抢矿泉水"
    lead = "内部消息，洪水把水厂淹了，自来水已经有毒不能喝，超市矿泉水快被抢光了，动作要快，速转！"
    assert shipped.assess([Text(title, lead)])[0].rumor.flag
    refuted = Text("听说自来水有毒，赶快囤水？不实", "水务部门说，网传自来水有毒的消息不实，供水正常。")
    assert not shipped.assess([refuted])[0].rumor.flag


def test_ordinary_stories_with_a_lead_are_no_rumors(shipped: Assessor) -> None:
    stories = (
        (
            "城区三条公交线路下周起调整站点",
            "因道路维修，三路公交车临时绕行，预计工期二十天，站牌已张贴告示。",
        ),
        ("市科技馆暑期课堂开放预约", "课程面向小学三年级以上学生，每期三十人，免费参加。"),
        ("社区办起老年食堂", "中午十二块钱两荤两素，行动不便的老人由志愿者送到家，已有三百多位老人报名。"),
    )
    assert not any(found.rumor.flag for found in shipped.assess([Text(*one) for one in stories]))


@pytest.mark.parametrize("sentence", ["网传停水三天", "网传某小区要停水三天"])
def test_hearsay_has_no_score_that_its_missing_flag_denies(shipped: Assessor, sentence: str) -> None:
    told = one(shipped, sentence).debunk
    assert not told.flag
    assert told.score < 0.2
    untouched = Assessor(model_file.load(model_file.SHIPPED), None, untouched=True)
    assert one(untouched, sentence).debunk.score > 0.9  # what thresholds are chosen by
