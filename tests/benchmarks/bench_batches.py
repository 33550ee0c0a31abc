"""Headlines and leads in batches of 1,000, beside fastText: speed and accuracy in one run.

    python -m tests.benchmarks.bench_batches [--train 12000] [--data ../shared/data]

The question is which of two public lists a headline comes from (a list of searches, a list of questions): labels that
nobody has to give. Question marks are taken out, they alone would tell. A fifth of the headlines, chosen by their hash, is held out. Both sides get the same plain texts and
the same words. fastText is trained in ten configurations; the most accurate one on words and the most accurate of all are
timed. Ours is one linear question, looked up in a run as `classify` does. Its features are those of `classify` and, for this
question, single characters and what stands at both ends of a text; sums are not divided by the length of the text, because
one list's headlines are longer. This was chosen by cross-validation within the part to learn from; the part held out, on
which fastText's best is picked, was judged afterwards. With the features of `classify` alone, fitted as its own questions
are, for comparison; and what the whole of `classify` costs, which answers all questions with reasons. CPU time, five repeats
in random order, the median of the ratios. Without `fasttext` (package fasttext-wheel) its part is not measured.
"""

from __future__ import annotations

import argparse
import gzip
import importlib
import json
import random
import statistics
import tempfile
import zlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.svm import LinearSVC

from classifiers import batch, features, model_file, spelling, tokens
from classifiers.assess import Assessor
from classifiers.model import Column, Space
from classifiers.run import APART, Numbered, Run
from classifiers.text import Text
from tests.benchmarks import goals
from tests.benchmarks.bench_classify import cpu

BATCH = 1_000
REPEATS = 5
LEAD = 150
LISTS = ("weibo_hot_to_2025-06", "zhihu_hot_to_2025-06")
CONFIGURATIONS: dict[str, dict[str, Any]] = {
    "words": {},
    "words, pairs": {"wordNgrams": 2},
    "words, characters 1-2": {"minn": 1, "maxn": 2},
    "words, characters 1-3": {"minn": 1, "maxn": 3},
    "words, pairs, characters 1-3": {"wordNgrams": 2, "minn": 1, "maxn": 3},
    "words, 50 dimensions, 25 rounds": {"dim": 50, "epoch": 25},
    "words, pairs, 10 dimensions, 10 rounds": {"wordNgrams": 2, "dim": 10, "epoch": 10},
    "characters": {},
    "characters, pairs": {"wordNgrams": 2},
    "characters, triples, 10 rounds": {"wordNgrams": 3, "epoch": 10},
}

Row = np.ndarray[Any, Any]
Lines = Callable[[Sequence[str]], list[str]]
Classifier = Callable[[Sequence[str]], Row]
Labelled = list[tuple[str, int]]


def corpus(data: Path, number: int) -> tuple[Labelled, Labelled]:
    """Plain headlines with the number of their list: to learn from, and held out."""
    parts: tuple[Labelled, Labelled] = ([], [])
    for label, name in enumerate(LISTS):
        with gzip.open(data / "headlines" / f"{name}.jsonl.gz", "rt", encoding="utf-8") as stream:
            texts = sorted(
                {json.loads(line)["text"] for line in stream}, key=lambda t: zlib.crc32(t.encode())
            )
        read = spelling.plain(spelling.normalised(texts[: number * 5 // 8]))
        plain = [text for text in (one.replace("?", "") for one in read) if text]
        for text in plain:
            parts[zlib.crc32(text.encode()[::-1]) % 5 == 0].append((text, label))
    rng = random.Random(1)
    for part in parts:
        rng.shuffle(part)
    return parts


def words(texts: Sequence[str]) -> list[str]:
    """The words of each text with spaces between them, cut all at once as ours are."""
    return " ".join(tokens.words(APART.join(texts))).split(APART)


def characters(texts: Sequence[str]) -> list[str]:
    """The characters of each text with spaces between them."""
    return [" ".join(text) for text in texts]


def counted(text: str) -> list[str]:
    """The features of `classify`, single characters, and the first and the last ones as such."""
    edged = f"{APART}{text}{APART}"
    return [*features.features(text), *text, *dict.fromkeys((edged[:2], edged[:3], edged[-3:], edged[-2:]))]


def ours(train: Labelled) -> Classifier:
    """One linear question over `counted`: plain texts → margins."""
    vectorizer = TfidfVectorizer(
        analyzer=counted, sublinear_tf=True, min_df=2, max_features=80_000, use_idf=False, norm=None
    )
    matrix = vectorizer.fit_transform([text for text, _ in train])
    fitted = LinearSVC(C=0.02, random_state=1).fit(matrix, [label for _, label in train])
    return folded(vectorizer, np.zeros(matrix.shape[1]), fitted.coef_[0], fitted.intercept_)


def as_shipped(train: Labelled) -> Classifier:
    """One linear question over the features of `classify`, as its own are fitted: plain texts → margins."""
    vectorizer = TfidfVectorizer(analyzer=features.features, sublinear_tf=True, min_df=2, max_features=80_000)
    matrix = vectorizer.fit_transform([text for text, _ in train])
    fitted = LogisticRegression(C=20.0, max_iter=300).fit(matrix, [label for _, label in train])
    return folded(
        vectorizer, np.asarray(vectorizer.idf_), fitted.coef_[0] * vectorizer.idf_, fitted.intercept_
    )


def folded(vectorizer: TfidfVectorizer, idf: Row, weights: Row, bias: Row) -> Classifier:
    """A fitted question as a space of ours, looked up in runs."""
    space = Space(
        tuple(vectorizer.get_feature_names_out()), idf, weights[:, None], bias, (Column("any", ""),)
    )
    numbered = Numbered(space.terms)
    return lambda texts: batch.read(Run(texts), numbered, space).margins[:, 0]


def accuracy(classify: Classifier, held: Labelled) -> float:
    """The share of texts whose margin is on their label's side."""
    texts, labels = zip(*held, strict=True)
    return float(np.mean((classify(texts) > 0) == np.array(labels)))


def rivals(fasttext: Any, train: Labelled, held: Labelled) -> list[tuple[float, str, Any, Lines]]:
    """Accuracy, name, model and preparation of every configuration, the most accurate first."""
    found = []
    texts, labels = zip(*held, strict=True)
    for name, given in CONFIGURATIONS.items():
        lines = words if name.startswith("words") else characters
        with tempfile.NamedTemporaryFile("w", encoding="utf-8") as file:
            learned = lines([text for text, _ in train])
            file.writelines(f"__label__{b} {a.strip()}\n" for a, (_, b) in zip(learned, train, strict=True))
            file.flush()
            model = fasttext.train_supervised(file.name, thread=1, seed=1, verbose=0, lr=0.5, **given)
        said = model.predict(lines(texts))[0]
        right = statistics.mean(
            one[0] == f"__label__{label}" for one, label in zip(said, labels, strict=True)
        )
        print(f"    fastText, {name:<42} accuracy {right:.4f}", flush=True)
        found.append((right, name, model, lines))
    return sorted(found, key=lambda one: -one[0])


def compare(
    title: str, texts: list[str], acts: dict[str, Callable[[list[str]], Any]]
) -> dict[str, list[float]]:
    """µs a text of each contender, by repeat."""
    batches = [texts[at : at + BATCH] for at in range(0, len(texts), BATCH)]
    spent: dict[str, list[float]] = {name: [] for name in acts}
    rng = random.Random(2)
    for _ in range(REPEATS):
        for name in rng.sample(sorted(acts), len(acts)):
            used = cpu(lambda act=acts[name]: [act(one) for one in batches])  # type: ignore[misc]
            spent[name].append(used / len(texts) * 1e6)
    print(f"  {title}: {statistics.mean(map(len, texts)):.0f} characters")
    for name, times in spent.items():
        print(f"    {name:<58} {statistics.median(times):8.1f} µs/text")
    return spent


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--train", type=int, default=12_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    given = parser.parse_args()
    if not (given.data / "headlines").is_dir():
        print(f"batches: skipped, no headlines in {given.data}")
        return
    train, held = corpus(given.data, given.train)
    print(f"batches of {BATCH:,}: learned from {len(train):,} headlines, judged on {len(held):,} others")
    classify, shipped = ours(train), as_shipped(train)
    texts = [text for text, _ in held]
    right = accuracy(classify, held)
    print(f"    ours, linear, {'words, pairs, characters 1-3, ends':<38} accuracy {right:.4f}")
    print(f"    ours, linear, {'the features of classify':<38} accuracy {accuracy(shipped, held):.4f}")
    assessor = Assessor(model_file.load(model_file.SHIPPED), None)
    assessor.assess([Text("", text) for text in texts[:300]])
    acts: dict[str, Callable[[list[str]], Any]] = {
        "ours, one question": classify,
        "ours, one question, the features of classify": shipped,
        "ours, classify: every question with reasons": lambda some: assessor.assess(
            [Text("", t) for t in some]
        ),
    }
    try:
        found = rivals(importlib.import_module("fasttext"), train, held)
    except ImportError:
        print("  not measured: fasttext is not installed")
        found = []
    on_words = [one for one in found if one[3] is words]
    for title, one in (("fastText on words", on_words[:1]), ("fastText, best of all", found[:1])):
        for _, name, model, lines in one:
            acts[f"{title} ({name})"] = lambda some, m=model, by=lines: m.predict(by(some))  # type: ignore[misc]
    rng = random.Random(3)
    leads = [f"{text}。{'，'.join(rng.sample(texts, 20))}"[: len(text) + 1 + LEAD] for text in texts]
    for title, read in (("headlines", texts[:4_000]), ("headlines with leads", leads[:2_000])):
        spent = compare(title, read, acts)
        for name in list(acts)[3:]:
            pairs = zip(spent[name], spent["ours, one question"], strict=True)
            ratio = statistics.median(theirs / own for theirs, own in pairs)
            goals.check(f"batches of {title}: × {name.split(' (')[0]}", ratio, 1.5, at_least=True)
    if found:
        goals.check("batches, accuracy: ours − fastText's best", right - found[0][0], 0.0, at_least=True)


if __name__ == "__main__":
    main()
