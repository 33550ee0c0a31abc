"""Many texts brought to one spelling at once, exactly as `text.normalise` and `features.plain` do it one by one.

    texts → joined → code points → a table of what ordinary news is written with → split again
    a text with any other character                                              → the careful way, alone

Ordinary are Han characters, ASCII, Chinese punctuation and full-width ASCII; each becomes one character, so that texts stay
apart. What is left for each text alone is Traditional characters, spaces and what hides in plain characters (`combs`, `halves`).
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from classifiers import combs, features, glyphs, halves, text
from classifiers.run import APART
from classifiers.text import Text

_ORDINARY: Final = 0
_LOOK_AGAIN: Final = 1
_STRANGE: Final = 2
_PLANE: Final = 0x10000
_FULL_WIDTH: Final = range(0xFF01, 0xFF5F)
_TO_ASCII: Final = 0xFEE0
_KEPT: Final = "、。《》【】“”‘’·—「」『』"
_PART_OF_SPLITS: Final = " \n-*·•_./|~+^=‧∙"
_GONE: Final = 0x110000
_FIRST_HAN: Final = ord("一")
_LAST_HAN: Final = ord("龥")

Codes = NDArray[np.uint32]


def joined(texts: Sequence[Text]) -> list[str]:
    """`Text.joined` of each."""
    parts = normalised([part for one in texts for part in (one.title, one.body)])
    return [text.together(title, body) for title, body in zip(parts[::2], parts[1::2], strict=True)]


def normalised(raws: Sequence[str]) -> list[str]:
    """`normalise` of each."""
    cut = [raw[: text.RAW_LIMIT] for raw in raws]
    codes = _codes(cut)
    if codes is None:
        return [text.normalise(raw) for raw in raws]
    kinds, spelled = _spelling()
    low = np.minimum(codes, _PLANE - 1)
    starts = np.zeros(len(cut), np.int64)
    starts[1:] = np.cumsum(np.fromiter(map(len, cut), np.int64, len(cut)) + 1)[:-1]
    # One more character, so that an empty text at the end has one of its own.
    worst = np.maximum.reduceat(np.append(kinds.take(low), np.uint8(_ORDINARY)), starts)
    worst = np.maximum(worst, _perhaps_taken_apart(codes, starts)).tolist()
    clean = _split(spelled.take(low))
    return [_one(*one) for one in zip(cut, clean, worst, strict=True)]


def _perhaps_taken_apart(codes: Codes, starts: NDArray[np.int64]) -> NDArray[np.uint8]:
    """`_LOOK_AGAIN` for texts whose Han characters stand alone or by two, or are doubled, so often that `combs` must see them."""
    han = np.append((codes >= _FIRST_HAN) & (codes <= _LAST_HAN), False)
    ends, again = han.copy(), han.copy()
    ends[:-1] &= ~han[1:]
    again[:-1] &= np.append(codes[1:] == codes[:-1], False)
    runs, every, twice = (np.add.reduceat(one.astype(np.int32), starts) for one in (ends, han, again))
    apart = (runs >= combs.FEWEST - 1) & (every <= combs.BY_TWO * runs)
    return np.where(apart | (twice >= combs.DOUBLED), _LOOK_AGAIN, _ORDINARY).astype(np.uint8)


def _one(raw: str, clean: str, kind: int) -> str:
    if kind == _ORDINARY:
        return clean
    if kind == _STRANGE:
        return text.normalise(raw)
    return text.finish(text.close_lines(clean))


def plain(texts: Sequence[str]) -> list[str]:
    """`features.plain` of each normalised text."""
    cut = [features.with_hosts(one)[: features.LONGEST] for one in texts]
    codes = _codes(cut)
    if codes is None:
        return [features.plain(one) for one in texts]
    table = _masks()
    codes = np.where(codes < _PLANE, table.take(np.minimum(codes, _PLANE - 1)), codes)
    masked = codes[codes != _GONE].tobytes().decode("utf-32-le", "surrogatepass")
    found = features.shortened(masked.lower()).split(APART)
    return found if len(found) == len(texts) else [features.plain(one) for one in texts]


def _codes(texts: Sequence[str]) -> Codes | None:
    """The code points of the texts with `APART` between them; None where one of them has it in it, or there is none."""
    run = APART.join(texts)
    if not texts or run.count(APART) != len(texts) - 1:
        return None
    return np.frombuffer(run.encode("utf-32-le", "surrogatepass"), np.uint32)


def _split(codes: Codes) -> list[str]:
    return codes.tobytes().decode("utf-32-le", "surrogatepass").split(APART)


@cache
def _spelling() -> tuple[NDArray[np.uint8], Codes]:
    """What kind of character each of the first 65,536 is, and what it becomes."""
    kinds = np.full(_PLANE, _STRANGE, np.uint8)
    spelled = np.arange(_PLANE, dtype=np.uint32)
    kinds[[*range(0x21, 0x7F), *range(ord("一"), ord("龥") + 1), *map(ord, _KEPT), ord(APART)]] = _ORDINARY
    kinds[[ord(character) for character in (*_PART_OF_SPLITS, *halves.MARKS, *text.traditional())]] = (
        _LOOK_AGAIN
    )
    kinds[[code for code in glyphs.HOMOGLYPHS if code < _PLANE]] = _STRANGE
    for code in _FULL_WIDTH:
        spelled[code] = code - _TO_ASCII
        kinds[code] = kinds[code - _TO_ASCII]
    return kinds, spelled


@cache
def _masks() -> Codes:
    """What `features.plain` makes of each of the first 65,536 characters."""
    table = np.arange(_PLANE, dtype=np.uint32)
    for code, new in features.MASKS.items():
        table[code] = ord(new) if new else _GONE
    return table
