"""Lists of feeds (OPML 1 and 2): read strangers' files safely, write our own.

Does not fetch or check the feeds it names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element, ParseError, SubElement, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

from service.feeds.decode import decode
from service.feeds.errors import OpmlError
from service.feeds.html import tidy_line
from service.feeds.prepare import prepare
from service.feeds.urls import web_url

LARGEST = 5 * 1024 * 1024
MOST_SOURCES = 20_000
DEEPEST = 20


@dataclass(frozen=True)
class OpmlSource:
    """One subscription; `category` is the path of the groups around it, joined by `/`, or ""."""

    url: str
    title: str
    category: str = ""


def read_opml(body: bytes) -> list[OpmlSource]:
    """The feeds a list names, each address once, in order. OpmlError when it is no OPML or too large."""
    if len(body) > LARGEST:
        raise OpmlError("This list of feeds is larger than 5 MiB.")
    try:
        root = fromstring(prepare(decode(body)[0]), forbid_dtd=True)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise OpmlError from error
    if root.tag.lower() != "opml":
        raise OpmlError
    found: dict[str, OpmlSource] = {}
    for source in _walk(root.find("body"), (), 0):
        found.setdefault(source.url, source)
        if len(found) > MOST_SOURCES:
            raise OpmlError(f"This list names more than {MOST_SOURCES} feeds.")
    return list(found.values())


def _walk(parent: Element | None, path: tuple[str, ...], depth: int) -> Iterator[OpmlSource]:
    for outline in parent if parent is not None and depth < DEEPEST else ():
        named = {name.lower(): value for name, value in outline.attrib.items()}
        title = tidy_line(named.get("title") or named.get("text") or "")
        url = web_url(named.get("xmlurl"))
        if url:
            yield OpmlSource(url, title or url, "/".join(path) or tidy_line(named.get("category", "")))
        yield from _walk(outline, (*path, title) if title and not url else path, depth + 1)


def write_opml(sources: Iterable[OpmlSource], title: str) -> bytes:
    """An OPML 2.0 document; `read_opml` gives the same sources back."""
    root = Element("opml", version="2.0")
    SubElement(SubElement(root, "head"), "title").text = title
    body = SubElement(root, "body")
    groups: dict[str, Element] = {"": body}
    for source in sources:
        parent = body
        path = ""
        for name in filter(None, source.category.split("/")):
            path = f"{path}/{name}"
            if path not in groups:
                groups[path] = SubElement(parent, "outline", text=name)
            parent = groups[path]
        SubElement(parent, "outline", type="rss", text=source.title, title=source.title, xmlUrl=source.url)
    return ('<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode")).encode()
