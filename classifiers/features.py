"""What the linear models count in a text.

    normalised text → words (" 暴雨"), word pairs ("暴雨 预警"), character pairs and triples ("暴雨预")

Latin letters are lower case, digits become 0, and what only marks a platform (【】, #话题#, @somebody, the path of an
address) is masked, so that nothing is learned from artefacts of one website. Training and serving use this one function.
"""

from __future__ import annotations

import re
from itertools import pairwise
from operator import add
from typing import Final

from classifiers import tokens

_ADDRESS: Final = re.compile(r"(?:https?://|www\.)[\w\-./?%&=~#:+,@!]*", re.ASCII)
_SCHEME: Final = re.compile(r"^(?:https?://)?(?:www\.|m\.|mobile\.)?")
_MENTION: Final = re.compile(r"@[\w\-一-龥]{1,30}[:：]?")
# Platform marks go, digits become 0, white space becomes a comma (a space marks our own word features).
MASKS: Final[dict[int, str]] = str.maketrans(
    {
        **dict.fromkeys("【】#[]「」『』《》“”\"'‘’*~^|\\_`", ""),
        **dict.fromkeys("123456789", "0"),
        " ": ",",
        "\n": ",",
    }
)
_MANY_DIGITS: Final = re.compile(r"0{2,}(?:[.,:/-]0+)*")

LONGEST: Final = 1_500
"""Characters of a text the models read; what makes a text what it is stands at its beginning."""

HEADLINE: Final = 60
"""Longer plain texts are no headlines."""


def plain(text: str) -> str:
    """The normalised `text` as the models see it."""
    return shortened(with_hosts(text)[:LONGEST].translate(MASKS).lower())


def with_hosts(text: str) -> str:
    """The normalised `text` with hosts in place of addresses, and nobody mentioned."""
    if "@" not in text and not may_have_address(text):
        return text
    return _MENTION.sub("", _ADDRESS.sub(_host, text))


def shortened(text: str) -> str:
    """Long numbers, whose digits are 0 already, as two digits."""
    return _MANY_DIGITS.sub("00", text) if "00" in text else text


def _host(found: re.Match[str]) -> str:
    """What is left of an address: whose site it is. Weibo's own shortener says nothing but "Weibo"."""
    host = _SCHEME.sub("", found.group()).split("/")[0].lower()
    return "" if host == "t.cn" else f",{host},"


def without_addresses(text: str) -> str:
    """The normalised `text` without its web addresses, which are no words."""
    return _ADDRESS.sub(" ", text).strip() if may_have_address(text) else text


def may_have_address(text: str) -> bool:
    """Whether the normalised `text` has the sign of an address; without one it has none."""
    return "://" in text or "www." in text


def is_forward(text: str) -> bool:
    """Whether the normalised `text` has the outward shape of what people pass on: several lines, or an address.

    Weibo's own shortener stands under every other post there and is no sign.
    """
    if "\n" in text:
        return True
    return may_have_address(text) and any(_host(found) for found in _ADDRESS.finditer(text))


def is_message(text: str) -> bool:
    """Whether the normalised `text` is a message or an article rather than a headline: long, or with an address."""
    return says_message(text, plain(text) if len(text) > HEADLINE else text)


def says_message(text: str, read: str) -> bool:
    """`is_message` of a text whose plain form is known."""
    if len(text) > HEADLINE and len(read) > HEADLINE:
        return True
    return may_have_address(text) and bool(_ADDRESS.search(text))


def features(text: str) -> list[str]:
    """Everything counted in the plain `text`, repeats included; order does not matter to the models."""
    cut = tokens.words(text)
    found = [" " + word for word in cut]
    found += [f"{one} {two}" for one, two in pairwise(cut)]
    pairs = list(map(add, text, text[1:]))
    found += pairs
    found += map(add, pairs, text[2:])
    return found


def spans(text: str) -> tuple[list[str], list[tuple[str, int, int]]]:
    """The words of the plain `text` and every feature with the range of characters it covers (for reasons)."""
    cut = tokens.words(text)
    found: list[tuple[str, int, int]] = []
    starts = [0]
    for word in cut:
        starts.append(starts[-1] + len(word))
    for index, word in enumerate(cut):
        found.append((" " + word, starts[index], starts[index + 1]))
        if index + 1 < len(cut):
            found.append((f"{word} {cut[index + 1]}", starts[index], starts[index + 2]))
    for size in (2, 3):
        found += [(text[i : i + size], i, i + size) for i in range(len(text) - size + 1)]
    return cut, found
