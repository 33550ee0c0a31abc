"""A flood in real browsers: the warning proposes, two people activate, experts answer by phone, the warning ends, the report tells."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import PHONE, Desk, Newsroom, opened

pytestmark = pytest.mark.browser
ID = "36092541600000_20261124090000"
RED = "靖安县气象台发布暴雨红色预警信号"
OVER = "靖安县气象台解除暴雨红色预警信号"
REASON = "县里电话已核实"
HOLDING = "靖安水库水位正在核实"
SENT = datetime.now(UTC)


def cap(title: str, kind: str, identifier: str, references: str = "") -> bytes:
    """One official alert for Jing'an county, in force now."""
    refers = f"<references>{references}</references>" if references else ""
    return (
        "<?xml version='1.0' encoding='utf-8'?><alert xmlns='urn:oasis:names:tc:emergency:cap:1.2'>"
        f"<identifier>{identifier}</identifier><sender>jingan@weather.example.cn</sender>"
        f"<sent>{SENT.isoformat(timespec='seconds')}</sent><status>Actual</status><msgType>{kind}</msgType>"
        f"<scope>Public</scope>{refers}<info><language>zh-CN</language><category>Met</category>"
        "<event>暴雨</event><urgency>Immediate</urgency><severity>Extreme</severity><certainty>Observed</certainty>"
        f"<expires>{(SENT + timedelta(days=1)).isoformat(timespec='seconds')}</expires>"
        f"<senderName>靖安县气象台</senderName><headline>{title}</headline>"
        f"<description>{title}，预计三小时内靖安县降水量将达100毫米以上。</description>"
        "<area><areaDesc>靖安县</areaDesc></area></info></alert>"
    ).encode()


class Office:
    """The weather office's server: what it says now."""

    def __init__(self) -> None:
        self.says = cap(RED, "Alert", ID)
        office = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "application/cap+xml")
                self.send_header("Content-Length", str(len(office.says)))
                self.end_headers()
                self.wfile.write(office.says)

            def log_message(self, format: str, *args: object) -> None:
                """Say nothing."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def place(self) -> str:
        return f"127.0.0.1:{self.server.server_port}"


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    found = Office()
    yield found
    found.server.shutdown()
    found.server.server_close()


@pytest.fixture(scope="module")
def newsroom(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Iterator[Newsroom]:
    """A newsroom that may fetch from the weather office of this test."""
    with opened(tmp_path_factory.mktemp("flood") / "var", FETCH_ALLOW=office.place) as found:
        yield found


def press(page: Page | Locator, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).first.click()


def with_reason(page: Page, button: str, reason: str = REASON) -> None:
    """Fill the form of this button and send it."""
    form = page.locator("form", has=page.get_by_role("button", name=button, exact=True)).first
    form.locator("[name=reason]").fill(reason)
    form.get_by_role("button", name=button, exact=True).click()


def until(page: Page, path: str, text: str, where: str = "main") -> None:
    """Open the page until it says this."""
    page.route("**/*", lambda route: route.continue_())  # without the browser's own cache
    for _ in range(120):
        page.goto(path)
        if text in page.locator(where).inner_text():
            return
        page.wait_for_timeout(500)
    raise AssertionError(f"{path} does not say '{text}'")


def test_a_flood_from_the_warning_to_the_report(desk: Desk, office: Office) -> None:
    editor, issuer = desk.person("editor"), desk.person("issuer")
    incident = _the_warning_proposes_and_two_people_activate(editor, issuer, office)
    until(desk.visitor(PHONE, script=False), "/", RED, "body")  # the banner over the public site
    _the_panel_is_asked_and_one_declines(desk, editor, incident)
    _a_holding_statement_and_an_explainer_go_out(desk, editor, issuer, incident)
    _the_warning_ends(editor, issuer, incident, office)
    _the_report_has_every_step(issuer, incident)


def _the_warning_proposes_and_two_people_activate(editor: Page, issuer: Page, office: Office) -> str:
    editor.goto("/admin/sources")
    editor.fill("#f-url", f"http://{office.place}/cap.xml")
    editor.fill("#f-title", "靖安县气象台")
    editor.check("#f-authority-1")
    editor.locator("form", has=editor.locator("#f-url")).get_by_role("button", name="添加").click()
    until(editor, "/desk/incidents", RED)
    editor.locator("a.rowtitle", has_text=RED).click()
    incident = editor.url.split("?")[0]
    with_reason(editor, "支持启动")
    expect(editor.locator("main")).to_contain_text("您已支持，需要另一人启动")
    assert editor.get_by_role("button", name="启动应急").count() == 0
    issuer.goto(incident)
    with_reason(issuer, "启动应急")
    expect(issuer.locator("main")).to_contain_text("应急中")
    expect(issuer.locator("main")).to_contain_text("按时完成")  # somebody acted in time
    expect(issuer.locator("main")).to_contain_text("还剩")
    return incident


def _the_panel_is_asked_and_one_declines(desk: Desk, editor: Page, incident: str) -> None:
    editor.goto(incident)
    panel = editor.locator("section", has=editor.get_by_role("heading", name="一次请教"))
    assert panel.locator("[name=experts]:checked").count() == 4
    panel.locator("[name=question]").fill("水库是否安全？下游群众现在该怎么做？")
    press(panel, "向选中的全部发出")
    editor.locator("section", has=editor.get_by_role("heading", name="事项")).locator("a").first.click()
    case = editor.url
    asked = editor.locator("#experts .asked")
    expect(asked).to_have_count(4)
    expect(asked.first).to_contain_text("还剩")
    _by_phone(desk, editor, case, 0, declines=True)
    editor.goto(case)
    expect(asked).to_have_count(5)  # the next in line is asked by itself
    for number in range(1, 5):
        _by_phone(desk, editor, case, number)
    editor.goto(case)
    expect(editor.locator("#experts .asked", has_text="已接受")).to_have_count(4)
    expect(editor.locator("#experts .asked", has_text="已婉拒")).to_have_count(1)


def _by_phone(desk: Desk, editor: Page, case: str, number: int, *, declines: bool = False) -> None:
    """One expert opens the link that the editor made for them, and says yes or no."""
    editor.goto(case)
    row = editor.locator("#experts .asked").nth(number)
    row.get_by_role("button", name=re.compile("手机链接")).click()
    found = re.search(r"https?://\S+/a/[\w-]+", editor.locator("main").inner_text() + editor.content())
    assert found, "the link is not shown"
    phone = desk.visitor(PHONE, script=False)
    phone.goto(found.group(0).split('"')[0])
    if declines:
        phone.locator("summary", has_text="不能接这个任务").click()
        phone.fill("#f-reason", "正在外地出差")
        press(phone, "婉拒")
        expect(phone.locator("main")).to_contain_text("谢谢")
    else:
        press(phone, "接受任务")
        expect(phone.locator("main")).to_contain_text("您已接受任务")


def _a_holding_statement_and_an_explainer_go_out(
    desk: Desk, editor: Page, issuer: Page, incident: str
) -> None:
    editor.goto(incident)
    editor.locator("section", has=editor.get_by_role("heading", name="事项")).locator("a").first.click()
    press(editor, "先发“正在核实”")
    editor.fill("#f-title", HOLDING)
    editor.fill("#f-fact", "水务部门正在现场核实，目前没有发现险情。")
    editor.fill("#f-todo", "听从当地转移安排，不传播没有来源的消息。")
    _source(editor)
    _approved_and_out(editor, issuer, HOLDING)
    reader = desk.visitor(PHONE, script=False)
    until(reader, "/", HOLDING)

    editor.goto(incident)
    press(editor, "打开为草稿")
    expect(editor.locator("main")).to_contain_text("已打开备好的稿件")
    editor.goto("/desk/pieces")
    row = editor.locator(".rowline", has_text="科普").first
    title = row.locator("a.rowtitle").inner_text()
    row.locator("a.rowtitle").click()
    _approved_and_out(editor, issuer, title)
    until(reader, "/", title)


def _source(editor: Page) -> None:
    editor.fill("#s-title-1", "水库安全监测日报")
    editor.fill("#s-url-1", "https://water.example.cn/report/20261124")
    editor.fill("#s-pub-1", "示例市水利部门")


def _approved_and_out(editor: Page, issuer: Page, title: str) -> None:
    press(editor, "保存并送审")
    expect(editor.locator("main")).to_contain_text("已提交，等待另一人签发")
    issuer.goto(editor.url.split("?")[0])
    expect(issuer.locator("main")).to_contain_text(title)
    press(issuer, "签发这一版")
    press(issuer, "现在发布")
    expect(issuer.locator("main")).to_contain_text("已发布，正在送往各渠道")


def _the_warning_ends(editor: Page, issuer: Page, incident: str, office: Office) -> None:
    office.says = cap(
        OVER, "Cancel", f"{ID}_2", f"jingan@weather.example.cn,{ID},{SENT.isoformat(timespec='seconds')}"
    )
    editor.goto("/admin/sources")
    press(editor.locator("tr", has_text="靖安县气象台"), "立即抓取")
    until(editor, incident, "预警已经解除，请考虑结束应急状态")
    issuer.goto(incident)
    with_reason(issuer, "结束应急，恢复原样", "雨停，水位回落")
    expect(issuer.locator("main")).to_contain_text("恢复中")


def _the_report_has_every_step(issuer: Page, incident: str) -> None:
    issuer.goto(incident)
    issuer.get_by_role("link", name="总结报告").click()
    expect(issuer.locator("h1")).to_contain_text("总结报告")
    steps = issuer.locator(".timeline tbody th").all_inner_texts()
    times = [one.get_attribute("datetime") or "" for one in issuer.locator(".timeline tbody time").all()]
    for step in (
        "看到消息",
        "提议应急",
        "支持应急",
        "启动应急",
        "邀请专家",
        "专家婉拒",
        "专家接受",
        "打开备稿",
        "送审",
        "签发",
        "发布",
        "送达",
        "预警解除",
        "结束应急",
    ):
        assert step in steps, step
    assert steps.count("邀请专家") == 5
    assert steps.count("专家接受") == 4
    assert len(times) == len(steps)
    assert times == sorted(times)
    expect(issuer.locator(".clocks").first).to_contain_text("正在核实的声明")
    issuer.emulate_media(media="print")
    assert issuer.locator(".no-print").first.is_hidden()
    assert issuer.locator(".timeline").is_visible()
