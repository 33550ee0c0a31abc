"""Many queries to a prefix index at once: the same rows and cosines as one by one, a few array operations for all.

    Asked
    | spans      every term of every query in every segment: where its rows begin, how many
    | helpings   queries in turn, so many that neither candidates nor entries fill the memory
    | pairs      (query, row) each once, rows before the query's own where it is one of them
    | score      exactly, best first
    → rows and cosines a query

Does not keep anything and does not know words.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from classifiers.prefix_lists import SLACK, Offsets, Prefixes, PrefixLists
from classifiers.rows import Rows
from classifiers.vocabulary import Floats, Ids

Found = tuple[Ids, Floats]
Places = npt.NDArray[np.int64]
_HELPING: Final = 64  # queries at once: their weights make a matrix that fits the processor's cache
_MOST_FOUND: Final = 400_000  # rows, repeats included, that are looked through at once
_MOST_SCORED: Final = 16_384  # pairs scored at once


@dataclass(frozen=True)
class Asked:
    """Queries: the terms that may find something (`prefix_lists`), all entries, and where each query's begin.

    `first` is the row of the first query where the queries are rows of the index: then each is asked for rows before it.
    """

    owner: Ids
    terms: Ids
    rest: Floats
    all_terms: Ids
    all_weights: Floats
    starts: Offsets
    first: int | None


def answers(
    asked: Asked, segments: Sequence[PrefixLists], rows: Rows, column: Ids, floor: float
) -> list[Found]:
    """Rows with cosine ≥ `floor` and their cosines for each query. `column`: room for a number a term, all 0."""
    prefix = Prefixes(asked.owner, asked.terms, asked.rest)
    spans = [segment.spans(prefix, floor) for segment in segments]
    count = len(asked.starts) - 1
    entries = np.zeros(count, np.int64)
    for _, counts in spans:
        entries += np.bincount(asked.owner, counts, count).astype(np.int64)
    ends = np.searchsorted(asked.owner, np.arange(1, count + 1))
    found: list[Found] = []
    for begin, end in _helpings(entries):
        part = slice(int(ends[begin - 1]) if begin else 0, int(ends[end - 1]))
        pairs = _pairs(asked, segments, [(b[part], c[part]) for b, c in spans], part)
        found += _scored(asked, rows, column, pairs, begin, end, floor)
    return found


def _helpings(entries: Places) -> list[tuple[int, int]]:
    """Queries begin…end that are answered together."""
    made, begin, total = [], 0, 0
    for at, number in enumerate(entries.tolist()):
        if at > begin and (at - begin >= _HELPING or total + number > _MOST_FOUND):
            made.append((begin, at))
            begin, total = at, 0
        total += number
    return [*made, (begin, len(entries))] if len(entries) else []


def _pairs(
    asked: Asked, segments: Sequence[PrefixLists], spans: Sequence[tuple[Offsets, Offsets]], part: slice
) -> Places:
    """Query and row as one number (query · 2³² + row), ascending, each once."""
    owner = asked.owner[part].astype(np.int64) << 32
    pieces = []
    for segment, (begins, counts) in zip(segments, spans, strict=True):
        some = np.flatnonzero(counts)
        if len(some):
            rows = segment.rows_at(begins[some], counts[some])
            pieces.append(np.repeat(owner[some], counts[some]) + rows)
    if not pieces:
        return np.empty(0, np.int64)
    pairs = np.concatenate(pieces)
    if asked.first is not None:
        pairs = pairs[(pairs & 0xFFFFFFFF) < (pairs >> 32) + asked.first]
    pairs.sort()
    different: Places = pairs[np.diff(pairs, prepend=-1) != 0]
    return different


def _scored(
    asked: Asked, rows: Rows, column: Ids, pairs: Places, begin: int, end: int, floor: float
) -> list[Found]:
    """What queries begin…end find, best first, ties by row."""
    asks, found = (pairs >> 32) - begin, (pairs & 0xFFFFFFFF).astype(np.int32)
    entries = slice(int(asked.starts[begin]), int(asked.starts[end]))
    terms = asked.all_terms[entries]
    known = np.unique(terms)
    column[known] = np.arange(1, len(known) + 1, dtype=np.int32)
    queries = np.zeros((end - begin, len(known) + 1), np.float32)
    line = np.repeat(np.arange(end - begin), np.diff(asked.starts[begin : end + 1]))
    queries[line, column[terms]] = asked.all_weights[entries]
    scores = np.empty(len(pairs), np.float32)
    for at in range(0, len(pairs), _MOST_SCORED):
        some = slice(at, at + _MOST_SCORED)
        scores[some] = rows.scores_of_pairs(found[some], asks[some], queries, column)
    column[known] = 0
    near = np.flatnonzero(scores >= np.float32(floor - SLACK))
    order = near[np.lexsort((found[near], -scores[near], asks[near]))]
    cuts = np.searchsorted(asks[order], np.arange(end - begin + 1)).tolist()
    found, scores = found[order], scores[order]
    return [(found[a:b], scores[a:b]) for a, b in pairwise(cuts)]
