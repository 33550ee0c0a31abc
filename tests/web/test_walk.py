"""The browser's walk leads to every page there is."""

from __future__ import annotations

from service.house import House
from service.web.app import make_app
from service.web.routes import ACCESS
from tests.browser.walk import NOT_PAGES, WALK, readers


async def test_every_page_is_walked_or_is_no_page(house: House) -> None:
    pages = {
        route.name or ""
        for route in make_app(house).router.routes()
        if route.method == "GET" and not (route.name or "").startswith("api.")
    }
    assert pages - set(WALK) - set(NOT_PAGES) == set()
    assert (set(WALK) | set(NOT_PAGES)) - set(ACCESS) == set()


def test_everything_walked_is_somebodys() -> None:
    assert [route for route in WALK if not readers(route)] == []
