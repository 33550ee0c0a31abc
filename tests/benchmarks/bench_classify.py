"""Classification beside scikit-learn, in one run: one text at a time, and batches.

    python -m tests.benchmarks.bench_classify [--texts 2000] [--data ../shared/data]

CPU time of this process, three interleaved repeats, the median of the ratios. "scikit-learn" is what one writes first:
one Pipeline of TfidfVectorizer over jieba's words and LogisticRegression a question, asked text by text for its
probabilities. Ours answers every question of `classify` (rules, rumor, debunk, emergency, hazard, topics, audiences,
reasons). Texts are public headlines where the data is, our own sentences otherwise.
"""

from __future__ import annotations

import argparse
import gzip
import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline

from classifiers import features, model_file, tokens
from classifiers.assess import Assessor
from classifiers.model import Column, Space
from classifiers.sentences.compose import HERE
from classifiers.text import Text
from tests.benchmarks import goals

REPEATS = 3
BATCHES = "classify, batches of 1,000, every signal"
QUESTIONS = 5  # rumor, debunk, emergency, hazard, topics: a pipeline each


def corpus(data: Path, number: int) -> tuple[list[str], str]:
    """Texts and where they are from."""
    lists = data / "headlines" / "weibo_hot_2025-07_to_12.jsonl.gz"
    if lists.is_file():
        with gzip.open(lists, "rt", encoding="utf-8") as stream:
            return [json.loads(line)["text"] for line in stream][::30][:number], "public headlines"
    lines = [
        line.split("\t")[0]
        for path in sorted((HERE / "labelled").glob("*.tsv"))
        for line in path.read_text("utf-8").splitlines()
        if line and not line.startswith("#")
    ]
    return lines[:number], f"our own sentences ({lists} is absent)"


def jieba_pipeline(texts: list[str]) -> Pipeline:
    """The first thing one writes; the labels do not matter to its speed."""
    cut = tokens.jieba_cutter(None)
    pipeline = Pipeline([("words", TfidfVectorizer(analyzer=cut)), ("answer", LogisticRegression())])
    return pipeline.fit(texts, [index % 2 for index in range(len(texts))])


def fold(texts: list[str]) -> tuple[Pipeline, Space]:
    """The same model twice: scikit-learn's own, over our features, and folded."""
    vectorizer = TfidfVectorizer(analyzer=features.features, sublinear_tf=True)
    pipeline = Pipeline([("words", vectorizer), ("answer", LogisticRegression())])
    pipeline.fit([features.plain(text) for text in texts], [len(text) % 2 for text in texts])
    idf = np.asarray(vectorizer.idf_)
    weights = (pipeline["answer"].coef_[0] * idf)[:, None]
    bias = np.asarray(pipeline["answer"].intercept_)
    return pipeline, Space(
        tuple(vectorizer.get_feature_names_out()), idf, weights, bias, (Column("any", ""),)
    )


def cpu(act: Callable[[], Any]) -> float:
    start = time.process_time()
    act()
    return time.process_time() - start


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--texts", type=int, default=2_000)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    arguments = parser.parse_args()
    texts, origin = corpus(arguments.data, arguments.texts)
    assessor = Assessor(model_file.load(model_file.SHIPPED), None)
    naive, (reference, folded) = jieba_pipeline(texts), fold(texts)
    items = [Text("", text) for text in texts]
    assessor.assess(items[:10])
    few = texts[:300]

    def sklearn_single() -> None:
        for text in few:
            for _ in range(QUESTIONS):
                naive.predict_proba([text])

    def reference_single() -> None:
        for text in few:
            reference.predict_proba([features.plain(text)])

    def folded_single() -> None:
        for text in few:
            folded.margins(features.features(features.plain(text)))

    acts: dict[str, tuple[Callable[[], Any], int]] = {
        "scikit-learn + jieba, one by one, 5 questions": (sklearn_single, len(few)),
        "scikit-learn over our features, one by one, 1 question": (reference_single, len(few)),
        "folded, one by one, 1 question": (folded_single, len(few)),
        "classify, one by one, every signal": (lambda: [assessor.assess([i]) for i in items], len(items)),
        BATCHES: (lambda: assessor.assess(items), len(items)),
        "scikit-learn + jieba, batch, 1 question": (lambda: naive.predict_proba(texts), len(texts)),
    }
    spent: dict[str, list[float]] = {name: [] for name in acts}
    for _ in range(REPEATS):
        for name, (act, number) in acts.items():
            spent[name].append(cpu(act) / number * 1e6)
    base = spent["scikit-learn + jieba, one by one, 5 questions"]
    print(f"classification: {len(texts)} texts, {origin}")
    for name, times in spent.items():
        ratio = statistics.median(b / t for b, t in zip(base, times, strict=True))
        print(f"  {name:<56} {statistics.median(times):9.1f} µs/text   {ratio:6.1f} ×")
    single = statistics.median(spent["classify, one by one, every signal"])
    goals.check(
        "classify one headline: × scikit-learn + jieba", statistics.median(base) / single, 20, at_least=True
    )
    goals.check("largest difference from scikit-learn's probability", gap(reference, folded, few), 1e-12)


def gap(reference: Pipeline, folded: Space, texts: list[str]) -> float:
    plain = [features.plain(text) for text in texts]
    wanted = reference.predict_proba(plain)[:, 1]
    column = folded.columns[0]
    found = [column.probability(float(folded.margins(features.features(text))[0])) for text in plain]
    return float(np.abs(np.asarray(found) - wanted).max())


if __name__ == "__main__":
    main()
