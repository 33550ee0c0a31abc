"""Which stories tell of the same event? Streaming: each story joins the group it resembles most, or begins one.

    words of a story   → cosine with the stories of the last days, those that share at least two telling words
    group              → the best and the mean resemblance to its newest members; another place keeps apart
    best group ≥ floor → joined, linked to its most similar member

Words, not characters: an event is told in many wordings around the same names. Does not name or summarise an event and
never splits or merges what it has once grouped.
"""

from __future__ import annotations

import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from classifiers.background import rarities
from classifiers.places import apart

EVENT_FLOOR: Final = 0.33
SIGHT: Final = 0.25  # cosine below which a story is not looked at
_MOST_TELLING: Final = 9.0  # a single rare name must not decide alone
_NEWEST: Final = 6
_MEAN_SHARE: Final = 0.2
_ELSEWHERE: Final = 0.35  # of the score is left when both name places and none is the same
_SAME_PLACE: Final = 0.12  # added when both name the same place
_ANOTHER_DAY: Final = 0.8  # of the score is left when both name days and none is the same …
_SAME_FORM: Final = 0.7  # … but from this cosine on it is the same form, filled in on another day
# How people ask strangers for a tip, and "in town": what they ask for is the matter, the form is none.
_ASKING: Final = frozenset(
    [
        "求",
        "推荐",
        "求推荐",
        "靠",
        "谱",
        "靠谱",
        "求问",
        "请教",
        "想问",
        "打听",
        "哪家",
        "城区",
        "市区",
        "县城",
    ]
)
_ONE_WORD: Final = 0.15  # taken off when a single word is all that is shared


@dataclass(frozen=True)
class Told:
    """A story as events see it."""

    words: Mapping[str, float]
    places: frozenset[str]
    dates: frozenset[str]


def told(words: Sequence[str], places: frozenset[str], dates: frozenset[str]) -> Told:
    """The weights of a story's words, rare names capped, the form of a request left out."""
    telling = [word for word in words if word not in _ASKING] or words
    return Told(rarities(map(sys.intern, telling), _MOST_TELLING), places, dates)


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is kept of a story: its words without their weights."""

    words: tuple[str, ...]
    places: frozenset[str]
    dates: frozenset[str]


class Groups:
    """Who belongs together, by row number. Rows may be forgotten; a group lives as long as one of its rows."""

    def __init__(self) -> None:
        self._stories: dict[int, _Kept] = {}
        self._group: dict[int, int] = {}
        self._rows: dict[int, list[int]] = defaultdict(list)

    def forget(self, row: int) -> None:
        """A row has left the window."""
        self._stories.pop(row, None)
        group = self._group.pop(row, None)
        if group is not None:
            self._rows[group].remove(row)
            if not self._rows[group]:
                del self._rows[group]

    def place(self, row: int, story: Told, seen: Mapping[int, float]) -> tuple[int, float] | None:
        """Put a story into its group; gives the member it is most like and the score, or None for a new event.

        `seen` holds earlier rows and their cosine with the story.
        """
        best: tuple[float, int, int] | None = None
        scores = {other: self._score(story, other, cosine) for other, cosine in seen.items()}
        nearest: dict[int, tuple[float, int]] = {}  # of each group the best, and of equals the first
        for other, reached in scores.items():
            group = self._group[other]
            if group not in nearest or (reached, -other) > nearest[group]:
                nearest[group] = (reached, -other)
        for group, (_, minus) in sorted(nearest.items()):
            members, near = self._rows[group][-_NEWEST:], -minus
            mean = sum(scores.get(member, 0.0) for member in members) / len(members)
            score = (1.0 - _MEAN_SHARE) * scores[near] + _MEAN_SHARE * max(mean, 0.0)
            if score >= EVENT_FLOOR and (best is None or score > best[0]):
                best = (score, near, group)
        self._stories[row] = _Kept(tuple(story.words), story.places, story.dates)
        self._group[row] = best[2] if best else row
        self._rows[self._group[row]].append(row)
        return (best[1], min(1.0, best[0])) if best else None

    def _score(self, story: Told, other: int, cosine: float) -> float:
        earlier = self._stories[other]
        shared = sum(map(story.words.__contains__, earlier.words))
        score = cosine
        if shared < 2 < min(len(story.words), len(earlier.words)):
            score -= _ONE_WORD
        if apart(story.places, earlier.places):
            return score * _ELSEWHERE
        if story.dates and earlier.dates and not story.dates & earlier.dates:
            return score * (_ELSEWHERE if cosine >= _SAME_FORM else _ANOTHER_DAY)
        return score + _SAME_PLACE if story.places & earlier.places else score
