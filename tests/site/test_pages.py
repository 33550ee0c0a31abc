"""Every page of the site, whatever it is about: well-formed, small, without third parties, dead links and needless scripts."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from content.render.told import told
from service import keys, settings
from service.context import Context
from service.site.current import Public
from service.site.render import make
from service.site.serving import Site
from service.site.shelf import Shelf
from tests.render.situations import HOSTILE, LIGHTNING, STORM, corrected, publication, retracted

DYNAMIC = {"/search", "/check", "/tip"}
GONE = ("/p/gone", "/en/p/gone")


class Page(HTMLParser):
    """What a page consists of, as far as the rules below need it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.words: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in ("meta", "link", "img", "input", "br", "hr"):
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag, f"</{tag}> closes another element"

    def handle_data(self, data: str) -> None:
        if "script" not in self.open:
            self.words.append(data)

    def all(self, name: str) -> list[dict[str, str | None]]:
        return [attributes for tag, attributes in self.tags if tag == name]


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Site:
    """A site with every kind of page, made once for all these tests."""
    folder = tmp_path_factory.mktemp("site")
    ctx = Context(settings.load(data_dir=folder), keys.load(folder))
    publications = (
        corrected(),
        publication(LIGHTNING, "explainer", "thunder34567", 4),
        publication(STORM, "warning", "storm3456789", 5),
        publication(HOSTILE, "rebuttal", "hostile34567", 6),
        retracted(public_id="gone23456789", sequence=7),
    )
    make(ctx, Public(tuple(told(one) for one in publications), 7), Shelf(ctx.settings.site_dir))
    return Site(ctx.settings.site_dir)


@pytest.fixture(scope="module")
def pages(site: Site) -> dict[str, Page]:
    return {
        path: Page(site.shelf.read(entry).decode())
        for path, entry in site.manifest.entries.items()
        if entry.type.startswith("text/html")
    }


def test_every_element_is_closed_and_every_page_has_one_heading_a_title_and_a_language(
    pages: dict[str, Page],
) -> None:
    assert len(pages) >= 80
    for path, page in pages.items():
        assert page.open == [], path
        assert len(page.all("h1")) == 1, path
        assert len(page.all("title")) == 1, path
        assert page.all("html")[0]["lang"] == ("en" if path.startswith("/en/") else "zh-CN"), path


def test_only_pages_for_the_ear_run_a_script_and_none_carries_a_style(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        run = [tag for tag in page.all("script") if tag.get("type") != "application/ld+json"]
        assert len(run) == (path.endswith("/listen") and not path.startswith(GONE)), path
        assert all((tag.get("src") or "").startswith("/static/listen-") for tag in run), path
        assert page.all("style") == [], path
        for tag, attributes in page.tags:
            assert not any(name.startswith("on") or name == "style" for name in attributes), (path, tag)


def test_a_page_loads_nothing_from_anybody_else(pages: dict[str, Page]) -> None:
    for path, page in pages.items():
        loaded = [t.get("href") for t in page.all("link") if t.get("rel") in ("stylesheet", "icon")]
        loaded += [t.get("src") for t in page.all("img")]
        assert all((address or "").startswith("/static/") for address in loaded), path


def test_no_link_inside_the_site_is_dead(pages: dict[str, Page], site: Site) -> None:
    dead = set()
    for page in pages.values():
        for tag in ("a", "link", "img"):
            for attributes in page.all(tag):
                address = (attributes.get("href") or attributes.get("src") or "").partition("#")[0]
                address = address.removeprefix("http://127.0.0.1:8080")
                if (
                    address.startswith("/")
                    and address.removeprefix("/en") not in DYNAMIC
                    and not site.find(address)
                ):
                    dead.add(address)
    assert not dead


def test_a_page_is_small(pages: dict[str, Page], site: Site) -> None:
    style = site.find(site.assets.url("public.css"))
    assert style is not None
    for path in pages:
        stored = site.find(path)
        assert stored is not None
        assert len(stored.bodies["br"]) + len(style.bodies["br"]) < 50_000, path
        assert len(stored.bodies["identity"]) < 50_000, path


def test_hostile_text_stays_text(pages: dict[str, Page]) -> None:
    page = pages["/p/hostile34567"]
    assert any("<script>alert(1)</script>" in words for words in page.words)
    assert page.all("b") == []
    assert not re.search("[\x00-\x08]", "".join(page.words))


def test_the_interface_of_english_pages_is_english(pages: dict[str, Page]) -> None:
    def chinese(path: str) -> list[str]:
        return [w.strip() for w in pages[path].words if re.search("[一-鿿]", w) and w.strip() != "中文"]

    for path in ("/en/methodology", "/en/privacy", "/en/404", "/en/topic/space", "/en/region/360981"):
        assert chinese(path) == []


def test_chinese_on_english_pages_says_that_it_is_chinese(pages: dict[str, Page]) -> None:
    page = pages["/en/p/water2345678"]
    assert page.all("h1")[0]["lang"] == "zh-CN"


def test_pages_name_the_address_of_their_other_language(pages: dict[str, Page]) -> None:
    links = {
        t.get("hreflang"): t.get("href") for t in pages["/p/water2345678"].all("link") if t.get("hreflang")
    }
    assert links == {
        "zh-CN": "http://127.0.0.1:8080/p/water2345678",
        "en": "http://127.0.0.1:8080/en/p/water2345678",
    }
