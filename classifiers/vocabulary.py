"""Terms as small numbers, the same number for ever.

Does not weigh and does not forget: a term once numbered keeps its number, so postings built earlier stay valid.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from itertools import count
from typing import Any

import numpy as np
import numpy.typing as npt

Ids = npt.NDArray[np.int32]
Floats = npt.NDArray[np.float32]


class Vocabulary:
    """A growing table term → number."""

    def __init__(self) -> None:
        self._numbers: defaultdict[Hashable, int] = defaultdict(count().__next__)

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, terms: Iterable[Hashable]) -> list[int]:
        """Numbers of the terms, new ones given where needed."""
        return list(map(self._numbers.__getitem__, terms))

    def find(self, term: Hashable) -> int | None:
        """The number of one term, or None."""
        return self._numbers.get(term)

    def known(self, weights: Mapping[Any, float]) -> tuple[Ids, Floats]:
        """Numbers and weights of those terms that the table has; the others match nothing."""
        numbers = self._numbers
        found = [(numbers[term], weight) for term, weight in weights.items() if term in numbers]
        ids = np.fromiter((number for number, _ in found), np.int32, len(found))
        return ids, np.fromiter((weight for _, weight in found), np.float32, len(found))
