"""Pages that come only after something was sent: refusals with what was typed, answers, previews, a link shown once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from playwright.sync_api import FilePayload, Page

from service.pages.i18n import LOCALES, gettext
from tests.browser.walk import NOBODY
from tests.usecases.expert_people import DEMO

Do = Callable[[Page], None]


@dataclass(frozen=True)
class Act:
    """What a role does on a page to see the next one."""

    name: str
    role: str
    path: str
    do: Do


def _press(text: str, *fill: tuple[str, str]) -> Do:
    """Fill fields by selector, then press the button with this text in either language."""

    def do(page: Page) -> None:
        for field, value in fill:
            page.locator(field).first.fill(value)
        names = [gettext(locale, text) for locale in LOCALES]
        buttons = [page.get_by_role("button", name=name, exact=True) for name in names]
        next(one for one in buttons if one.count()).first.click()

    return do


def _upload(content: bytes) -> Do:
    def do(page: Page) -> None:
        file = FilePayload(name="experts.csv", mimeType="text/csv", buffer=content)
        page.locator("input[type=file]").set_input_files(file)
        _press("预览")(page)

    return do


def _without_rules(do: Do) -> Do:
    """Send although the browser would refuse: what the server says is the page."""

    def anyway(page: Page) -> None:
        page.evaluate("() => document.querySelectorAll('form').forEach(f => { f.noValidate = true; })")
        do(page)

    return anyway


BROKEN: Final = DEMO.read_bytes().replace("青少年".encode(), "外星人".encode(), 1)
ACTS: Final = (
    Act("wrong password", NOBODY, "/login", _press("登录", ("#f-name", "editor"), ("#f-password", "no"))),
    Act("an empty question", NOBODY, "/tip", _without_rules(_press("提交", ("textarea", "？")))),
    Act("an empty question, English", NOBODY, "/en/tip", _without_rules(_press("提交", ("textarea", "?")))),
    Act("a question is sent", NOBODY, "/tip", _press("提交", ("textarea", "听说山里的泉水能治结石，是真的吗？"))),
    Act("a known claim", NOBODY, "/check", _press("查一查", ("textarea", "上游工厂泄漏，全市自来水有毒，明天起停水三天"))),
    Act("an unknown claim", NOBODY, "/check", _press("查一查", ("textarea", "月亮上的兔子要搬家了"))),
    Act("a known claim, English", NOBODY, "/en/check", _press("查一查", ("textarea", "上游工厂泄漏，全市自来水有毒，明天起停水三天"))),
    Act("an unknown claim, English", NOBODY, "/en/check", _press("查一查", ("textarea", "the hare moves out"))),
    Act("a password that does not do", NOBODY, "{setup}", _without_rules(_press("保存密码", ("[type=password] >> nth=0", "kurz"), ("[type=password] >> nth=-1", "kurz")))),
    Act("a forbidden page", "editor", "/admin/users", lambda page: None),
    Act("a page that is not there", "editor", "/desk/cases/00000000-0000-0000-0000-000000000000", lambda page: None),
    Act("a sheet is previewed", "editor", "/desk/experts/sheet", _upload(DEMO.read_bytes())),
    Act("a sheet with a mistake", "editor", "/desk/experts/sheet", _upload(BROKEN)),
    Act("a text that lacks something", "editor", "{piece_bare}", _without_rules(_press("保存并送审"))),
    Act("a bad source", "editor", "/admin/sources", _without_rules(_press("添加", ("#f-url", "keine Adresse")))),
)  # fmt: skip
