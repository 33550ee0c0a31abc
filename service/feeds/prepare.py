"""Text of a document to text a strict parser accepts, and a first look at what it is.

Does not change any word: drops noise before the first mark, the XML declaration (the text is decoded already),
characters that XML forbids and references to such, one of which would cost the whole document.
"""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>\s*", re.I)
# Character references that may name no character: halves of UTF-16 pairs, as old programs write emoji, and numbers too large.
ODD_REFERENCES = re.compile(r"(?:&#(?:x0*d[89a-f][0-9a-f]{2}|x[0-9a-f]{6,}|0*5[5-7]\d{3}|\d{7,});)+", re.I)
LAST_CHARACTER, MOST_DIGITS = 0x10FFFF, 20
LEAD = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(?:\[.*?\]\s*)?>)+", re.I | re.S)
ROOT_TAG = re.compile(r"<([\w.:-]+)[^>]*>?")
RSS11, RSS10 = "http://purl.org/net/rss1.1#", "http://purl.org/rss/1.0/"
CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1."
HTML_ROOTS = {"html", "head", "body", "title", "meta", "h1", "div", "p", "table", "center", "script"}


def prepare(text: str) -> str:
    """`text` from its first `<` or `{` on, without declaration and forbidden characters, in a dialect feedparser knows."""
    text = ODD_REFERENCES.sub(_characters, FORBIDDEN.sub("", text))
    starts = [at for at in (text.find("<"), text.find("{")) if at >= 0]
    if not starts:
        return ""
    text = text[min(starts) :]
    # RSS 1.1 is RSS 1.0 with another name, which feedparser does not know.
    text = text.replace(RSS11, RSS10)
    # A template that prints a blank line first puts its declaration where XML does not allow one.
    declaration = DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


def _characters(run: re.Match[str]) -> str:
    """A run of references with pairs of halves joined and what is no character left out."""
    units = (reference.rstrip(";") for reference in run[0].split("&#")[1:])
    codes = [int(unit[1:], 16) if unit[0] in "xX" else int(unit) for unit in units if len(unit) < MOST_DIGITS]
    halves = "".join(chr(code) for code in codes if code <= LAST_CHARACTER)
    whole = halves.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "ignore")
    return "".join(f"&#{ord(one)};" for one in FORBIDDEN.sub("", whole))


def root_tag(text: str) -> re.Match[str] | None:
    """The start tag of the outermost element; its first group is the name with its prefix."""
    lead = LEAD.match(text)
    return ROOT_TAG.match(text, lead.end() if lead else 0)


def root_name(text: str) -> str:
    """The local name of the outermost element in lower case, "json" for an object, or ""."""
    if text.startswith("{"):
        return "json"
    found = root_tag(text)
    return found[1].rpartition(":")[2].lower() if found else ""


def is_html(text: str) -> bool:
    """Whether this is a page, not a feed."""
    head = text[:1000].lower()
    return root_name(text) in HTML_ROOTS or "<!doctype html" in head


def is_cut_off(text: str) -> bool:
    """Whether the end tag of the outermost element is missing."""
    found = root_tag(text)
    if not found or found[0].endswith("/>"):
        return False
    return f"</{found[1].lower()}" not in text[-2000:].lower()
