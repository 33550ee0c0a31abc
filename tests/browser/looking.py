"""One pair of eyes: opens a page as somebody, at two widths, in a language, in light and dark, and notes what axe says."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page

from tests.browser.acts import Act
from tests.browser.conftest import DESKTOP, PHONE, Newsroom
from tests.browser.walk import NOBODY, Stop

WIDER: Final = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
UNFOLD: Final = "() => document.querySelectorAll('details').forEach(e => { e.open = true; })"
CLOSE: Final = "() => document.querySelectorAll('details.popout').forEach(e => { e.open = false; })"
SQUEEZED: Final = """() => [...document.querySelectorAll('th, td')].filter(e => {
  const look = getComputedStyle(e), room = e.clientWidth - parseFloat(look.paddingLeft) - parseFloat(look.paddingRight);
  return e.getClientRects().length && e.textContent.trim().length > 3 && room < 3 * parseFloat(look.fontSize);
}).map(e => 'a column of single characters: ' + e.textContent.trim().slice(0, 40))"""
TAGS: Final = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
MORE: Final = ["td-has-header", "label-content-name-mismatch", "p-as-heading", "table-fake-caption"]
RUN: Final = """async ([tags, more]) => {
  const rules = Object.fromEntries([...more, 'target-size'].map(name => [name, { enabled: true }]));
  const found = await axe.run(document, { runOnly: tags, rules, resultTypes: ['violations'] });
  return found.violations.flatMap(v => v.nodes.map(n => v.id + ' ' + n.target.join(' ') + ' :: ' + n.html.slice(0, 160)
    + ' :: ' + (n.any.concat(n.all, n.none)[0]?.message ?? v.help).slice(0, 200)));
}"""
DARK: Final = """async () => {
  const found = await axe.run(document, { runOnly: { type: 'rule', values: ['color-contrast', 'link-in-text-block'] },
    resultTypes: ['violations'] });
  return found.violations.flatMap(v => v.nodes.map(n => 'dark ' + v.id + ' ' + n.target.join(' ') + ' :: ' + n.html.slice(0, 160)
    + ' :: ' + (n.any[0]?.message ?? '').slice(0, 200)));
}"""


@dataclass(frozen=True)
class Finding:
    """What is wrong with one view of one page."""

    house: str
    page: str
    view: str
    problems: tuple[str, ...]


@dataclass
class Looker:
    """Keeps one signed-in page for each role and language."""

    browser: Browser
    newsroom: Newsroom
    axe: str
    house: str
    pictures: Path | None = None
    findings: list[Finding] = field(default_factory=list)
    pages: dict[tuple[str, str], Page] = field(default_factory=dict)

    def look(self, stop: Stop, locale: str, phone_only: bool = False) -> None:
        """Visit and note."""
        page = self._page(stop.role, locale)
        page.goto(stop.path)
        self._note(page, f"{stop.role or 'public'} {stop.name}", locale, phone_only)

    def act(self, act: Act, path: str, locale: str) -> None:
        """Do what leads to a page, and note it."""
        page = self._page(act.role, locale, fresh=act.role == NOBODY)
        page.goto(path)
        act.do(page)
        page.wait_for_load_state()
        self._note(page, f"{act.role or 'public'} ({act.name})", locale, phone_only=False)

    def linked(self, starts: Iterable[str]) -> list[str]:
        """Every public page that links lead to, without files."""
        waiting, seen = list(starts), set(starts)
        reader = self._page(NOBODY, "zh").request
        while waiting:
            answer = reader.get(waiting.pop())
            if "html" not in answer.headers.get("content-type", ""):
                continue
            for href in re.findall(r'<a [^>]*href="([^"#]*)', answer.text()):
                path = urlsplit(href).path
                if href.startswith("/") and _is_page(path) and path not in seen:
                    seen.add(path)
                    waiting.append(path)
        return sorted(seen)

    def _page(self, role: str, locale: str, fresh: bool = False) -> Page:
        if fresh or (role, locale) not in self.pages:
            page = self.pages[role, locale] = self._opened(role)
            if locale != "zh":
                page.goto(f"/login?lang={locale}" if role == NOBODY else f"/account?lang={locale}")
        return self.pages[role, locale]

    def _opened(self, role: str) -> Page:
        context = self.browser.new_context(
            base_url=self.newsroom.url,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",  # a colour on its way to another one is no finding
        )
        page = context.new_page()
        if role != NOBODY:
            self.newsroom.sign_in(page, role)
        return page

    def _note(self, page: Page, name: str, locale: str, phone_only: bool) -> None:
        page.evaluate(self.axe)
        for size, box in (("390", PHONE), ("1280", DESKTOP)):
            if phone_only and size != "390":
                continue
            page.set_viewport_size({"width": box["width"], "height": box["height"]})
            page.evaluate(UNFOLD)
            problems: list[Any] = page.evaluate(RUN, [TAGS, MORE])
            page.emulate_media(color_scheme="dark")
            problems += page.evaluate(DARK)
            page.emulate_media(color_scheme="light")
            problems += page.evaluate(SQUEEZED)
            if page.evaluate(WIDER) > 0:
                problems.append("wider than the screen")
            view = f"{size}/{locale}"
            self.findings.append(Finding(self.house, name, view, tuple(problems)))
            if problems:
                say("\n   ".join([f"{self.house} {name} {view}", *problems]))
            if self.pictures is not None:
                file = re.sub(r"[^\w]+", "_", f"{self.house} {name} {view}")
                page.evaluate(CLOSE)
                page.screenshot(path=self.pictures / f"{file}.png", full_page=True)
                (self.pictures / f"{file}.txt").write_text(page.inner_text("body"), "utf-8")


def say(words: str) -> None:
    """To whoever runs the command, at once."""
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _is_page(path: str) -> bool:
    staff = ("/desk", "/admin", "/expert", "/account", "/login", "/api")
    return not path.startswith(staff) and "." not in path.rsplit("/", 1)[-1]
