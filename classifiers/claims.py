"""Known claims: does a text say what a published rebuttal or a checked claim already answers?

    text
    | windows      the whole text, and the sentences of a long one
    | candidates   BM25 over words and character pairs (match), or every claim with cosine ≥ 0.3 (known)
    | compare      numbers, places, dates, negation, what is missing on either side      (pairs.py)
    | PairModel    probability that it is the same claim; below the threshold there is no match

In memory, incremental, rebuilt from the database at start. Only suggests: nothing is linked by itself. Does not read
verdicts and does not know when a claim is out of date; callers show its date and place (旧谣新传).
"""

from __future__ import annotations

import re
import sys
from collections import Counter, OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from classifiers.background import probability, rarities, rarity
from classifiers.bm25 import Bm25Index
from classifiers.claim_lines import claim_lines
from classifiers.claim_view import View, claim_words, content_words, view
from classifiers.pairs import Comparison, PairModel, compare, shipped_pair_model
from classifiers.prefix import PrefixIndex
from classifiers.text import normalise
from classifiers.vocabulary import Ids

_CANDIDATES: Final = 40
_CLOSE: Final = 8  # candidates that `known` looks at
_FLOOR: Final = 0.3  # cosine below which no pair of the development sets was the same claim with confidence
_SHARE: Final = 0.3  # share of a text's weight below which a claim is never known
_BODY_WORDS: Final = 80
_BODY_CANDIDATES: Final = 5
_WINDOWS: Final = 6
_LONG: Final = 80  # characters from which a text's sentences are asked one by one too
_VIEWS: Final = 2_048
_PAIR_WEIGHT: Final = 0.5  # a character pair says half of what a word says
_PAIR_PROBABILITY: Final = 3e-4
_SENTENCE: Final = re.compile(r"[。！？!?；;\n]+")


@dataclass(frozen=True, slots=True)
class Claim:
    """A claim that has been answered. `body` is the answer's text; `place` and `published` are for showing."""

    id: str
    text: str
    body: str = ""
    published: date | None = None
    place: str | None = None


@dataclass(frozen=True)
class ClaimMatch:
    """A claim that may be the same: probability 0..1, and the words behind it (shared first, then what differs)."""

    id: str
    score: float
    because: tuple[str, ...]


class ClaimIndex:
    """All known claims, to ask about any text. Not for concurrent changes; asking from several threads is safe."""

    def __init__(self, claims: Iterable[Claim] = (), model: PairModel | None = None) -> None:
        self._model = model or shipped_pair_model()
        distinct = {claim.id: claim for claim in claims}
        self._start([row for claim in distinct.values() for row in _rows(claim)])

    def __len__(self) -> int:
        return len(self._row_of)

    def add(self, claim: Claim) -> None:
        """Index one claim; a claim with the same id is replaced."""
        self.remove(claim.id)
        self._row_of[claim.id] = len(self._claims)
        for row in _rows(claim):
            self._claims.append(row)
            words = claim_words(row.text)
            self._near.add(rarities(words))
            self._ranked.add(_terms(words))
            self._bodies.add(_body_terms(row.body))

    def remove(self, id: str) -> None:
        """Forget one claim; unknown ids are ignored."""
        first = self._row_of.pop(id, None)
        if first is None:
            return
        for row in range(first, len(self._claims)):  # the rows of a claim stand side by side
            claim = self._claims[row]
            if claim is None or claim.id != id:
                break
            self._claims[row] = None
            self._views.pop(row, None)
            self._gone += 1
        if self._gone > len(self._claims) // 2 + 500:
            self._start([claim for claim in self._claims if claim is not None])

    def match(self, text: str, top: int = 10) -> list[ClaimMatch]:
        """The most probable claims, best first, whatever their probability; ties by id."""
        found: dict[str, ClaimMatch] = {}
        for window in _windows(text):
            query = view(window)
            weights = self._weights(query)
            self._judge(found, query, weights, self._ranked_rows(query, weights))
        ordered = sorted(found.values(), key=lambda match: (-match.score, match.id))
        return ordered[:top]

    def known(self, text: str) -> ClaimMatch | None:
        """The one claim that a text says, or None: no answer known. Cheap for a text that resembles nothing."""
        return self.known_all([text])[0]

    def known_all(self, texts: Sequence[str]) -> list[ClaimMatch | None]:
        """What `known` says of each of many texts, looked up at once."""
        if not self._row_of:
            return [None] * len(texts)
        windows = [_windows(text) for text in texts]
        flat = [window for some in windows for window in some]
        near = iter(self._near.search_all([rarities(claim_words(window)) for window in flat]))
        return [self._surest([(window, next(near)[0]) for window in some]) for some in windows]

    def _surest(self, near: Sequence[tuple[str, Ids]]) -> ClaimMatch | None:
        """The most probable claim among what the windows of one text resemble, if it is probable enough."""
        found: dict[str, ClaimMatch] = {}
        for window, rows in near:
            alive = [row for row in rows.tolist() if self._claims[row] is not None][:_CLOSE]
            if alive:
                query = view(window)
                self._judge(found, query, self._weights(query), alive, _SHARE)
        best = min(found.values(), key=lambda match: (-match.score, match.id), default=None)
        return best if best is not None and best.score >= self._model.threshold else None

    def _start(self, claims: list[Claim]) -> None:
        """`claims` are rows: one for each line of a claim, those of one claim side by side."""
        self._claims: list[Claim | None] = list(claims)
        self._gone = 0
        self._row_of: dict[str, int] = {}
        for row, claim in enumerate(claims):
            self._row_of.setdefault(claim.id, row)
        self._views: OrderedDict[int, tuple[View, frozenset[str]]] = OrderedDict()
        self._near, self._ranked, self._bodies = (
            PrefixIndex(_FLOOR),
            Bm25Index(24.0, 1_000.0),
            Bm25Index(60.0, 1_000.0),
        )
        # Interned and handed on one by one: a hundred thousand dicts and copies of words took 50 MiB while loading.
        words = [tuple(map(sys.intern, claim_words(claim.text))) for claim in claims]
        self._near.load(rarities(one) for one in words)
        self._ranked.load(_terms(one) for one in words)
        self._bodies.load(_body_terms(claim.body) for claim in claims)

    def _ranked_rows(self, query: View, weights: Mapping[str, float]) -> list[int]:
        rows = self._ranked.search(weights, _CANDIDATES)[0].tolist()
        by_body = {word: self._bodies.idf(word, probability(word)) for word in set(query.words)}
        rows += self._bodies.search(by_body, _BODY_CANDIDATES)[0].tolist()
        return [row for row in dict.fromkeys(rows) if self._claims[row] is not None]

    def _weights(self, query: View) -> dict[str, float]:
        return {term: self._weight(term) for term in _terms(query.words)}

    def _weight(self, term: str) -> float:
        if term.startswith("·"):
            return _PAIR_WEIGHT * self._ranked.idf(term, _PAIR_PROBABILITY)
        return self._ranked.idf(term, probability(term))

    def _judge(
        self,
        found: dict[str, ClaimMatch],
        query: View,
        weights: Mapping[str, float],
        rows: list[int],
        least: float = 0.0,
    ) -> None:
        """Compare candidates that hold a share of the query's weight; a claim keeps its best window and line."""
        everything = sum(weights.values()) or 1.0
        for row, score in zip(rows, self._ranked.scores(weights, rows).tolist(), strict=True):
            if score < least * everything:
                continue
            claim = self._claims[row]
            assert claim is not None
            seen, body = self._view_of(row, claim)
            comparison = compare(query, seen, body, score / everything)
            chance = self._model.probability(comparison.features)
            if claim.id not in found or found[claim.id].score < chance:
                found[claim.id] = ClaimMatch(claim.id, chance, _because(comparison))

    def _view_of(self, row: int, claim: Claim) -> tuple[View, frozenset[str]]:
        kept = self._views.get(row)
        if kept is None:
            kept = view(claim.text), frozenset(_body_terms(claim.body))
            self._views[row] = kept
            if len(self._views) > _VIEWS:
                self._views.popitem(last=False)
        return kept


def _rows(claim: Claim) -> list[Claim]:
    """The claim once for each line that may state it, the rest of a long text counted to its answer."""
    lines = claim_lines(claim.text)
    if lines == (claim.text,):
        return [claim]
    body = f"{claim.text}。{claim.body}"
    return [replace(claim, text=line, body=body) for line in lines]


def _windows(text: str) -> list[str]:
    """The text itself, and the first sentences of a long one: a forward says its claim once among much else."""
    if len(text) <= _LONG:
        return [text]
    sentences = [piece for piece in _SENTENCE.split(text[: 10 * _LONG]) if len(piece) >= 6]
    return [text, *sentences[:_WINDOWS]]


def _terms(words: Iterable[str]) -> Mapping[str, float]:
    """Words and the character pairs of the whole, the latter marked with a dot."""
    words = list(words)
    joined = "".join(words)
    counts = Counter[str](words)
    counts.update(f"·{joined[i : i + 2]}" for i in range(len(joined) - 1))
    return counts


def _body_terms(body: str) -> dict[str, float]:
    """The rarest words of an answer's beginning, each once."""
    if not body:
        return {}
    words = set(content_words(normalise(body[:600])))
    rarest = sorted(words, key=lambda word: (-rarity(word), word))[:_BODY_WORDS]
    return dict.fromkeys(rarest, 1.0)


def _because(comparison: Comparison) -> tuple[str, ...]:
    return (*comparison.shared, *(f"≠ {difference}" for difference in comparison.differs))
