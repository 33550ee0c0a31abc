"""Learning from one collection of posts for use on another: other topics held out, caution, no hidden rumors."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from classifiers import calibrate, metrics, model_file, unseen, weak
from classifiers.assess import Assessor
from classifiers.examples import Example
from classifiers.model import Column, Model, Space
from classifiers.sentences.compose import HERE
from classifiers.text import Text
from classifiers.thresholds import sparing
from classifiers.train import Plan, train
from service.cli import labelled

POSTS = Plan(max_features=3_000, folds=2, posts=True)


def posts() -> list[Example]:
    lines = [line for path in labelled.files([HERE / "labelled"]) for line in labelled.read(path)]
    return [Example(e.id, e.text, rumor=e.rumor, group=e.group) for e in lines if e.rumor is not None][::4]


def test_near_duplicates_are_held_out_with_their_topic() -> None:
    rows = np.random.default_rng(1).random((40, 60))
    first = [row - row % 4 for row in range(40)]
    found = unseen.topics(sparse.csr_matrix(rows), first)
    assert len(set(found.tolist())) > 1
    assert all(found[row] == found[first[row]] for row in range(40))


def test_a_word_that_only_the_held_out_topic_has_is_unknown_to_its_model() -> None:
    matrix = sparse.csr_matrix(np.array([[0.6, 0.8, 0.0], [0.6, 0.8, 0.0], [0.6, 0.0, 0.8]]))
    known = unseen.known_words(matrix, np.array([0, 1]), 2)
    assert known.shape == (3, 2)
    assert np.allclose(np.sqrt(known.multiply(known).sum(axis=1)), 1.0)


def test_caution_keeps_the_order_and_moves_everything_to_the_usual_share() -> None:
    truth = np.array([1, 0, 0, 0])
    bold = calibrate.Head(2.0, 0.5, 1.0)
    careful = calibrate.cautious(bold, truth)
    usual = np.log(1 / 3)
    for margin in (-3.0, 0.0, 3.0):
        said = bold.slope * margin + bold.offset
        kept = careful.slope * margin + careful.offset
        assert abs(kept - usual) < abs(said - usual)
    assert 0 < careful.slope < bold.slope
    assert 0 < careful.trust < bold.trust


def test_posts_are_learned_again_to_the_same_bytes_and_said_with_more_caution(tmp_path: Path) -> None:
    examples = posts()
    one, two = (model_file.save(train(examples, None, POSTS), tmp_path / name) for name in "ab")
    assert one.version == two.version
    bold = train(examples, None, replace(POSTS, posts=False))
    truth = [example.rumor or 0 for example in examples]
    texts = [example.text for example in examples]
    careful, sure = (
        np.array([answer.rumor.score for answer in Assessor(model, None).assess(texts)])
        for model in (one, bold)
    )
    assert metrics.roc_area(truth, careful) > 0.95
    assert np.abs(careful - np.mean(truth)).mean() < np.abs(sure - np.mean(truth)).mean()


def test_a_few_posts_without_topics_are_still_learned() -> None:
    examples = posts()[::8]
    few, same = train(examples, None, POSTS), train(examples, None, replace(POSTS, posts=False))
    assert few.column("rumor") == same.column("rumor")


def test_an_eager_debunk_detector_is_made_strict_where_it_would_hide_known_rumors() -> None:
    column = Column("debunk", "", slope=1.0, trust=0.0, offset=0.0, threshold=0.4)
    space = Space(("不是",), np.ones(1), np.array([[2.0]]), np.zeros(1), (column,))
    eager = Model("test", (space,), {})
    hidden = [Text("", f"这不是演习,{i}号路已经封了,快转给亲人") for i in range(80)]
    assert all(answer.debunk.score > 0.4 for answer in Assessor(eager, None, untouched=True).assess(hidden))
    strict = sparing(eager, hidden).column("debunk")
    assert strict is not None
    assert strict.threshold == pytest.approx(0.880797, abs=1e-4)
    few = sparing(eager, hidden[:10]).column("debunk")
    assert few == column, "ten rumors are too few to judge a detector by"


@pytest.mark.parametrize(
    ("text", "rumor", "expected"),
    [
        ("这不是开玩笑,大家没有看到真相,赶紧转给家人", 1, 0),
        ("网传南昌封路系谣言,警方辟谣:没有这回事", 1, None),
        ("这不是开玩笑,大家没有看到真相,赶紧转给家人", 0, 0),
        ("这不是开玩笑,大家没有看到真相,赶紧转给家人", None, None),
    ],
)
def test_a_post_without_a_refuting_phrase_teaches_that_it_refutes_nothing(
    text: str, rumor: int | None, expected: int | None
) -> None:
    assert weak.refutes_nothing(Example("1", Text("", text), rumor=rumor)).debunk == expected
