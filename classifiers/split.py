"""Split examples so that a figure means something: by near-duplicate cluster first, then by time.

Variants of one message never stand on both sides. The held-out side is the later one; undated texts are put by the
hash of their group. The same examples are always split the same way.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import xxhash

from classifiers import features
from classifiers.examples import Example

_SHINGLE: Final = 5
_SKETCH: Final = 6
_TOO_SHORT: Final = 2 * _SHINGLE
"""Less than this beside an address is compared as a whole."""


@dataclass(frozen=True)
class Split:
    """Positions of the examples on either side."""

    fit: list[int]
    held: list[int]


def clusters(texts: Sequence[str], groups: Sequence[str] | None = None) -> list[int]:
    """A cluster number a text: texts that share two of their six smallest shingle hashes, or a group, are one."""
    parent = list(range(len(texts)))

    def root(node: int) -> int:
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    first: dict[object, int] = {}
    for number, text in enumerate(texts):
        keys: list[object] = _keys(text)
        if groups is not None and groups[number]:
            keys.append(groups[number])
        for key in keys:
            other = root(first.setdefault(key, number))
            parent[max(root(number), other)] = min(root(number), other)
    return [root(number) for number in range(len(texts))]


def by_time(examples: Sequence[Example], share: float = 0.2) -> Split:
    """Hold out about `share` of the examples: whole clusters, the latest dated ones and a hashed part of the rest."""
    numbers = clusters([example.joined for example in examples], [example.group for example in examples])
    latest: dict[int, str] = {}
    for number, example in zip(numbers, examples, strict=True):
        latest[number] = max(latest.get(number, ""), example.date)
    dated = sorted(latest[number] for number in numbers if latest[number])
    cut = dated[int(len(dated) * (1 - share))] if dated else ""
    chosen = {
        number: day >= cut if day else _draw(examples[number].group or examples[number].joined) < share
        for number, day in latest.items()
    }
    return Split(
        fit=[i for i, number in enumerate(numbers) if not chosen[number]],
        held=[i for i, number in enumerate(numbers) if chosen[number]],
    )


def folds(examples: Sequence[Example], number: int) -> list[int]:
    """A fold 0..number-1 an example; whole clusters stay together, whatever their date."""
    found = clusters([example.joined for example in examples], [example.group for example in examples])
    names = [examples[first].group or examples[first].joined for first in found]
    return [int(_draw(name) * number) for name in names]


def _keys(text: str) -> list[object]:
    # Addresses are alike for being addresses: with them half of a collection of forwarded messages is one cluster.
    words = features.without_addresses(text)
    text = words if len(words) >= _TOO_SHORT else text
    hashes = sorted(
        {
            xxhash.xxh32_intdigest(text[i : i + _SHINGLE].encode())
            for i in range(max(1, len(text) - _SHINGLE + 1))
        }
    )
    sketch = hashes[:_SKETCH]
    if len(sketch) < 2 or len(words) < _TOO_SHORT:
        return [(text, "")]
    return [(one, other) for at, one in enumerate(sketch) for other in sketch[at + 1 :]]


def _draw(name: str) -> float:
    return (xxhash.xxh32_intdigest(name.encode()) % 10_000) / 10_000
