"""Judge a model of posts as another collection of posts will: other topics, and words it never met.

Folds of near-duplicates still share their events and the habits of their time, so a model looks better and surer there
than it is. Here whole topics are held out. Deterministic: the seed is fixed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.cluster import KMeans
from sklearn.decomposition import TruncatedSVD
from sklearn.preprocessing import normalize

_TOPICS: Final = 6
_DIMENSIONS: Final = 30


def topics(matrix: sparse.csr_matrix, clusters: Sequence[int]) -> NDArray[np.int64]:
    """A topic number a row of a TF-IDF `matrix`; near-duplicates (`clusters`: the row of the first) stay together."""
    size = min(_DIMENSIONS, *(side - 1 for side in matrix.shape))
    dense = normalize(TruncatedSVD(size, random_state=0).fit_transform(matrix))
    number = min(_TOPICS, len(dense))
    found = KMeans(number, n_init=2, random_state=0).fit_predict(dense)
    numbers: NDArray[np.int64] = np.asarray(found, np.int64)[np.asarray(clusters)]
    return numbers


def known_words(matrix: sparse.csr_matrix, rest: NDArray[np.intp], min_documents: int) -> sparse.csr_matrix:
    """The rows as a model of `rest` would see them: only what at least `min_documents` of its rows have, length 1."""
    often = np.bincount(matrix[rest].indices, minlength=matrix.shape[1]) >= min_documents
    seen: sparse.csr_matrix = normalize(matrix[:, np.flatnonzero(often)])
    return seen
