"""An editor clears the queue on a Monday morning: many at once and one in two steps, with and without scripts."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Desk, queue_of

pytestmark = pytest.mark.browser


def _titles(page: Page) -> list[str]:
    return page.locator("a.rowtitle").all_inner_texts()


def _settled(page: Page) -> list[str]:
    """The titles, as soon as the demo's first stories are all in."""
    before: list[str] = []
    for _ in range(30):
        page.goto("/desk")
        if (now := _titles(page)) == before:
            return now
        before = now
        page.wait_for_timeout(3000)
    raise AssertionError("the queue does not come to rest")


@pytest.mark.parametrize("script", [True, False])
def test_ticked_cases_are_closed_together_and_come_back(desk: Desk, script: bool) -> None:
    page = queue_of(desk.person("editor", script=script), "小龙虾")
    before = _settled(page)
    page.get_by_role("link", name="选中本页全部").click()
    graver = page.locator(
        ".rowline", has=page.locator(".badge.red, .badge.orange, .badge.yellow, .badge.blue")
    )
    assert graver.count() > 0
    assert graver.locator("input:checked").count() == 0
    chosen = page.locator(".tick input:checked").count()
    assert 0 < chosen < len(before)
    page.select_option("#bulk-reason", "stale")
    page.locator("#bulk").get_by_role("button", name="不予处理", exact=True).click()
    done = page.locator("#done")
    expect(done).to_contain_text("项不予处理：旧闻，没有新情况。")
    kept = done.locator("li", has_text="里面有官方预警").count()  # a warning without a level, named here
    closed = chosen - kept
    expect(done).to_contain_text(f"{closed} 项不予处理")
    assert len(_titles(page)) == len(before) - closed
    page.locator("#done").get_by_role("button", name="全部撤销").click()
    expect(page.locator("#done")).to_contain_text(f"又放回了 {closed} 项。")
    assert sorted(_titles(page)) == sorted(before)


def test_a_thumb_closes_one_case_in_two_taps_and_takes_it_back(desk: Desk) -> None:
    page = queue_of(desk.person("editor", PHONE, script=False), "小龙虾")
    row = page.locator(".rowline", has_text="小龙虾").first
    title = row.locator("a.rowtitle").inner_text()
    row.locator("summary", has_text="不予处理").click()
    row.get_by_role("button", name="与本市无关").click()
    expect(page.locator("#done")).to_contain_text("1 项不予处理：与本市无关。")
    assert title not in _titles(page)
    page.get_by_role("button", name="撤销", exact=True).click()
    assert title in _titles(page)
    assert re.search(r"/desk\?", page.url)
