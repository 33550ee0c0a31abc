"""The two indexes give exactly what looking at every text would give, however the texts came in."""

from __future__ import annotations

import math
import random
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from classifiers import bm25, prefix, prefix_batch
from classifiers.bm25 import Bm25Index
from classifiers.prefix import PrefixIndex
from classifiers.vocabulary import Floats, Ids

WORDS = [
    "水库",
    "决堤",
    "群众",
    "转移",
    "牛奶",
    "胃",
    "穿孔",
    "封城",
    "超市",
    "地震",
    "高考",
    "推迟",
    "补贴",
    "老人",
    "辐射",
    "手机",
    "致癌",
    "西瓜",
    "暴雨",
    "预警",
]
RARITY = {word: 2.0 + 0.37 * at for at, word in enumerate(WORDS)}

bags = st.lists(st.dictionaries(st.sampled_from(WORDS), st.integers(1, 3), max_size=8), max_size=40)
queries = st.dictionaries(st.sampled_from([*WORDS, "没见过"]), st.integers(1, 2), min_size=1, max_size=6)


@pytest.fixture(autouse=True)
def _small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Seal after seven rows, so that a few dozen texts make several segments."""
    for module in (prefix, bm25):
        monkeypatch.setattr(module, "_TAIL", 7)
    for name, value in (("_HELPING", 3), ("_MOST_FOUND", 20), ("_MOST_SCORED", 5)):
        monkeypatch.setattr(prefix_batch, name, value)
    for name, value in (("_FEW", 2), ("_FAN", 2)):
        monkeypatch.setattr(prefix, name, value)
    monkeypatch.setattr(bm25, "_MANY", 3)
    for name, value in (("_LONG", 2), ("_FEW", 2), ("_PROMISING", 4), ("_GROWN", 2), ("_LOOKUP", 2)):
        monkeypatch.setattr(bm25, name, value)


def weighted(bag: dict[str, int]) -> dict[str, float]:
    return {word: RARITY.get(word, 12.0) * count for word, count in bag.items()}


def cosine(one: dict[str, float], other: dict[str, float]) -> float:
    lengths = math.sqrt(sum(w * w for w in one.values()) * sum(w * w for w in other.values()))
    return sum(w * other[word] for word, w in one.items() if word in other) / lengths if lengths else 0.0


def _as_table(rows: Ids, scores: Floats) -> dict[int, float]:
    return dict(zip(rows.tolist(), scores.tolist(), strict=True))


def random_bags(count: int, seed: int = 3) -> list[dict[str, int]]:
    chance = random.Random(seed)
    return [dict(Counter(chance.choices(WORDS, k=chance.randint(1, 9)))) for _ in range(count)]


@settings(max_examples=80, deadline=None)
@given(bags, queries, st.sampled_from([0.3, 0.5, 0.8]))
def test_every_text_that_reaches_the_floor_is_given(
    texts: list[dict[str, int]], query: dict[str, int], floor: float
) -> None:
    index = PrefixIndex(floor)
    for text in texts:
        index.add(weighted(text))
    rows, scores = index.search(weighted(query))
    exact = {row: cosine(weighted(query), weighted(text)) for row, text in enumerate(texts)}
    assert {row for row, value in exact.items() if value >= floor + 1e-5} <= set(rows.tolist())
    assert all(exact[row] >= floor - 1e-5 for row in rows.tolist())
    assert len(set(rows.tolist())) == len(rows)
    assert scores.tolist() == pytest.approx([exact[row] for row in rows.tolist()], abs=1e-5)
    assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@settings(max_examples=150, deadline=None)
@given(bags, st.lists(st.integers(1, 9), min_size=1, max_size=12), st.sampled_from([0.3, 0.5, 0.8]))
def test_texts_taken_together_find_what_each_finds_alone(
    texts: list[dict[str, int]], sizes: list[int], floor: float
) -> None:
    together, alone = PrefixIndex(floor), PrefixIndex(floor)
    at = 0
    for size in [*sizes, *[9] * 5]:
        helping = [weighted(text) for text in texts[at : at + size]]
        found = together.take(helping)
        assert len(found) == len(helping)
        for text, (rows, scores) in zip(helping, found, strict=True):
            expected = alone.search(text)
            alone.add(text)
            assert _as_table(rows, scores) == pytest.approx(_as_table(*expected), abs=1e-6)
        at += size
        if at % 2:  # one by one in between
            extra = {WORDS[at % len(WORDS)]: 3.0}
            assert together.add(extra) == alone.add(extra)
    asked = [weighted(text) for text in texts]
    for text, (rows, scores) in zip(asked, together.search_all(asked), strict=True):
        assert _as_table(rows, scores) == pytest.approx(_as_table(*alone.search(text)), abs=1e-6)
        assert scores.tolist() == sorted(scores.tolist(), reverse=True)


@settings(max_examples=80, deadline=None)
@given(bags, queries, st.integers(1, 5))
def test_the_best_ten_are_the_best_ten(texts: list[dict[str, int]], query: dict[str, int], k: int) -> None:
    index = Bm25Index(average=4.0)
    for text in texts:
        index.add(text)
    weights = {word: index.idf(word) for word in query}
    rows, scores = index.search(weights, k)
    every = sorted((float(one) for one in index.scores(weights, range(len(texts)))), reverse=True)
    best = [score for score in every if score > 0.0][:k]
    assert scores.tolist() == pytest.approx(best, abs=1e-4)
    assert len(set(rows.tolist())) == len(rows)


@pytest.mark.parametrize("seed", range(4))
def test_the_best_ten_of_many_are_those_that_looking_at_every_text_gives(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bm25, "_TAIL", 5_000)
    chance = random.Random(seed)
    words = [f"词{number}" for number in range(400)]
    common = [1.0 / (1 + number) for number in range(400)]  # a few words stand in most texts
    texts = [dict(Counter(chance.choices(words, common, k=chance.randint(2, 9)))) for _ in range(6_000)]
    index = Bm25Index(average=5.0)
    index.load(texts)
    for _ in range(60):
        weights = {word: index.idf(word) for word in chance.choices(words, common, k=chance.randint(1, 9))}
        rows, scores = index.search(weights, 10)
        every = index.scores(weights, range(len(texts))).tolist()
        best = sorted((score for score in every if score > 0.0), reverse=True)[:10]
        assert scores.tolist() == pytest.approx(best, abs=1e-4)
        assert [every[row] for row in rows.tolist()] == pytest.approx(best, abs=1e-4)
        assert len(set(rows.tolist())) == len(rows)


def test_of_equal_texts_the_first_are_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bm25, "_TAIL", 50)
    index = Bm25Index()
    index.load([{"水库": 1, f"第{number % 7}": 1} for number in range(200)])
    assert index.search({"水库": index.idf("水库")}, 10)[0].tolist() == list(range(10))


def test_a_score_is_the_formula_s() -> None:
    index = Bm25Index(average=4.0)
    index.load([{"水库": 2, "决堤": 1}, {"牛奶": 1}])
    _, scores = index.search({"水库": index.idf("水库")}, 1)
    idf = math.log(1.0 + (2 - 1 + 0.5) / (1 + 0.5))
    damped = 2.2 * 2 / (2 + 1.2 * (0.25 + 0.75 * 3 / 4))
    assert float(scores[0]) == pytest.approx(idf * damped, rel=1e-5)


def test_loading_at_once_and_adding_one_by_one_agree() -> None:
    texts = random_bags(200)
    loaded, grown = PrefixIndex(0.5), PrefixIndex(0.5)
    loaded.load([weighted(text) for text in texts])
    for text in texts:
        grown.add(weighted(text))
    grown_ranked, loaded_ranked = Bm25Index(), Bm25Index()
    loaded_ranked.load(texts)
    for text in texts:
        grown_ranked.add(text)
    for query in random_bags(30, seed=9):
        mine, theirs = loaded.search(weighted(query)), grown.search(weighted(query))
        assert mine[0].tolist() == theirs[0].tolist()
        weights = {word: grown_ranked.idf(word) for word in query}
        assert loaded_ranked.search(weights, 10)[1].tolist() == pytest.approx(
            grown_ranked.search(weights, 10)[1].tolist(), abs=1e-4
        )


def test_compacting_changes_nothing() -> None:
    texts = random_bags(100)
    index = PrefixIndex(0.4)
    for text in texts:
        index.add(weighted(text))
    before = [index.search(weighted(text))[0].tolist() for text in texts]
    index.compact()
    assert [index.search(weighted(text))[0].tolist() for text in texts] == before


def test_a_floor_outside_its_range_is_refused() -> None:
    with pytest.raises(ValueError, match="floor"):
        PrefixIndex(1.0)
