"""Near-copies and stories of one event in the stream of incoming stories.

    Story
    | letters    pairs of characters → an earlier story that reads almost the same        kind "copy"
    | words      → the group of stories about the same event                              kind "event"
    | Link       at most one of each kind, always to an earlier story

In memory, bounded in time and number, rebuilt from the database at start; the same stories in the same order give the
same links. Does not decide which of two copies is the original and links no story to itself.
"""

from __future__ import annotations

import re
import sys
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import add
from typing import Final

from classifiers.background import letter_rarities
from classifiers.claim_view import View, view_of
from classifiers.events import SIGHT, Groups, Told, told
from classifiers.places import apart
from classifiers.prefix import PrefixIndex
from classifiers.prefix_batch import Found
from classifiers.spelling import normalised

COPIES: Final = timedelta(days=7)
EVENTS: Final = timedelta(hours=72)
MOST: Final = 50_000
_COPY: Final = 0.8  # cosine of letter pairs from which two stories read the same
_COPY_LETTERS: Final = 600
_EVENT_WORDS: Final = 60
_AT_ONCE: Final = 128  # stories compared at once
_NEAR: Final = 300  # similar stories that are looked at: a form filled in a thousand times must not stall us
_NOT_LETTERS: Final = re.compile(r"[\W_]+")
_LEVELS: Final = frozenset("红橙黄蓝")
_STEPS: Final = ("解除", "升级", "取消", "更新", "继续", "变更", "终止", "结束")


@dataclass(frozen=True)
class Story:
    """One incoming story: plain text (title and lead), and when it was first seen (aware)."""

    id: str
    text: str
    at: datetime


@dataclass(frozen=True)
class Link:
    """`id` follows `other`: a near-copy, or the same event. Score: resemblance from 0 to 1."""

    id: str
    other: str
    kind: str
    score: float


@dataclass(frozen=True, slots=True)
class _Seen:
    """What is kept of a story: tens of thousands stay for days, so nothing that is only needed on arrival."""

    id: str
    at: datetime
    text: str
    numbers: frozenset[str]
    dates: frozenset[str]
    places: frozenset[str]


_NONE: Final[frozenset[str]] = frozenset()  # one for all: an empty set of its own takes 216 bytes


def _kept(story: Story, seen: View) -> _Seen:
    numbers, dates, places = (
        frozenset(map(sys.intern, found)) if found else _NONE
        for found in (seen.numbers, seen.dates, seen.places)
    )
    return _Seen(story.id, story.at, seen.text, numbers, dates, places)


class StoryWindow:
    """The last days of stories. Not for concurrent use."""

    def __init__(self, copies: timedelta = COPIES, events: timedelta = EVENTS, most: int = MOST) -> None:
        self._copies_for, self._events_for, self._most = copies, events, most
        self._begin()

    def __len__(self) -> int:
        return len(self._alive)

    def add(self, stories: Sequence[Story]) -> list[Link]:
        """Take stories in, in the order given; for each at most one link of each kind to an earlier one."""
        links: list[Link] = []
        for start in range(0, len(stories), _AT_ONCE):
            links += self._take(stories[start : start + _AT_ONCE])
        return links

    def _begin(self) -> None:
        self._letters = PrefixIndex(_COPY)
        self._words = PrefixIndex(SIGHT)
        self._groups = Groups()
        self._seen: dict[int, _Seen] = {}
        self._alive: deque[int] = deque()

    def _take(self, stories: Sequence[Story]) -> list[Link]:
        """Take them apart and compare all of them at once; then place one after the other."""
        self._make_room(stories)
        now, letters, as_told = [], [], []
        for story, text in zip(stories, normalised([story.text for story in stories]), strict=True):
            seen = view_of(text)
            kept = _kept(story, seen)
            now.append(kept)
            letters.append(_letter_pairs(text))
            as_told.append(told(seen.words[:_EVENT_WORDS], kept.places, kept.dates))
        first = len(self._letters)
        alike, near = self._letters.take(letters), self._words.take([one.words for one in as_told])
        links: list[Link] = []
        for at, kept in enumerate(now):
            links += self._place(first + at, kept, as_told[at], alike[at], near[at])
        return links

    def _place(self, row: int, now: _Seen, as_told: Told, alike: Found, near: Found) -> list[Link]:
        """Remember one story; what it follows."""
        self._forget_before(now.at)
        links = [link for link in (self._copy(now, alike),) if link]
        found = self._groups.place(row, as_told, self._in_sight(now, near))
        self._seen[row] = now
        self._alive.append(row)
        if found:
            links.append(Link(now.id, self._seen[found[0]].id, "event", found[1]))
        return [link for link in links if link.other != link.id]

    def _in_sight(self, now: _Seen, near: Found) -> dict[int, float]:
        """Of the most similar earlier stories those that are not too long ago."""
        rows, cosines = near[0][:_NEAR].tolist(), near[1][:_NEAR].tolist()
        return {
            row: cosine
            for row, cosine in zip(rows, cosines, strict=True)
            if row in self._seen and abs(now.at - self._seen[row].at) <= self._events_for
        }

    def _copy(self, now: _Seen, alike: Found) -> Link | None:
        for row, cosine in zip(alike[0].tolist(), alike[1].tolist(), strict=True):
            earlier = self._seen.get(row)
            if earlier is None or abs(now.at - earlier.at) > self._copies_for:
                continue
            if now.text == earlier.text or not _tells_otherwise(now, earlier):
                return Link(now.id, earlier.id, "copy", min(1.0, cosine))
        return None

    def _forget_before(self, at: datetime) -> None:
        """Drop what is too old or too much."""
        horizon = max(self._copies_for, self._events_for)
        while self._alive and (
            at - self._seen[self._alive[0]].at > horizon or len(self._alive) >= self._most
        ):
            row = self._alive.popleft()
            del self._seen[row]
            self._groups.forget(row)

    def _make_room(self, stories: Sequence[Story]) -> None:
        """Start the indexes again when most of them is dropped."""
        self._forget_before(stories[0].at)
        if len(self._letters) > 2 * len(self._alive) + 4_096:
            kept = [self._seen[row] for row in self._alive]
            self._begin()
            self.add([Story(seen.id, seen.text, seen.at) for seen in kept])


def _letter_pairs(text: str) -> dict[str, float]:
    """Weights of the pairs of characters of a normalised text's beginning, spaces and punctuation aside."""
    letters = _NOT_LETTERS.sub("", text[:_COPY_LETTERS])
    alone = letter_rarities(letters)
    together = map(add, alone, alone[1:])
    return dict(zip(map(add, letters, letters[1:]), together, strict=True))


def _tells_otherwise(one: _Seen, other: _Seen) -> bool:
    """Almost the same words about another number, day, place or warning level are another story."""
    if one.numbers != other.numbers and one.numbers and other.numbers:
        return True
    if one.dates and other.dates and one.dates != other.dates:
        return True
    if apart(one.places, other.places):
        return True
    levels = [_LEVELS & set(text) for text in (one.text, other.text)]
    steps = [{step for step in _STEPS if step in text} for text in (one.text, other.text)]
    return levels[0] != levels[1] or steps[0] != steps[1]
