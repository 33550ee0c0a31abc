"""What single steps cost a story, to compare a whole ingest with: parsing alone, and classifying as one writes it first.

CPU seconds a story, on the stories that `story_source` plays.
"""

from __future__ import annotations

import io
import time
from collections.abc import Callable

import feedparser

from classifiers import model_file
from classifiers.assess import Assessor
from classifiers.text import Text
from tests.benchmarks.bench_classify import QUESTIONS, jieba_pipeline
from tests.benchmarks.story_source import ENTRIES, document, story

FEEDS = 20
FEW = 150


def costs() -> dict[str, float]:
    """`feedparser`, `scikit-learn` (a pipeline a question, text by text) and `ours` (every question, text by text)."""
    bodies = [document(feed, 0) for feed in range(FEEDS)]
    texts = ["。".join(story(feed, 1)) for feed in range(FEW)]
    naive = jieba_pipeline(["。".join(story(feed, 2)) for feed in range(10 * FEW)])
    assessor = Assessor(model_file.load(model_file.SHIPPED), None)
    assessor.assess([Text("", texts[0])])
    return {
        "feedparser": _each(lambda: [feedparser.parse(io.BytesIO(body)) for body in bodies], FEEDS * ENTRIES),
        "scikit-learn": QUESTIONS * _each(lambda: [naive.predict_proba([text]) for text in texts], FEW),
        "ours": _each(lambda: [assessor.assess([Text("", text)]) for text in texts], FEW),
    }


def _each(act: Callable[[], object], number: int) -> float:
    start = time.process_time()
    act()
    return (time.process_time() - start) / number
