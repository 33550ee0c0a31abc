"""Text of a document to text a strict parser accepts, and a first look at what it is.

Does not change any word: drops noise before the first mark, the XML declaration (the text is decoded already) and
characters that XML forbids.
"""

import re

FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
DECLARATION = re.compile(r"<\?xml\b[^>]{0,300}\?>\s*", re.I)
LEAD = re.compile(r"(?:\s+|<\?.*?\?>|<!--.*?-->|<!doctype[^\[>]*(?:\[.*?\]\s*)?>)+", re.I | re.S)
ROOT_TAG = re.compile(r"<([\w.:-]+)[^>]*>?")
RSS11, RSS10 = "http://purl.org/net/rss1.1#", "http://purl.org/rss/1.0/"
CAP_NAMESPACE = "urn:oasis:names:tc:emergency:cap:1."
HTML_ROOTS = {"html", "head", "body", "title", "meta", "h1", "div", "p", "table", "center", "script"}


def prepare(text: str) -> str:
    """`text` from its first `<` or `{` on, without declaration and forbidden characters, in a dialect feedparser knows."""
    text = FORBIDDEN.sub("", text)
    starts = [at for at in (text.find("<"), text.find("{")) if at >= 0]
    if not starts:
        return ""
    text = text[min(starts) :]
    # RSS 1.1 is RSS 1.0 with another name, which feedparser does not know.
    text = text.replace(RSS11, RSS10)
    # A template that prints a blank line first puts its declaration where XML does not allow one.
    declaration = DECLARATION.match(text)
    return text[declaration.end() :] if declaration else text


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
