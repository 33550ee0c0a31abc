"""Every face at two widths and in two languages: nothing overflows, nothing is smaller than a thumb, no page complains."""

from __future__ import annotations

import re
from itertools import pairwise, product

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import DESKTOP, PHONE, Desk, queue_of
from tests.browser.looking import SQUEEZED

pytestmark = pytest.mark.browser
PAGES = {
    "": ("/", "/search?q=暴雨", "/check", "/tip", "/corrections", "/methodology", "/privacy", "/en/", "/en/tip", "/login", "/404",
         "/region/360921", "/for/elderly"),
    "editor": ("/desk", "/desk?view=all", "/desk/pieces", "/desk/publications", "/desk/measures", "/desk/deliveries", "/admin/sources", "/account",
               "/desk/experts", "/desk/experts/gaps", "/desk/experts/new", "/desk/incidents", "/account/totp", "/desk/clocks", "/desk/assignments",
               "/desk/calendar", "/desk/calendar?days=366"),
    "expert": ("/expert",),
    "sysadmin": ("/admin", "/admin/channels", "/admin/users", "/admin/clocks", "/admin/terms"),
    "auditor": ("/admin/audit",),
}  # fmt: skip
SIZES = {"desktop": DESKTOP, "phone": PHONE}
WIDER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
SMALL_TEXT = """() => [...document.querySelectorAll('main *')].filter(e => e.children.length === 0 && e.textContent.trim()
  && e.getClientRects().length && parseFloat(getComputedStyle(e).fontSize) < 12).map(e => e.textContent.trim().slice(0, 40))"""
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]), select, textarea, button, a, img')]
  .filter(e => e.getClientRects().length && !(e.labels && e.labels.length) && !e.getAttribute('aria-label')
    && !(e.textContent || '').trim() && e.getAttribute('alt') === null && !e.title).map(e => e.outerHTML.slice(0, 100))"""
UNFOLD = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"
TWICE = """() => { const ids = [...document.querySelectorAll('[id]')].map(e => e.id); return ids.filter((id, i) => ids.indexOf(id) < i); }"""
NAMELESS = (
    "() => ['main', 'title', 'html[lang]'].filter(what => document.querySelectorAll(what).length !== 1)"
)
TINY = """() => [...document.querySelectorAll('button, input:not([type=hidden]), select, textarea, summary')].filter(e => {
  const box = e.getBoundingClientRect(); return box.width && box.height < 24 && !(e.labels && e.labels.length); })
  .map(e => e.outerHTML.slice(0, 100))"""
HEADINGS = "() => [...document.querySelectorAll('h1, h2, h3, h4')].map(e => Number(e.tagName[1]))"
HAN = re.compile(r"[\u4e00-\u9fff]")


@pytest.mark.parametrize(("role", "size"), list(product(PAGES, SIZES)))
def test_pages_fit_and_can_be_read(desk: Desk, role: str, size: str) -> None:
    page = desk.person(role, SIZES[size]) if role else desk.visitor(SIZES[size])
    addresses = list(PAGES[role])
    if role == "editor":
        addresses += [_case_address(page), *_piece_addresses(page)]
    for address in addresses:
        page.goto(address)
        assert page.evaluate(WIDER) <= 0, f"{address} is wider than the screen"
        assert page.evaluate(SMALL_TEXT) == [], address
        page.evaluate(UNFOLD)
        for rule in (UNLABELLED, TWICE, NAMELESS, TINY, SQUEEZED):
            assert page.evaluate(rule) == [], address
        levels = page.evaluate(HEADINGS)
        assert levels.count(1) == 1, f"{address} has {levels.count(1)} main headings"
        assert all(later - earlier <= 1 for earlier, later in pairwise(levels)), (
            address,
            levels,
        )


def _case_address(page: Page) -> str:
    queue_of(page, "小龙虾").locator("a.rowtitle", has_text="小龙虾").first.click()
    return page.url


def _piece_addresses(page: Page) -> list[str]:
    """The editor's page of a text that is out, its review, and the page of its publication."""
    page.goto("/desk/publications")
    published = str(page.locator("ol.rows a.rowtitle").first.get_attribute("href"))
    page.goto("/desk/pieces?state=published")
    piece = str(page.locator("a.rowtitle").first.get_attribute("href"))
    return [published, piece, f"{piece}/review"]


def test_the_desk_speaks_english(desk: Desk) -> None:
    page = desk.person("editor")
    for address in ("/desk/deliveries?lang=en", "/account", "/desk/publications"):
        page.goto(address)
        own = page.locator(".masthead nav, h1, h2, label, button, th")
        texts = [text for text in own.all_inner_texts() if HAN.search(text)]
        assert texts == [], address


def test_no_public_page_asks_anybody_else_for_anything(desk: Desk) -> None:
    page = desk.visitor()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    for address in PAGES[""]:
        page.goto(address)
    assert asked
    assert [url for url in asked if not url.startswith((desk.newsroom.url, "data:"))] == []


def test_a_public_page_weighs_less_than_50_kilobytes(desk: Desk) -> None:
    page = desk.visitor()
    weights: list[int] = []
    page.on("response", lambda response: weights.append(len(response.body())))
    page.goto("/")
    page.wait_for_load_state("networkidle")
    assert 0 < sum(weights) < 50_000
