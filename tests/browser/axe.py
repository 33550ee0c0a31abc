"""axe over every page: each route, each role, two widths, both languages, light and dark.

    python -m tests.browser.axe --axe PATH/axe.min.js [--only PREFIX] [--quick] [--pictures FOLDER]

axe-core is not part of this project: `npm install axe-core` anywhere, and name its file. Starts a newsroom that has lived
three weeks and an empty one, walks them with headless Chromium, prints a table and what is wrong where, and ends with 1
when anything is. The roles that see a page as another one does already (second and later ones) are looked at on a phone
in Chinese only. `--quick`: the first role only. `--pictures`: keep a picture and the words of every view, to be read by a person.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import sync_playwright

from service.pages.i18n import LOCALES
from tests.browser.acts import ACTS
from tests.browser.conftest import CHROMIUM, FLAGS, opened
from tests.browser.lived import empty, lived
from tests.browser.looking import Finding, Looker, say
from tests.browser.walk import NOBODY, Stop, stops
from tests.ports import free_port

QUIET_ROOM = (
    "desk.",
    "admin",
    "expert.assignments",
    "page",
    "search",
    "account",
)  # where an empty house differs


@dataclass(frozen=True)
class House:
    """A filled folder, not opened yet."""

    name: str
    folder: Path
    port: int
    places: dict[str, str]


async def _filled(folder: Path) -> list[House]:
    """Both, before any browser: Playwright keeps the event loop of this thread for itself."""
    made = []
    for name, fill in (("lived", lived), ("empty", empty)):
        port = free_port()
        made.append(House(name, folder / name, port, await fill(folder / name, port)))
    return made


def main() -> int:
    """The command."""
    words = argparse.ArgumentParser(description="axe over every page")
    words.add_argument("--axe", type=Path, required=True, help="axe.min.js of axe-core")
    words.add_argument("--only", default="", help="only addresses or routes that begin with this")
    words.add_argument("--quick", action="store_true", help="the first role of each page only")
    words.add_argument("--pictures", type=Path, help="a folder for a picture and the words of every view")
    chosen = words.parse_args()
    if chosen.pictures is not None:
        chosen.pictures.mkdir(parents=True, exist_ok=True)
    findings: list[Finding] = []
    with tempfile.TemporaryDirectory() as folder:
        houses = asyncio.run(_filled(Path(folder)))
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=list(FLAGS))
            for house in houses:
                with opened(house.folder, house.name == "lived", PORT=str(house.port)) as newsroom:
                    looker = Looker(
                        browser, newsroom, chosen.axe.read_text("utf-8"), house.name, chosen.pictures
                    )
                    _walk(looker, house.places, chosen.only, chosen.quick)
                    findings += looker.findings
            browser.close()
    return _report(findings)


def _walk(looker: Looker, places: dict[str, str], only: str, quick: bool) -> None:
    first: set[str] = set()
    for stop in _all_stops(looker, places):
        if only and not stop.path.startswith(only) and not stop.route.startswith(only):
            continue
        fresh = stop.path not in first
        first.add(stop.path)
        if fresh:
            for locale in _locales(stop):
                looker.look(stop, locale)
        elif not quick:
            looker.look(stop, "zh", phone_only=True)
    if looker.house == "lived" and not only:
        for act in ACTS:
            for locale in _locales(Stop("", act.role, act.path, act.name)):
                looker.act(act, act.path.format_map(places), locale)


def _all_stops(looker: Looker, places: dict[str, str]) -> Iterator[Stop]:
    known = set()
    for stop in stops(places):
        if looker.house == "lived" or stop.route.startswith(QUIET_ROOM):
            known.add(stop.path)
            yield stop
    for path in looker.linked(("/", "/en/")):
        if path not in known:
            yield Stop("page", NOBODY, path, path)


def _locales(stop: Stop) -> tuple[str, ...]:
    """Public pages have their language in the address; one-time links and the desk take it from the cookie."""
    path = urlsplit(stop.path).path
    if path == "/en" or path.startswith("/en/"):
        return ("en",)
    return ("zh",) if stop.route in ("page", "search", "check", "tip", "tip.status") else LOCALES


def _report(findings: list[Finding]) -> int:
    rows: dict[tuple[str, str], dict[str, int]] = {}
    for one in findings:
        row = rows.setdefault((one.house, one.page), {})
        row[one.view] = row.get(one.view, 0) + len(one.problems)
    for (house, page), views in rows.items():
        say(f"{house:6} {page:70} " + "  ".join(f"{view} {count}" for view, count in sorted(views.items())))
    bad = [one for one in findings if one.problems]
    say(f"\n{len(rows)} pages, {len(findings)} views, {sum(len(one.problems) for one in bad)} violations")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
