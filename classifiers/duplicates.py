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
from typing import Final

from classifiers.background import letter_rarities
from classifiers.claim_view import View, view
from classifiers.events import SIGHT, Groups, told
from classifiers.places import apart
from classifiers.prefix import PrefixIndex
from classifiers.text import normalise

COPIES: Final = timedelta(days=7)
EVENTS: Final = timedelta(hours=72)
MOST: Final = 50_000
_COPY: Final = 0.8  # cosine of letter pairs from which two stories read the same
_COPY_LETTERS: Final = 600
_EVENT_WORDS: Final = 60
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
        for story in stories:
            links.extend(self._add(story))
        return links

    def _begin(self) -> None:
        self._letters = PrefixIndex(_COPY)
        self._words = PrefixIndex(SIGHT)
        self._groups = Groups()
        self._seen: dict[int, _Seen] = {}
        self._alive: deque[int] = deque()

    def _add(self, story: Story) -> list[Link]:
        self._forget_before(story.at)
        taken_apart = view(story.text)
        now = _kept(story, taken_apart)
        letters = _letter_pairs(story.text)
        as_told = told(taken_apart.words[:_EVENT_WORDS], now.places, now.dates)
        links = [link for link in (self._copy(now, letters),) if link]
        rows, cosines = self._words.search(as_told.words)  # best first
        near = {
            row: float(cosine)
            for row, cosine in zip(rows[:_NEAR].tolist(), cosines[:_NEAR].tolist(), strict=True)
            if row in self._seen and abs(story.at - self._seen[row].at) <= self._events_for
        }
        row = self._letters.add(letters)
        self._words.add(as_told.words)
        found = self._groups.place(row, as_told, near)
        self._seen[row] = now
        self._alive.append(row)
        if found:
            links.append(Link(story.id, self._seen[found[0]].id, "event", found[1]))
        return [link for link in links if link.other != link.id]

    def _copy(self, now: _Seen, letters: dict[str, float]) -> Link | None:
        rows, cosines = self._letters.search(letters)
        for row, cosine in zip(rows.tolist(), cosines.tolist(), strict=True):
            earlier = self._seen.get(row)
            if earlier is None or abs(now.at - earlier.at) > self._copies_for:
                continue
            if now.text == earlier.text or not _tells_otherwise(now, earlier):
                return Link(now.id, earlier.id, "copy", min(1.0, float(cosine)))
        return None

    def _forget_before(self, at: datetime) -> None:
        """Drop what is too old or too much; start the indexes again when most of them is dropped."""
        horizon = max(self._copies_for, self._events_for)
        while self._alive and (
            at - self._seen[self._alive[0]].at > horizon or len(self._alive) >= self._most
        ):
            row = self._alive.popleft()
            del self._seen[row]
            self._groups.forget(row)
        if len(self._letters) > 2 * len(self._alive) + 4_096:
            self._rebuild()

    def _rebuild(self) -> None:
        kept = [self._seen[row] for row in self._alive]
        self._begin()
        for seen in kept:
            self._add(Story(seen.id, seen.text, seen.at))


def _letter_pairs(text: str) -> dict[str, float]:
    """Weights of the pairs of characters of a text's beginning, spaces and punctuation aside."""
    letters = _NOT_LETTERS.sub("", normalise(text)[:_COPY_LETTERS])
    alone = letter_rarities(letters)
    pairs = zip(letters, letters[1:], alone, alone[1:], strict=False)
    return dict(sorted({one + other: rare + too for one, other, rare, too in pairs}.items()))


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
