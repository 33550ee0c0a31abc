"""Training, splitting and measuring: the same again, nothing shared between sides, honest figures."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from sklearn import metrics as reference

from classifiers import metrics, model_file, split, weak
from classifiers.assess import Assessor
from classifiers.evaluate import as_text, evaluate
from classifiers.examples import Example, LabelError, from_line
from classifiers.sentences.compose import HERE
from classifiers.text import Text
from classifiers.train import Plan, train
from service.cli import labelled

SMALL = Plan(max_features=3_000, folds=2)


def ours() -> list[Example]:
    return [example for path in labelled.files([HERE / "labelled"]) for example in labelled.read(path)]


def test_training_twice_gives_the_same_bytes(tmp_path: Path) -> None:
    examples = ours()[::4]
    for name in ("one", "two"):
        model_file.save(train(examples, None, SMALL), tmp_path / name)
    for name in ("manifest.json", "space-0.npz"):
        assert (tmp_path / "one" / name).read_bytes() == (tmp_path / "two" / name).read_bytes()


def test_a_task_without_labels_keeps_the_old_part() -> None:
    examples = ours()
    old = train(examples[::3], None, SMALL)
    only_rumor = [Example(e.id, e.text, rumor=e.rumor, group=e.group) for e in examples[1::3]]
    new = train(only_rumor, old, SMALL)
    text = Text("", "锦江出现超警戒洪水，沿岸群众转移")
    before, after = Assessor(old, None).assess([text])[0], Assessor(new, None).assess([text])[0]
    assert after.emergency == before.emergency
    assert after.topics == before.topics
    assert len(new.spaces) == 2
    assert after.rumor.score != before.rumor.score


def test_nothing_to_learn_is_an_error() -> None:
    with pytest.raises(ValueError, match="examples of both answers"):
        train([Example("1", Text("", "雨"), rumor=1)], None)


def test_a_model_learns_what_it_was_shown() -> None:
    examples = ours()
    held = split.by_time(examples, 0.2)
    model = train([examples[i] for i in held.fit], None, SMALL)
    report = evaluate(Assessor(model, None), [examples[i] for i in held.held])
    assert report["rumor"]["macro_f1"] > 0.8
    assert report["emergency"]["macro_f1"] > 0.85
    assert report["rumor"]["calibration_error"] < 0.15
    assert "rumor" in as_text(report)


def test_copies_of_a_message_stay_on_one_side() -> None:
    message = "紧急通知，明天{}全市停水三天，请大家提前储水，转告家人，不要外出"
    copies = [Example(str(i), Text("", message.format(f"{i}日")), date=f"2026-0{i}-01") for i in range(1, 9)]
    others = [
        Example(f"o{i}", Text("", sentence), date=f"2026-01-{i + 1:02}")
        for i, sentence in enumerate(["图书馆开放", "油茶丰收", "新歌上线", "运动会开幕"])
    ]
    found = split.by_time(copies + others, 0.3)
    sides = [[i for i in side if i < len(copies)] for side in (found.fit, found.held)]
    assert [] in sides
    assert sorted(found.fit + found.held) == list(range(len(copies) + len(others)))
    assert len(set(split.clusters([e.joined for e in copies]))) == 1


def test_the_later_side_is_held_out() -> None:
    texts = ["".join(chr(0x4E00 + (97 * i + 131 * j) % 20_000) for j in range(12)) for i in range(10, 60)]
    examples = [
        Example(str(i), Text("", text), date=f"20{i}-01-01") for i, text in enumerate(texts, start=10)
    ]
    found = split.by_time(examples, 0.2)
    assert max(examples[i].date for i in found.fit) < min(examples[i].date for i in found.held)


def test_rules_label_only_what_they_are_sure_of() -> None:
    sure = weak.label(Example("1", Text("", "袁河决堤，两岸三千人紧急转移")))
    assert (sure.emergency, sure.hazard, sure.rumor, sure.weak) == (1, "flood", 0, True)
    unsure = weak.label(Example("2", Text("", "村民说起那晚的大雨")))
    assert unsure.emergency is None
    kept = weak.label(Example("3", Text("", "袁河决堤，两岸三千人紧急转移"), emergency=0))
    assert kept.emergency == 0


def test_figures_equal_the_reference() -> None:
    truth = np.array([0, 1, 1, 0, 1, 0, 0, 1, 1, 0] * 5)
    score = np.round(np.sin(np.arange(50)) * 0.4 + 0.5 + truth * 0.05, 2)
    assert metrics.average_precision(truth, score) == pytest.approx(
        reference.average_precision_score(truth, score)
    )
    assert metrics.roc_area(truth, score) == pytest.approx(reference.roc_auc_score(truth, score))
    counts = metrics.count(truth, score > 0.5)
    assert counts.macro_f1 == pytest.approx(reference.f1_score(truth, score > 0.5, average="macro"))
    best = metrics.best_macro_f1(truth, score)
    grid = max(reference.f1_score(truth, score >= t, average="macro") for t in np.unique(score))
    assert reference.f1_score(truth, score >= best, average="macro") == pytest.approx(grid)


def test_calibration_error_is_zero_for_honest_scores() -> None:
    assert metrics.calibration_error([1, 0, 0, 0], [0.25] * 4) == pytest.approx(0)
    assert metrics.calibration_error([1, 1, 1, 1], [0.25] * 4) == pytest.approx(0.75)


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ({"text": 3}, "no text"),
        ({"text": "雨", "rumor": 2}, "rumor is 2"),
        ({"text": "雨", "hazard": "aliens"}, "unknown hazard"),
        ({"text": "雨", "topics": "food"}, "not a list"),
        ({"text": "雨", "topics": ["love"]}, "unknown topic"),
    ],
)
def test_a_bad_label_names_its_line(line: dict[str, object], says: str) -> None:
    with pytest.raises(LabelError, match=f"line 7.*{says}"):
        from_line(line, 7)
