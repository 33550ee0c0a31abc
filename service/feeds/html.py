"""HTML of strangers to safe HTML and to plain text.

nh3 keeps an allow-list; everything the allow-list does not name loses its tags, scripts and styles lose their content
too. Pictures are dropped: an editor's screen must not call home. All functions are idempotent.
"""

import html
import re
from functools import lru_cache

import nh3

TAGS = set(
    re.findall(
        r"\w+",
        "a abbr b blockquote br caption cite code dd del details div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i "
        "ins kbd li mark ol p pre q rp rt ruby s samp small span strong sub summary sup table tbody td tfoot th thead "
        "tr u ul var",
    )
)
ATTRIBUTES = {
    "a": {"href", "title"},
    "abbr": {"title"},
    "td": {"colspan", "rowspan"},
    "th": {"colspan", "rowspan"},
    "ol": {"start"},
}
GONE_WITH_CONTENT = {
    *("script", "style", "template", "noscript", "noembed", "noframes", "iframe", "object", "svg", "math"),
    *("title", "xmp"),
}


def _build_cleaner(base: str) -> nh3.Cleaner:
    """The allow-list; relative links are made absolute with `base`, or dropped when there is none."""
    return nh3.Cleaner(
        tags=TAGS,
        clean_content_tags=GONE_WITH_CONTENT,
        attributes=ATTRIBUTES,
        url_schemes={"http", "https"},
        link_rel="nofollow noopener noreferrer",
        url_relative=("rewrite_with_base", base) if base else "deny",
    )


CLEANER = _build_cleaner("")

LONGEST_HTML = 20_000
LONGEST_TEXT = 20_000
LONGEST_LINE = 500
MOST_NESTED = 8

BREAKS = re.compile(
    r"<(?:/?(?:p|div|h[1-6]|li|ul|ol|dl|dt|dd|tr|table|blockquote|pre|figure|figcaption|details|summary)|br|hr)\b[^>]*>"
)
CELLS = re.compile(r"</t[dh]>")
ANY_TAG = re.compile(r"<[^>]*>")
CONTROLS = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufeff\ufffe\uffff\ud800-\udfff]")
# Marks that make text read in another order than it is stored (Trojan source), and invisible ones.
DIRECTIONS = re.compile("[\u200b\u200e\u200f\u2028-\u202e\u2060-\u2069]")
ELEMENTS = (
    "a|abbr|acronym|address|applet|area|article|aside|audio|b|base|basefont|bdi|bdo|bgsound|big|blink|blockquote|body|"
    "br|button|canvas|caption|center|cite|code|col|colgroup|custom|data|datalist|dd|del|details|dfn|dialog|dir|div|dl|"
    "dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame|frameset|h[1-6]|head|header|hr|html|i|iframe|image|"
    "annotation-xml|img|input|ins|isindex|kbd|keygen|label|layer|legend|li|link|listing|main|map|mark|marquee|math|mglyph|mi|mn|mo|ms|mtext|menu|meta|meter|"
    "nav|nobr|noembed|noframes|noscript|object|ol|optgroup|option|output|p|param|picture|plaintext|pre|progress|q|rp|"
    "rt|ruby|s|samp|script|search|section|select|slot|small|source|span|strike|strong|style|sub|summary|sup|svg|table|"
    "tbody|td|template|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|xml|xmp|xss"
)
# Something a browser would take for one of its own tags, or any tag with attributes; `<橙色>` and `a < b` are words.
TAG_LIKE = re.compile(
    rf"</?(?:{ELEMENTS})(?=[\s/>])[^<>]*>?|<[a-z][a-z0-9:-]*[\s/][^<>=]*=[^<>]*>|<!--|<!\[CDATA\[|<!doctype[^<>]*>",
    re.I,
)


def safe_html(raw: str, base: str = "") -> str:
    """`raw` with only allowed tags and http(s) links left; relative links are made absolute with `base`."""
    raw = CONTROLS.sub("", raw[: LONGEST_HTML * 3]).strip()
    if "<" not in raw and "&" not in raw and ">" not in raw:
        return raw[:LONGEST_HTML]
    cleaned = _cleaner(base).clean(raw).strip()
    if len(cleaned) > LONGEST_HTML:
        # Too long to show as it is: its words, as text. Cutting HTML and closing its tags again has no stable length.
        return html.escape(plain_text(cleaned)[: LONGEST_HTML // 8], quote=False)
    return cleaned


@lru_cache(maxsize=64)
def _cleaner(base: str) -> nh3.Cleaner:
    if not base.startswith(("http://", "https://")):
        return CLEANER
    return _build_cleaner(base)


def plain_text(raw: str) -> str:
    """The words of an HTML fragment, a line a block."""
    if "<" in raw or "&" in raw:
        cleaned = CLEANER.clean(raw[: LONGEST_HTML * 3])
        cleaned = CELLS.sub(" ", BREAKS.sub("\n", cleaned))
        raw = html.unescape(ANY_TAG.sub("", cleaned))
    return tidy_text(raw)


def tidy_text(raw: str) -> str:
    """Plain text without controls, stray markup and idle space; line breaks stay."""
    lines = (" ".join(line.split()) for line in untagged(raw[: LONGEST_TEXT * 2]).splitlines())
    return "\n".join(line for line in lines if line)[:LONGEST_TEXT].strip()


def tidy_line(raw: str) -> str:
    """The same on one line, for titles and names."""
    return " ".join(untagged(raw[: LONGEST_LINE * 4]).split())[:LONGEST_LINE].strip()


def untagged(raw: str) -> str:
    """`raw` without control and direction marks and without anything a browser could take for markup."""
    raw = DIRECTIONS.sub("", CONTROLS.sub("", raw))
    for _ in range(MOST_NESTED):
        stripped = TAG_LIKE.sub("", raw) if "<" in raw else raw
        if stripped == raw:
            return raw
        raw = stripped
    # Somebody hides tags in tags in tags: no more patience.
    return raw.replace("<", "＜")
