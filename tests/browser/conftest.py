"""The real service with its demo newsroom, and headless Chromium as its people.

Where Chromium is missing these tests fail and say so, unless QINGYUAN_TEST_NO_BROWSER=1: nothing is skipped silently.
"""

from __future__ import annotations

import json
import os
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.ports import free_port
from tests.processes import Process

CHROMIUM = Path(os.environ.get("QINGYUAN_TEST_CHROMIUM", "/usr/bin/chromium"))
FLAGS = (
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Newsroom:
    """A running demo: where it is and how to sign in."""

    process: Process
    passwords: dict[str, str] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.process.url

    def sign_in(self, page: Page, role: str) -> None:
        """As the person of this role does it."""
        page.goto("/login")
        page.fill("#f-name", role)
        page.fill("#f-password", self.passwords[role])
        page.click("main button.primary")
        page.wait_for_url(lambda url: not url.endswith("/login"))


@contextmanager
def opened(folder: Path, demo: bool = True, **environment: str) -> Iterator[Newsroom]:
    """`qingyuan serve`, with the demo newsroom, in a folder of its own; the passwords are in its demo-logins.json."""
    words = ("serve", "--demo") if demo else ("serve",)
    process = Process(words, folder, {"PORT": str(free_port()), **environment}).start()
    try:
        _wait_for(lambda: _answers(f"{process.url}/readyz"), 60)
        logins = json.loads((folder / "demo-logins.json").read_text("utf-8"))
        yield Newsroom(process, {login["role"]: login["password"] for login in logins})
    finally:
        assert process.popen is not None
        process.popen.terminate()
        process.popen.wait(30)


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Newsroom]:
    """A newsroom, with its queue filled."""
    with opened(tmp_path_factory.mktemp("newsroom") / "var") as found:
        yield found


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url, timeout=2) as answer:
            return bool(answer.status == 200)
    except OSError:
        return False


def _wait_for(what: Callable[[], bool], seconds: float) -> None:
    end = time.monotonic() + seconds
    while not what():
        assert time.monotonic() < end, "the newsroom did not open in time"
        time.sleep(0.2)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if os.environ.get("QINGYUAN_TEST_NO_BROWSER") == "1":
        pytest.skip("QINGYUAN_TEST_NO_BROWSER=1")
    if not CHROMIUM.exists():
        pytest.fail(
            f"{CHROMIUM} is missing: install Debian's package chromium, or set QINGYUAN_TEST_NO_BROWSER=1"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
        yield browser
        browser.close()


@dataclass
class Desk:
    """Opens browsers for people, and remembers everything that a page complained about."""

    newsroom: Newsroom
    chromium: Browser
    complaints: list[str] = field(default_factory=list)
    contexts: list[BrowserContext] = field(default_factory=list)

    def visitor(self, size: dict[str, int] = DESKTOP, script: bool = True, **options: Any) -> Page:
        """Somebody who has not signed in."""
        context = self.chromium.new_context(
            viewport={"width": size["width"], "height": size["height"]},
            java_script_enabled=script,
            base_url=self.newsroom.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            **options,
        )
        self.contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(15_000)
        page.on("console", lambda message: self._hear(page, message.type, message.text))
        page.on("pageerror", lambda error: self.complaints.append(f"{page.url}: {error}"))
        return page

    def _hear(self, page: Page, kind: str, text: str) -> None:
        if kind in ("error", "warning") and "Failed to load resource" not in text:
            self.complaints.append(f"{page.url}: {text}")

    def person(self, role: str, size: dict[str, int] = DESKTOP, script: bool = True) -> Page:
        """Somebody signed in, on the page of their role."""
        page = self.visitor(size, script)
        self.newsroom.sign_in(page, role)
        return page


@pytest.fixture
def desk(newsroom: Newsroom, chromium: Browser) -> Iterator[Desk]:
    found = Desk(newsroom, chromium)
    yield found
    for context in found.contexts:
        context.close()
    assert not found.complaints


def queue_of(page: Page, title: str) -> Page:
    """The queue, as soon as it shows a case with this in its title."""
    for _ in range(150):
        page.goto("/desk")
        if page.locator(".rowtitle", has_text=title).count():
            return page
        page.wait_for_timeout(500)
    raise AssertionError(f"no case says '{title}'")
