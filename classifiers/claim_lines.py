"""Where does a long claim say what is claimed? In its first line, in a sentence that asks, in what it quotes.

    text of a claim, perhaps with its whole answer below
    | short         it is its own line
    | first         the first sentence that says something, byline and wrapper aside
    | stated        what 网传 or 有人说 introduce, what stands before a question mark
    → lines, best first; last the whole text, unless it answers itself

A rebuttal that was stored with its body in one field would else be compared as a whole: the answer's words hide the
claim's. Sentences of the answer itself are no lines: 经核实，该消息不实 stands in every rebuttal. Does not judge.
"""

from __future__ import annotations

import re
from typing import Final

from classifiers.claim_view import claim_words

SHORT: Final = 60
"""Characters up to which a claim is one line."""

_LOOKED_AT: Final = 600
_STATED: Final = 2
_TELLING: Final = 3  # content words without which a sentence claims nothing
_LONGEST: Final = 120
_SENTENCE: Final = re.compile(r"[^。！？!?；;\n]+[。！？!?；;\n]*")
_GAP: Final = re.compile(
    r"<[^<>]{0,200}>|(?<=[一-鿿？！。”])[ \t　]+(?=[一-鿿“])"
)  # a tag, a blank between title and answer
_QUESTION: Final = re.compile(r"[？?]\s*$")
_INTRODUCED: Final = re.compile(
    r"(?:网传|网上流传|网络流传|流传着?|谣言|传言|传闻|谣传|消息称|有人说|有人称|有说法称|听说|据说|声称)[^“”。]{0,20}[“”「『]?"
    r"(?P<claim>[^“”「」『』。！？!?；;\n]{8,80})"
)
_ANSWERED: Final = re.compile(
    r"[核查]实|经查|不实|谣言|辟谣|假的|没有(?:任何)?(?:科学)?(?:依据|根据|证据)|误读|误导|夸大|回应|专家|医生|医师|教授|表示|证明|研究|实际上|其实|事实上"
)
_BYLINE: Final = re.compile(
    r"^[^，。：:]{2,14}\d{1,2}月\d{1,2}日电?\s*(?:[(（][^()（）]{0,24}[)）])?[，,：:]?"
)


def claim_lines(text: str) -> tuple[str, ...]:
    """The lines to compare a text with, the likeliest first; a short text alone. Never empty."""
    if len(text) <= SHORT:
        return (text,)
    beginning = _BYLINE.sub("", _GAP.sub("\n", text[:_LOOKED_AT]).lstrip())
    sentences = [found.strip() for found in _SENTENCE.findall(beginning)]
    first = next((one for one in sentences if _tells(one)), None)
    introduced = [found["claim"] for found in _INTRODUCED.finditer(beginning)]
    asked = [one for one in sentences if _QUESTION.search(one)]
    stated = [one for one in (*introduced, *asked) if one != first and _tells(one)]
    chosen = [one[:_LONGEST] for one in (first, *stated[:_STATED]) if one]
    if chosen and _ANSWERED.search(text[len(chosen[0]) :]):
        return tuple(dict.fromkeys(chosen))
    return tuple(dict.fromkeys((*chosen, text)))


def _tells(sentence: str) -> bool:
    return len(set(claim_words(sentence))) >= _TELLING
