"""Messages that people pass on: their shape, what is learned from them and from the answers to them, how they are judged."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from classifiers import features, split, stance
from classifiers.adapt import learned
from classifiers.assess import Assessor
from classifiers.examples import Example
from classifiers.model import Column, Model, Space
from classifiers.questions import FORWARD, PASSED_ON, ask
from classifiers.text import Text
from service.cli import labelled

LONG = "住在河边的人都看看吧，表哥在水务局上班，说今晚上游要放水，让大家把车开到高处，能告诉几个人就告诉几个人，别等到半夜才想起来走"


def model(passed_on: float, forward: float, message: float = -9.0) -> Model:
    """A model that says the same of every text, with the given log-odds."""
    columns = (
        Column("rumor", "", threshold=0.9),
        Column("rumor", "message", threshold=0.5),
        Column("rumor", FORWARD, threshold=0.5),
        Column("rumor", PASSED_ON, threshold=0.3),
        Column("debunk", "", threshold=0.3),
    )
    bias = np.array([-9.0, message, forward, passed_on, -9.0])
    weights = np.vstack([[0.0, 0.1, 0.1, 0.1, 0.1]] * 2)
    return Model("made", (Space((" 放水", " 住"), np.ones(2), weights, bias, columns),), {})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("第一行\n第二行", True),
        ("看看这个 https://example.com/a?b=1", True),
        ("看看这个 http://t.cn/Abc123", False),
        ("潦河水位暴涨,靖安紧急转移群众", False),
    ],
)
def test_several_lines_or_an_address_are_the_shape_of_what_is_passed_on(text: str, expected: bool) -> None:
    assert features.is_forward(text) is expected


def test_messages_are_not_alike_for_having_addresses() -> None:
    texts = [
        f"{what} https://www.example.com/watch?v={n}"
        for n, what in enumerate(("喝醋软化血管", "明天全城停水", ""))
    ]
    assert len(set(split.clusters([*texts, "https://www.example.com/watch?v=9"]))) == 4
    same = [
        "转给家人:吃了这种鱼的人都进了医院 https://a.example/1",
        "转给家人:吃了这种鱼的人都进了医院 https://b.example/2",
    ]
    assert len(set(split.clusters(same))) == 1


def test_the_question_mark_of_an_address_asks_nothing() -> None:
    assert not stance.only_asks("这家店的肉有问题 https://video.example/watch?v=1")
    assert stance.only_asks("这家店的肉有问题吗? https://video.example/watch")


def test_the_columns_of_messages_leave_ordinary_texts_to_the_others() -> None:
    real = Example("1", Text("", LONG), rumor=1)
    answer = Example("2", Text("", LONG), rumor=0, debunk=1, group="reply:1")
    story = Example("3", Text("", LONG), rumor=0, group="story:3", weak=True)
    many = [
        one for one in (real, Example("4", Text("", LONG + "。"), rumor=0), answer, story) for _ in range(20)
    ]
    questions = {question.label: question for question in ask(many, by_shape=True)}
    assert [questions[FORWARD].answer(one) for one in (real, answer, story)] == [1, None, None]
    assert [questions[PASSED_ON].answer(one) for one in (real, answer, story)] == [1, 0, 0]


def test_our_own_messages_teach_their_columns_whether_they_are_rumors_or_not() -> None:
    ordinary = Example("1", Text("", LONG), rumor=0, group="forwarded_ordinary.tsv:7")
    rumor = Example("2", Text("", LONG), rumor=1, group="forwarded_rumors.tsv:7")
    news = Example("3", Text("", LONG), rumor=0, group="rumor_news:7")
    questions = {question.label: question for question in ask([ordinary, rumor, news] * 20, by_shape=True)}
    assert [questions[FORWARD].answer(one) for one in (ordinary, rumor, news)] == [0, 1, None]
    assert [questions[PASSED_ON].answer(one) for one in (ordinary, rumor, news)] == [1, 1, 0]
    short, line = (
        Example("4", Text("", "水来了\n收衣服"), rumor=0),
        Example("5", Text("", "水来了收衣服"), rumor=0),
    )
    assert [questions[PASSED_ON].answer(one) for one in (short, line)] == [1, None]
    assert [questions[FORWARD].answer(one) for one in (short, line)] == [0, None]


def test_a_sentence_file_holds_messages_of_several_lines(tmp_path: Path) -> None:
    path = tmp_path / "messages.tsv"
    path.write_text("# default: rumor=1\n快看\\n明天停水\\n转给家人\ttopics=society\n一行\n", "utf-8")
    several, one = labelled.read(path)
    assert several.joined == "快看\n明天停水\n转给家人"
    assert (several.rumor, several.topics, features.is_forward(several.joined)) == (1, ("society",), True)
    assert not features.is_forward(one.joined)


def test_an_answer_to_a_rumor_is_an_example_of_a_refutation(tmp_path: Path) -> None:
    path = tmp_path / "asked.jsonl"
    lines = [
        {
            "id": "a",
            "text": "喝醋软化血管",
            "rumor": 1,
            "rebuttal": "醋进了胃就和血管无关了",
            "date": "2024-05-01",
        },
        {"id": "b", "text": "多喝水有好处", "rumor": 0, "rebuttal": "这是对的"},
        {"id": "c", "text": "明天停水", "rumor": 1},
    ]
    path.write_text("\n".join(json.dumps(line, ensure_ascii=False) for line in lines), "utf-8")
    (reply,) = labelled.replies(path)
    assert (reply.joined, reply.rumor, reply.debunk) == ("醋进了胃就和血管无关了", 0, 1)
    assert len(list(labelled.read(path))) == 3


@pytest.mark.parametrize(
    ("passed_on", "forward", "text", "flagged"),
    [
        (2.0, 2.0, Text("", f"{LONG}\n快转"), True),
        (-2.0, 2.0, Text("", f"{LONG}\n快转"), False),
        (2.0, -2.0, Text("", f"{LONG}\n快转"), False),
        (2.0, 2.0, Text("", LONG), False),
        (2.0, 2.0, Text("放水的消息", f"{LONG}\n快转"), False),
    ],
)
def test_only_a_message_in_shape_and_words_is_judged_as_one(
    passed_on: float, forward: float, text: Text, flagged: bool
) -> None:
    (found,) = Assessor(model(passed_on, forward), None).assess([text])
    assert found.rumor.flag is flagged


def test_an_article_below_a_title_is_judged_by_its_title() -> None:
    eager = model(-9.0, -9.0, message=5.0)
    short, article = (Text("放水的消息", LONG * times) for times in (1, 20))
    (one, other) = Assessor(eager, None).assess([short, article])
    assert one.rumor.flag
    assert not other.rumor.flag


def test_the_desk_teaches_the_column_that_judges_its_messages() -> None:
    desk = [Example(f"{n}", Text("", f"{LONG}\n第{n}条"), rumor=n % 2) for n in range(50)]
    assert learned(model(0.0, 0.0), desk) == [f"rumor/{FORWARD}"]


def test_a_text_without_a_phrase_of_refutation_needs_a_surer_score_to_refute() -> None:
    likely = model(-9.0, -9.0)
    (space,) = likely.spaces
    texts = (
        Text("", "放水的事并不是大家想的那样"),
        Text("", LONG),
        Text("", "警方辟谣:放水的事没有这回事"),
    )
    answers = []
    for bias in (-0.2, 3.0):
        moved = replace(space, bias=np.array([*space.bias[:4], bias]))
        judged = Assessor(Model("made", (moved,), {}), None).assess(texts)
        answers.append([one.debunk.flag for one in judged])
    assert answers == [[False, False, True], [True, True, True]]


@pytest.mark.parametrize(
    "text",
    [
        "https://video.example/v/12",
        "看看这个 https://video.example/v/12",
        "https://v.example/x 复制打开",
        "帮忙看下 http://m.example/t",
    ],
)
def test_hardly_more_than_an_address_is_no_rumor(assessor: Assessor, text: str) -> None:
    found = assessor.assess([Text("", text)])[0].rumor
    assert not found.flag
    assert found.score <= 0.3


def test_a_claim_beside_an_address_is_still_read() -> None:
    assert not stance.only_links("喝盐水能治癌症 https://video.example/v/12")
    assert not stance.only_links("看看这个,真的假的")
