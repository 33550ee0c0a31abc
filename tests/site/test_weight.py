"""Every page of a site of three hundred publications stays light: HTML, style, script and logo under 50 KB, uncompressed."""

from __future__ import annotations

import re

import pytest

from service.pages.assets import shipped
from service.site.plan import Draft
from tests.site.three_hundred import everything

LIMIT = 50_000
ASSETS = shipped()
PAGES = [draft for draft in everything() if draft.type.startswith("text/html")]


def weight(draft: Draft) -> int:
    """Bytes of a page with everything that it loads, pictures of posters left out: no page loads one by itself."""
    page = draft.make()
    weight = len(page)
    for address in set(re.findall(rb'(?:href|src)="(/static/[^"]+)"', page)):
        asset = ASSETS.find(address.decode())
        assert asset is not None, address
        weight += len(asset.plain)
    assert b'<img src="/p/' not in page
    return weight


def test_no_page_weighs_fifty_kilobytes() -> None:
    assert len(PAGES) > 1000
    heavy = {draft.path: found for draft in PAGES if (found := weight(draft)) >= LIMIT}
    assert heavy == {}


def titles(page: str) -> set[str]:
    """Addresses of the publications that a page lists."""
    return set(re.findall(r'href="[^"]*(/p/\w+)"', page))


@pytest.mark.parametrize("locale", ["", "/en"])
def test_lists_are_cut_before_they_grow_heavy_and_lead_on(locale: str) -> None:
    made = {draft.path: draft.make().decode() for draft in PAGES if "/p/" not in draft.path}
    first, second = made[f"{locale}/corrections"], made[f"{locale}/corrections/archive/1"]
    assert first.count('<div class="entry">') == second.count('<div class="entry">') == 30
    assert f'rel="next" href="{locale}/corrections/archive/1"' in first, "leads to what is not shown yet"
    assert titles(first) & titles(second) == set()
    assert f'rel="next" href="{locale}/archive/' in made[f"{locale}/"]
    topic = made[f"{locale}/topic/weather"]
    assert topic.count('<article class="entry">') == 30
    assert f'href="{locale}/search">' in topic
