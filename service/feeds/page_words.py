"""The words of a whole web page, read once from front to back: cheap however its tags are nested or left open.

Not for showing as HTML and not for feeds (`service.feeds.html` cleans those): the result is plain text, a line a block.
"""

from __future__ import annotations

import html
import re
from typing import Final

from service.feeds.html import tidy_text

LONGEST: Final = 2_000_000  # characters of a page that are read
SILENT: Final = frozenset(
    {"script", "style", "noscript", "template", "svg", "math", "iframe", "object", "title", "nav", "select"}
)
INLINE: Final = frozenset(
    {"a", "abbr", "b", "bdi", "cite", "code", "em", "font", "i", "ins", "kbd", "mark", "q", "s", "small", "span", "strong", "sub", "sup", "u", "var"}
)  # fmt: skip
TAG = re.compile(r"</?([a-zA-Z][a-zA-Z0-9]{0,20})[^<>]{0,5000}>?")


def words_of_page(raw: str) -> str:
    """What a reader reads on the page, without menus' and scripts' own elements."""
    page = raw[:LONGEST]
    lower = page.lower() if len(page.lower()) == len(page) else page
    parts: list[str] = []
    at = 0
    while (start := page.find("<", at)) >= 0:
        parts.append(page[at:start])
        at = _after_tag(page, lower, start, parts)
    parts.append(page[at:])
    return tidy_text(html.unescape("".join(parts)))


def _after_tag(page: str, lower: str, start: int, parts: list[str]) -> int:
    """Where the text goes on after what begins at `start`."""
    if page.startswith("<!--", start):
        return _behind(page, "-->", start)
    tag = TAG.match(page, start)
    if tag is None:
        if page.startswith(("<!", "<?"), start):
            return _behind(page, ">", start)
        parts.append("<")
        return start + 1
    name = tag[1].lower()
    if name in SILENT and page[start + 1] != "/":
        parts.append("\n")
        end = lower.find(f"</{name}", tag.end())
        return len(page) if end < 0 else end
    if name not in INLINE:
        parts.append("\n")
    return tag.end()


def _behind(page: str, mark: str, start: int) -> int:
    end = page.find(mark, start)
    return len(page) if end < 0 else end + len(mark)
