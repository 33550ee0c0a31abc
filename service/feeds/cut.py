"""Cut a feed document into its entries without parsing it, so that only new entries need parsing.

    text
    | well_formed        expat, no handlers; anything doubtful is parsed whole
    | cut                spans of <item>/<entry>, each with a hash of its text and of the root element's start tag
    | Cut.without        the envelope and the entries not known yet, still one well-formed document

Does not interpret anything. An entry that was edited has another hash and counts as new.
"""

import re
from collections.abc import Set
from dataclasses import dataclass
from xml.parsers import expat

import xxhash

from service.feeds.prepare import root_tag

TOKENS = re.compile(
    r"<(?:(?P<close>/?)(?:[\w.-]+:)?(?:item|entry)(?=[\s/>])(?P<rest>[^>]*)>|!\[CDATA\[.*?\]\]>|!--.*?-->|\?.*?\?>)",
    re.S,
)

# Entries of one document that are remembered, ten polls of 200.
LONGEST_LIST = 2000


@dataclass(frozen=True)
class Piece:
    """One entry's place in the text, from its start tag to the end of its end tag."""

    digest: str
    start: int
    end: int


@dataclass(frozen=True)
class Selection:
    """A smaller document and what it knows: `digests` are all entries that need not be looked at again."""

    text: str
    digests: frozenset[str]
    fresh: int
    more: bool


@dataclass(frozen=True)
class Cut:
    """A well-formed document and the pieces of it that are entries, in order."""

    text: str
    pieces: tuple[Piece, ...]

    def without(self, known: Set[str], most: int) -> Selection:
        """The document with at most `most` entries, none of them known; what is beyond LONGEST_LIST does not exist."""
        listed = self.pieces[: max(LONGEST_LIST, most)]
        fresh = [piece for piece in listed if piece.digest not in known]
        taken = fresh[:most]
        kept = {piece.start for piece in taken}
        parts: list[str] = []
        at = 0
        for piece in self.pieces:
            if piece.start not in kept:
                parts.append(self.text[at : piece.start])
                at = piece.end
        parts.append(self.text[at:])
        digests = {piece.digest for piece in listed if piece.digest in known}
        digests |= {piece.digest for piece in taken}
        return Selection("".join(parts), frozenset(digests), len(taken), len(fresh) > most)


def cut(text: str) -> Cut | None:
    """The entries of `text`, or None when they cannot be told apart with certainty."""
    if not well_formed(text):
        return None
    root = root_tag(text)
    spans = _spans(text)
    if root is None or not spans or spans[0][0] <= root.start():
        return None
    seed = xxhash.xxh3_64_intdigest(root[0].encode("utf-8", "replace"))
    pieces = tuple(
        Piece(xxhash.xxh3_64_hexdigest(text[start:end].encode("utf-8", "replace"), seed=seed), start, end)
        for start, end in spans
    )
    return Cut(text, pieces)


def well_formed(text: str) -> bool:
    """Whether `text` is XML that a strict parser reads to its end. Entities from outside are not fetched."""
    parser = expat.ParserCreate("utf-8")
    try:
        parser.Parse(text.encode("utf-8", "replace"), True)
    except expat.ExpatError:
        return False
    return True


def _spans(text: str) -> list[tuple[int, int]]:
    """Start and end of each entry; empty when entries are nested, unclosed or absent."""
    spans: list[tuple[int, int]] = []
    start: int | None = None
    for token in TOKENS.finditer(text):
        closing = token["close"]
        if closing is None:
            continue
        if closing:
            if start is None:
                return []
            spans.append((start, token.end()))
            start = None
        elif token["rest"].endswith("/"):
            if start is not None:
                return []
            spans.append(token.span())
        elif start is not None:
            return []
        else:
            start = token.start()
    return spans if start is None else []
