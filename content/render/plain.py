"""Text made safe for the place where it goes. Nothing here changes what a text says to a reader.

XML allows no control characters; a chat robot would ping everybody at `@all`; a mail header ends at a line break; a
spreadsheet computes what begins with `=`. Does not escape markup: renderers do that where they write it.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import quote

# XML 1.0 or HTML forbids these; lone surrogates cannot be written as UTF-8 at all.
_PLANES = "".join(f"{chr(plane | 0xFFFE)}{chr(plane | 0xFFFF)}" for plane in range(0, 0x110000, 0x10000))
_ILLEGAL = re.compile(f"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef{_PLANES}]")
_NEXT_LINE = "\x85"  # the line break of mainframes: a break in XML, forbidden in HTML
# Invisible characters that turn the direction of what follows, so that a text reads other than it is written.
_TURNING = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f]")
_BREAKS = re.compile(r"[\s\x00-\x1f\x7f\x85\u2028\u2029]+")
_MENTION = re.compile(
    r"@(?=(?:all|everyone|here|channel|1\d{10})(?![A-Za-z0-9_])|所有人|全体)", re.IGNORECASE
)
_TAG = re.compile(r"<(?=[a-zA-Z/!?@])")
_ENTITY = re.compile(r"&(#?\w+;?)")
_LINK = re.compile(r"(!?)\[([^\]\n]*)\]\(")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def clean(text: str) -> str:
    """Without characters that XML or HTML forbids and without those that reverse the reading direction."""
    return _TURNING.sub("", _ILLEGAL.sub("", text.replace(_NEXT_LINE, "\n")))


def one_line(text: str) -> str:
    """On one line, for titles and headers: no break of any kind can begin a second header."""
    return clean(_BREAKS.sub(" ", text)).strip()


def chat(text: str) -> str:
    """For robots: nobody is mentioned, nothing becomes a link or a tag; full-width twins keep it readable."""
    safe = _MENTION.sub("＠", clean(text))
    safe = _TAG.sub("＜", safe)
    return _LINK.sub(lambda found: f"{found[1]}［{found[2]}］（", safe)


def bare(text: str) -> str:
    """On one line, and nothing that a reader of HTML would take for a tag or an entity; full-width twins keep it readable.

    For titles and names in places whose readers differ on whether they hold markup. `Q&A` and `2<3` stay as they are.
    """
    return _ENTITY.sub(_plain_ampersand, _TAG.sub("＜", one_line(text)))


def cell(text: str) -> str:
    """For spreadsheets: what would be a formula is text."""
    return f"'{text}" if text.startswith(_FORMULA) else text


def _plain_ampersand(found: re.Match[str]) -> str:
    return found[0] if unescape(found[0]) == found[0] else f"＆{found[1]}"


def cut(text: str, limit: int) -> str:
    """At most `limit` characters, ending in an ellipsis where something was left out."""
    return text if len(text) <= limit else text[: max(limit - 1, 0)] + "…"


def cut_bytes(text: str, limit: int) -> str:
    """At most `limit` bytes of UTF-8, never inside a character, ending in an ellipsis where something was left out."""
    raw = text.encode()
    if len(raw) <= limit:
        return text
    ellipsis = "…".encode()
    if limit < len(ellipsis):
        return ""
    return raw[: limit - len(ellipsis)].decode(errors="ignore") + "…"


def address(url: str) -> str:
    """A web address in the characters that addresses are written in (RFC 3986); Chinese ones become %XX."""
    return quote(url, safe=":/?#[]@!$&'()*+,;=%~-._")


def is_web(url: str) -> bool:
    """Whether a link may be shown as one: http and https only, checked again at render."""
    return url.startswith(("https://", "http://")) and not _BREAKS.search(url)
