"""How alike a question and a profile are in words: TF-IDF cosine over jieba's words, from a prepared index.

    texts | terms → words | TextIndex → one sparse matrix, documents of length 1
    query | terms → cosine with every document, and the shared words behind it

Does not understand meaning: two words for one thing are two words.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from classifiers.text import normalise
from classifiers.tokens import words

Vector = NDArray[np.float64]

PAIR: Final = "\x01"
_HAN: Final = re.compile(r"[一-龥]{2,}")
_WORD: Final = re.compile(r"(?![0-9.]+$)[0-9a-z.一-龥]{2,}")


@cache
def _common() -> frozenset[str]:
    text = (resources.files("expert_db") / "data" / "common_words.txt").read_text("utf-8")
    return frozenset(word for line in text.splitlines() if not line.startswith("#") for word in line.split())


def terms(text: str) -> list[str]:
    """What of `text` can tell one subject from another: its words, dictionary words inside longer ones, pairs of characters.

    Words come in order, repeated as often as they stand there. The pairs (marked, see PAIR) find what no dictionary has.
    """
    clean = normalise(text)
    found = (word.lower() for word in words(clean))
    whole = [word for word in found if word not in _common() and _WORD.fullmatch(word)]
    return [*(part for word in whole for part in (word, *_inside(word))), *_pairs(clean)]


def question_terms(text: str) -> list[str]:
    """`terms` of a question, with the professional words for everyday ones: who asks of 中风 needs whoever knows 脑卒中."""
    clean = normalise(text)
    meant = [professional for plain, professional in _plain_words() if plain in clean]
    return terms("\n".join((clean, *meant)))


@cache
def _plain_words() -> tuple[tuple[str, str], ...]:
    raw = (resources.files("expert_db") / "data" / "plain_words.tsv").read_text("utf-8")
    lines = (line.split("\t") for line in raw.splitlines() if line and not line.startswith("#"))
    return tuple((plain, professional.replace(" ", "，")) for plain, professional in lines)


def _pairs(clean: str) -> list[str]:
    return [PAIR + run[at : at + 2] for run in _HAN.findall(clean) for at in range(len(run) - 1)]


@lru_cache(maxsize=50_000)
def _inside(word: str) -> tuple[str, ...]:
    """The dictionary words inside a longer one: 食物中毒 also speaks of 食物 and 中毒."""
    parts = (word[i : i + n] for n in (2, 3) if n < len(word) for i in range(len(word) - n + 1))
    return tuple(
        part for part in parts if part not in _common() and words(part) == [part] and _WORD.fullmatch(part)
    )


def readable(shared: Sequence[str], *texts: str) -> tuple[str, ...]:
    """Of the words that two texts share those that a person would name: whole words of one of them (水器 is none), and
    nothing that lies within another one (重金 beside 重金属). All of them when none is left.
    """
    whole = {word.lower() for text in texts for word in words(normalise(text))}
    named = [word for word in shared if word in whole] or list(shared)
    return tuple(word for word in named if not any(word in other and word != other for other in named))


class TextIndex:
    """An index of documents by position. The same documents in the same order give the same index."""

    def __init__(self, documents: Sequence[Sequence[str]]) -> None:
        counts = [Counter(document) for document in documents]
        spread = Counter(word for count in counts for word in count)
        self._ids = {word: number for number, word in enumerate(sorted(spread))}
        total = len(documents)
        self._idf = np.array([np.log((1 + total) / (1 + spread[word])) + 1.0 for word in sorted(spread)])
        self._unseen = float(np.log(1 + total) + 1.0)
        self._matrix = self._build(counts)

    def _build(self, counts: Sequence[Counter[str]]) -> sparse.csr_matrix:
        rows = [number for number, count in enumerate(counts) for _ in count]
        columns = [self._ids[word] for count in counts for word in count]
        raw = np.array([1.0 + np.log(n) for count in counts for n in count.values()])
        values = raw * self._idf[columns] if columns else raw
        matrix = sparse.csr_matrix((values, (rows, columns)), shape=(len(counts), len(self._ids)))
        lengths = np.sqrt(np.asarray(matrix.multiply(matrix).sum(axis=1)).ravel())
        lengths[lengths == 0] = 1.0
        matrix = sparse.diags(1.0 / lengths) @ matrix
        # Columns of words are what a short query looks at: keep it by word.
        by_word = sparse.csr_matrix(matrix.T)
        by_word.sort_indices()
        return by_word

    def cosine(self, query: Sequence[str]) -> Vector:
        """Cosine of the query with every document, in their order; 0 where nothing is shared."""
        weights, unseen = self._weigh(query)
        size = self._matrix.shape[1]
        scores = np.zeros(size)
        if not weights:
            return scores
        length = np.sqrt(sum(w * w for w in weights.values()) + unseen)
        indptr, indices, data = self._matrix.indptr, self._matrix.indices, self._matrix.data
        for number in sorted(weights):
            span = slice(indptr[number], indptr[number + 1])
            scores[indices[span]] += data[span] * (weights[number] / length)
        return scores

    def _weigh(self, query: Sequence[str]) -> tuple[dict[int, float], float]:
        """Weights of the known words, and the squared weight of the unknown ones (they lengthen the query)."""
        known: dict[int, float] = {}
        unseen = 0.0
        for word, count in Counter(query).items():
            level = 1.0 + float(np.log(count))
            if word in self._ids:
                known[self._ids[word]] = level * float(self._idf[self._ids[word]])
            else:
                unseen += (level * self._unseen) ** 2
        return known, unseen

    def shared(self, query: Sequence[str], document: int, limit: int = 5) -> tuple[str, ...]:
        """The words that query and document share, heaviest first, at most `limit`; pairs of characters only when there is no word."""
        weights, _ = self._weigh(query)
        found = []
        for term in sorted(set(query)):
            number = self._ids.get(term)
            if number is None:
                continue
            start, end = self._matrix.indptr[number], self._matrix.indptr[number + 1]
            places = self._matrix.indices[start:end]
            at = int(np.searchsorted(places, document))
            if at < len(places) and places[at] == document:
                found.append(
                    (term[:1] == PAIR, -weights[number] * float(self._matrix.data[start + at]), term)
                )
        terms_found = [(is_pair, term) for is_pair, _, term in sorted(found)]
        words_only = [term for is_pair, term in terms_found if not is_pair]
        return tuple(words_only[:limit] or [term.removeprefix(PAIR) for _, term in terms_found[:limit]])
