"""The pair model: fitted on our own lines, the same every time, stored as plain numbers."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from classifiers.claim_view import view
from classifiers.pair_training import fit, parse
from classifiers.pairs import FEATURES, PairModel, compare, shipped_pair_model

LINES = (resources.files("classifiers") / "sentences" / "claim_pairs.tsv").read_text("utf-8").splitlines()


def test_refitting_gives_the_shipped_model() -> None:
    packaged = (resources.files("classifiers") / "data" / "pair_model.json").read_text("utf-8")
    assert fit(parse(LINES)).model.to_json() == packaged


def test_our_lines_are_many_and_varied() -> None:
    lines = parse(LINES)
    assert sum(line.role == "claim" for line in lines) >= 100
    assert sum(line.role == "same" for line in lines) >= 200
    assert sum(line.role == "near" for line in lines) >= 200
    assert len({line.text for line in lines}) >= len(lines) - 5


@pytest.mark.parametrize("line", ["1\tclaim", "x\tsame\t牛奶", "1\tother\t牛奶", "1\tsame\t"])
def test_a_bad_line_is_named(line: str) -> None:
    with pytest.raises(ValueError, match="line 2"):
        parse(["group\trole\ttext", line])


def test_too_few_groups_are_refused() -> None:
    with pytest.raises(ValueError, match="groups"):
        fit(parse(["1\tclaim\t空腹喝牛奶会胃穿孔", "1\tsame\t空腹牛奶胃穿孔", "1\tnear\t睡前喝牛奶"]))


def test_the_model_survives_its_file() -> None:
    model = shipped_pair_model()
    again = PairModel.from_json(model.to_json())
    features = compare(view("空腹喝牛奶会胃穿孔"), view("空腹喝牛奶会引起胃穿孔")).features
    assert again.probability(features) == pytest.approx(model.probability(features), abs=1e-9)


def test_a_feature_that_nobody_knows_is_refused() -> None:
    content = json.loads(shipped_pair_model().to_json())
    content["weights"]["mood"] = 1.0
    with pytest.raises(ValueError, match="mood"):
        PairModel.from_json(json.dumps(content))


def test_a_comparison_has_every_feature() -> None:
    comparison = compare(view("3月5日杭州封城"), view("广州封城"))
    assert set(comparison.features) == set(FEATURES)
    assert comparison.features["place_differs"] == 1.0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("网传红旗水库决堤", "青山水库决堤"),
        ("长沙发现三例禽流感", "武汉发现三例禽流感"),
        ("缙云县停课", "青田县停课"),
    ],
)
def test_another_place_is_seen(one: str, other: str) -> None:
    assert compare(view(one), view(other)).features["place_differs"] == 1.0


@pytest.mark.parametrize(("one", "other"), [("信阳封城", "河南信阳封城"), ("河南要封城", "信阳要封城")])
def test_a_city_and_its_province_do_not_contradict(one: str, other: str) -> None:
    assert compare(view(one), view(other)).features["place_differs"] == 0.0


@pytest.mark.parametrize(
    ("wrapped", "bare"),
    [
        ("网传吃木耳可以清肺？真相来了", "吃木耳可以清肺"),
        ("辟谣：吃木耳可以清肺", "吃木耳可以清肺"),
        ("吃木耳可以清肺？呼吸科医生：没有依据", "吃木耳可以清肺"),
        ("请问吃木耳可以清肺，是不是真的？听人说的", "吃木耳可以清肺"),
        ("群里都在传吃木耳可以清肺，有这回事吗", "吃木耳可以清肺"),
        ("【转发】吃木耳可以清肺 https://example.org/a", "吃木耳可以清肺"),
    ],
)
def test_who_spreads_or_denies_it_is_not_part_of_the_claim(wrapped: str, bare: str) -> None:
    assert view(wrapped).words == view(bare).words
