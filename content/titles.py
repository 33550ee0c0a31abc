"""Does a headline carry the rumor? Repeating it is how it spreads; a title states the fact.

Compares characters after folding width, case, punctuation and spaces. Does not understand meaning: a negated claim
("不能…") counts as a fact when the very character before the shared run denies it.
"""

from __future__ import annotations

import re
import unicodedata
from difflib import SequenceMatcher

NOT_TEXT = re.compile(r"[\W_]+")
DENIALS = "不没未无非莫勿别难并"
SHORT = 5  # claims below this many characters say too little to compare
RUN = 8  # a shared run of this many characters …
SHARE = 0.6  # … that is this much of the claim


def fold(text: str) -> str:
    """Letters, digits and Han only, in one width and case."""
    return NOT_TEXT.sub("", unicodedata.normalize("NFKC", text)).casefold()


def repeats_claim(title: str, claim: str) -> bool:
    """Whether the title repeats the claim, whole or nearly so, without denying it where it begins."""
    head, rumor = fold(title)[:500], fold(claim)[:500]
    if len(rumor) < SHORT:
        return False
    run = SequenceMatcher(None, head, rumor, autojunk=False).find_longest_match()
    if run.size < min(RUN, len(rumor)) or run.size < SHARE * len(rumor):
        return False
    return not (run.a > 0 and run.size < len(rumor) and head[run.a - 1] in DENIALS)
