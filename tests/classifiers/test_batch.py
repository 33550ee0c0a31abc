"""Many texts at once get the answers that each gets alone: spelling, features, margins, rules, reasons, JSON."""

from __future__ import annotations

import json
import random
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import (
    batch,
    epidemics,
    features,
    hazards,
    lexicon,
    misfortunes,
    model_file,
    scenes,
    spelling,
    stance,
    warnings,
)
from classifiers.assess import Assessor
from classifiers.model import Column, Space
from classifiers.needs import ways
from classifiers.reading import Reading, Wording, Wordings, wordings
from classifiers.reasons import LEAST
from classifiers.regions import Gazetteer
from classifiers.run import APART, Numbered, Run
from classifiers.scanner import Scanner
from classifiers.seen import FEW
from classifiers.sentences.compose import HERE
from classifiers.table import ABSENT, Table
from classifiers.text import Text, normalise

CITY = Path(__file__).parents[2] / "deploy" / "cities" / "yichun"
MODEL = model_file.load(model_file.SHIPPED)
RULES = [
    one for module in (stance, hazards, scenes, warnings, misfortunes, epidemics) for one in wordings(module)
]
LEXICONS = [lexicon.load(name) for name in ("emergency", "debunk", "rumor", "topics", "audiences")]
SCANNER = Scanner(LEXICONS, RULES)
PIECES = [
    "暴雨红色预警", "宜春市气象台2026年6月3日08时发布", "袁州区停课", "上高速堵车", "上高县", "网传", "不实", "假的!", "紧急扩散", "吃了能治癌",
    "，", "。", "！", "？", "：", "\n", "　", " ", "3人死亡", "1.5米", "12345", "臺風", "暴-雨", "①", "…", "é", "🙂", "\u200b", "\x00", "@气象台：",
    "https://t.cn/abc", "www.example.com/x", "是真的吗", "台风海葵登陆", "演练", "图书馆周末开放", "专家释疑", "致3死", "IV级响应", "A", "ＡＢ", "#话题#", "【提醒】",
]  # fmt: skip
made = st.lists(st.sampled_from(PIECES), max_size=14).map("".join)


def counted(text: str) -> list[str]:
    """Every feature that a run knows, those with an end of the text as well."""
    edged = f"{APART}{text}{APART}"
    ends = dict.fromkeys((edged[:2], edged[:3], edged[-3:], edged[-2:])) if text else ()
    return [*features.features(text), *text, *ends]


def everyday() -> list[str]:
    """Our own labelled sentences, a few of each file."""
    lines = [
        line
        for path in sorted((HERE / "labelled").glob("*.tsv"))
        for line in path.read_text("utf-8").split("\n")[::7]
    ]
    return [line.split("\t")[0] for line in lines if line and not line.startswith("#")]


@pytest.fixture(scope="module")
def assessor() -> Assessor:
    rows = [json.loads(line) for line in (CITY / "divisions.jsonl").read_text("utf-8").splitlines()]
    return Assessor(MODEL, Gazetteer.from_rows(rows))


def both_ways(assessor: Assessor, texts: list[Text]) -> None:
    together = assessor.assess(texts)
    for text, found in zip(texts, together, strict=True):
        (alone,) = assessor.assess([Text(text.title, text.body, text.authority)])
        assert found.to_json() == alone.to_json(), text


def test_our_own_sentences_are_assessed_together_as_alone(assessor: Assessor) -> None:
    lines = everyday()
    rng = random.Random(1)
    texts = [Text("", line) for line in lines]
    texts += [
        Text(line, "，".join(rng.sample(lines, 9)), authority=rng.random() < 0.1) for line in lines[::4]
    ]
    texts += [Text("", "长" * 9_000), Text("题" * 70, "\n".join(lines[:60])), Text("", ""), Text("a", "")]
    both_ways(assessor, texts)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(made, made, st.booleans()), min_size=FEW, max_size=FEW + 8))
def test_any_texts_are_assessed_together_as_alone(stories: list[tuple[str, str, bool]]) -> None:
    both_ways(Assessor(MODEL, None), [Text(*story) for story in stories])


def test_a_batch_without_a_model_says_what_the_rules_say() -> None:
    both_ways(Assessor(None, None), [Text("", line) for line in everyday()[::5]])


@given(
    st.lists(st.integers(0, 2**62), max_size=60, unique=True), st.lists(st.integers(0, 2**62), max_size=60)
)
def test_a_table_finds_what_was_put_in_and_nothing_else(keys: list[int], others: list[int]) -> None:
    table = Table(np.array(keys, np.int64), np.arange(len(keys), dtype=np.int32))
    known = {key: row for row, key in enumerate(keys)}
    found = table.rows(np.array(keys + others, np.int64)).tolist()
    assert found == [known.get(key, ABSENT) for key in keys + others]


@settings(max_examples=200)
@given(st.lists(made, max_size=9))
def test_texts_are_spelled_together_as_alone(raws: list[str]) -> None:
    found = spelling.normalised(raws)
    assert found == [normalise(raw) for raw in raws]
    assert spelling.plain(found) == [features.plain(text) for text in found]


def test_a_run_counts_every_feature_of_every_text() -> None:
    texts = [features.plain(normalise(line)) for line in [*everyday()[:200], "", "暴"]]
    space, index = MODEL.spaces[0], MODEL.spaces[0].index
    read = batch.read(Run(texts), Numbered(space.terms), space)
    for at, text in enumerate(texts):
        rows = Counter(index[term] for term in features.features(text) if term in index)
        parts = read.parts(at)
        assert Counter(parts.rows.tolist()) == rows, text
        assert parts.words == features.spans(text)[0]
        assert read.margins[at].tolist() == space.margins(features.features(text)).tolist()


def test_a_run_counts_single_characters_and_both_ends_of_a_text_where_the_vocabulary_has_them() -> None:
    texts = [features.plain(normalise(line)) for line in everyday()[:60]]
    texts += ["暴", "", "雨雨"]
    found = [Counter(counted(text)) for text in texts]
    terms = sorted(set().union(*found))[::2]
    weights = np.random.default_rng(1).normal(size=(len(terms), 2))
    space = Space(tuple(terms), np.zeros(len(terms)), weights, np.ones(2), (Column("a", ""), Column("b", "")))
    read = batch.read(Run(texts), Numbered(space.terms), space)
    for at, (text, counts) in enumerate(zip(texts, found, strict=True)):
        known = {space.index[term]: count for term, count in counts.items() if term in space.index}
        wanted = 1 + sum(((1 + np.log(count)) * weights[row] for row, count in known.items()), np.zeros(2))
        assert read.margins[at] == pytest.approx(wanted, abs=1e-12), text
        assert read.margins[at].tolist() == space.margins(counted(text)).tolist()


def test_reasons_of_many_texts_are_those_of_each_alone_to_the_last_bit() -> None:
    lines = [*everyday()[:120], "", "暴", "转" * 7, "𠀀雨大", "🙂🙂", "暴雨，暴雨，又是暴雨", "ab12 啊啊啊啊"]
    texts = [features.plain(normalise(line)) for line in lines]
    space = MODEL.spaces[0]
    read = batch.read(Run(texts), Numbered(space.terms), space)
    for column, asked in enumerate(space.columns[:12]):
        telling = read.telling(column, -100.0)
        assert telling is not None
        for at, text in enumerate(texts):
            shares = space.shares(space.parts(text), column)
            wanted = {term: asked.slope * share for term, share in shares.items() if len(term) > 1}
            found, weak = dict(telling.of(at, ())), [term for term in wanted if wanted[term] <= LEAST]
            assert {term: weight for term, weight in found.items() if weight > LEAST} == {
                term: weight for term, weight in wanted.items() if weight > LEAST
            }, text
            assert all(dict(telling.of(at, [term]))[term] == wanted[term] for term in weak[:2])


def test_reasons_are_looked_for_together_only_where_many_are_expected_to_be_asked() -> None:
    texts = [features.plain(normalise(line)) for line in everyday()[:100]]
    space = MODEL.spaces[0]
    read = batch.read(Run(texts), Numbered(space.terms), space)
    most = sorted(read.margins[:, 0].tolist())
    few = batch.read(Run(texts), Numbered(space.terms), space).telling(0, most[-3])
    many = read.telling(0, most[-20])
    assert few is None
    assert many is not None
    assert [at for at in range(100) if at in many] == np.flatnonzero(read.margins[:, 0] >= most[-20]).tolist()


@pytest.mark.parametrize("text", ["a b", "a\x00b"])
def test_a_text_that_would_run_into_its_neighbours_is_not_taken_into_a_run(text: str) -> None:
    with pytest.raises(ValueError, match="plain"):
        Run(["暴雨", text])


@pytest.mark.parametrize("wording", RULES, ids=[f"{number}" for number in range(len(RULES))])
def test_a_rule_is_tried_on_every_text_that_it_matches(wording: Wording) -> None:
    @settings(max_examples=80, deadline=None, database=None)
    @given(st.lists(st.from_regex(wording.pattern), min_size=1, max_size=4))
    def check(texts: list[str]) -> None:
        for text, reading in zip(texts, SCANNER.read(texts), strict=True):
            found, wanted = wording.search(reading), wording.search(text)
            assert found is not None
            assert wanted is not None
            assert found.span() == wanted.span()

    check()


@settings(max_examples=100)
@given(st.lists(st.one_of(made, st.text(max_size=12)), max_size=8))
def test_a_reading_gives_what_its_plain_text_gives(texts: list[str]) -> None:
    for text, reading in zip(texts, SCANNER.read(texts), strict=True):
        assert reading == text
        alone = SCANNER.alone(text)
        assert [one.find(alone) for one in LEXICONS] == [one.find(text) for one in LEXICONS]
        assert [one.search(alone) is None for one in RULES] == [one.search(text) is None for one in RULES]
        assert [one.find(reading) for one in LEXICONS] == [one.find(text) for one in LEXICONS]
        assert [one.search(reading) is None for one in RULES] == [one.search(text) is None for one in RULES]


@settings(max_examples=100)
@given(st.lists(made, min_size=1, max_size=8))
def test_a_table_of_wordings_finds_what_each_of_them_finds(texts: list[str]) -> None:
    table = Wordings(list(enumerate(RULES)))
    for text, reading in zip(texts, SCANNER.read(texts), strict=True):
        wanted = [(at, found.span()) for at, one in enumerate(RULES) if (found := one.search(text))]
        for one in (text, reading, SCANNER.alone(text)):
            assert [(at, found.span()) for at, found in table.found(one)] == wanted


@given(
    st.lists(st.floats(-9, 9), min_size=45, max_size=45),
    st.sampled_from([{}, {"health": 2.0, "energy": -1.0}]),
)
def test_a_panel_says_every_label_from_its_threshold_on(
    margins: list[float], rules: dict[str, float]
) -> None:
    for panel in MODEL.panels.values():
        chances = {
            one.label: one.probability(margins[at], rules.get(one.label, 0.0)) for at, one in panel.columns
        }
        said = [
            (one.label, chances[one.label]) for _, one in panel.columns if chances[one.label] >= one.threshold
        ]
        assert panel.said([margins], rules) == said
        if not rules:
            assert panel.chances([margins]) == chances


@pytest.mark.parametrize(
    ("pattern", "wanted"),
    [
        (r"台风[一-龥]{2}登陆", [[{"台风"}, {"登陆"}]]),
        (r"(?:暴雨|大雨)?停课", [[{"停课", "暴雨", "大雨"}]]),
        (r"吃[^,]*?(?:治|防)", [[{"吃"}, {"治", "防"}]]),
        (r"楼.{0,8}塌|停电|车.{0,8}翻|停水", [[{"停电", "停水"}], [{"塌"}, {"楼"}], [{"翻"}, {"车"}]]),
        (r"(?=红色)色?", [[{"红色"}]]),
        (r"缺(?:甲|乙*)丙", [[{"甲丙"}, {"缺甲"}], [{"丙"}, {"缺"}]]),
        (r"(?:甲.|乙)丙", [[{"乙丙"}], [{"丙"}, {"甲"}]]),
        (r"(?i)abc", []),
        (r"a*", []),
        (r"暴雨|.", []),
    ],
)
def test_needs_are_read_from_the_pattern(pattern: str, wanted: list[list[set[str]]]) -> None:
    assert [[set(need) for need in way][:2] for way in ways(re.compile(pattern))] == wanted


def test_most_rules_are_not_tried_on_an_everyday_text() -> None:
    (reading,) = SCANNER.read([normalise("图书馆周末开放，市民可以带孩子来听故事。")])
    assert isinstance(reading, Reading)
    assert sum(reading.lacks(one) for one in RULES) > 0.8 * len(RULES)
