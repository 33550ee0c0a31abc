"""Ask many at once: the joint assignment of cases to experts under their load limits, best in total.

    needs × experts | points of every pair → Hungarian method over one column a free place → pairs

Compared with giving each case its best free expert in turn (`greedy`), the total is never less and is more when experts are few.
Does not offer anything; a person sends the offers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from expert_db.directory import Directory
from expert_db.match import Candidate, Ranking, rank_all
from expert_db.need import Need
from expert_db.roster import NOBODY, Record
from expert_db.walls import Moment
from expert_db.weights import WEIGHTS, Weights

Scores = NDArray[np.float64]
FORBIDDEN: Final = -np.inf


@dataclass(frozen=True)
class Panel:
    """For each need its candidate, or None when nobody was left. `total` is the sum of the scores."""

    chosen: tuple[Candidate | None, ...]
    total: int


def assign(
    needs: Sequence[Need],
    directory: Directory,
    records: Mapping[UUID, Record],
    zone: tzinfo,
    weights: Weights = WEIGHTS,
    here: Sequence[Mapping[UUID, Record]] = (),
) -> Panel:
    """The best joint assignment of all needs, one expert each. Needs that share a moment share its work.

    `here` are records a need, where somebody was asked about a case before; without it `records` hold for all.
    """
    rankings = _rankings(needs, directory, here or [records] * len(needs), zone, weights)
    scores = np.array([_fit(one) for one in rankings]).reshape(len(needs), len(directory))
    free = [max(0, one.load_limit - records.get(one.id, NOBODY).open) for one in directory.profiles]
    picked = best(scores, np.array(free, np.int64))
    chosen = tuple(
        None if number is None else ranking.candidate(number)
        for ranking, number in zip(rankings, picked, strict=True)
    )
    return Panel(chosen, sum(one.score for one in chosen if one))


def _rankings(
    needs: Sequence[Need],
    directory: Directory,
    records: Sequence[Mapping[UUID, Record]],
    zone: tzinfo,
    weights: Weights,
) -> list[Ranking]:
    moments: dict[object, Moment] = {}
    for need in needs:
        if need.when not in moments:
            moments[need.when] = Moment(directory, need, zone)
    return [
        rank_all(one, directory, known, zone, weights, moments[one.when])
        for one, known in zip(needs, records, strict=True)
    ]


def _fit(ranking: Ranking) -> Scores:
    scores = np.full(len(ranking.directory), FORBIDDEN)
    order = ranking.order()
    scores[order] = ranking.total[order]
    return scores


def best(scores: Scores, free: NDArray[np.int64]) -> list[int | None]:
    """The column of each row so that the sum is the most possible; a column is taken at most `free` times.

    A pair at FORBIDDEN is never taken, nor one that would lower the sum: such a row gets None.
    """
    rows = len(scores)
    if rows == 0 or scores.size == 0:
        return [None] * rows
    columns = np.repeat(np.arange(scores.shape[1]), np.minimum(free, rows))
    worth = np.where(np.isfinite(scores), scores, 0.0)[:, columns]
    worth = np.maximum(worth, 0.0)
    # One spare column a row, worth nothing: staying empty-handed is always possible.
    row_at, column_at = linear_sum_assignment(np.hstack([worth, np.zeros((rows, rows))]), maximize=True)
    picked: list[int | None] = [None] * rows
    for row, column in zip(row_at, column_at, strict=True):
        if column < len(columns) and scores[row, columns[column]] > 0:
            picked[row] = int(columns[column])
    return picked


def greedy(scores: Scores, free: NDArray[np.int64]) -> list[int | None]:
    """Each row in turn takes its best column that is still free: what a desk does without a plan. For comparison."""
    left = free.copy()
    picked: list[int | None] = []
    for row in scores:
        open_now = np.where(left > 0, row, FORBIDDEN)
        number = int(np.argmax(open_now)) if len(open_now) else -1
        if number < 0 or not open_now[number] > 0:
            picked.append(None)
            continue
        left[number] -= 1
        picked.append(number)
    return picked


def total(scores: Scores, picked: Sequence[int | None]) -> float:
    """The sum of the chosen pairs."""
    return float(sum(scores[row, column] for row, column in enumerate(picked) if column is not None))
