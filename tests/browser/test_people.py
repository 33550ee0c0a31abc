"""Three people and a reader, in real browsers: a rumor is seen, asked about, rebutted, approved, published, corrected."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import PHONE, Desk, queue_of

pytestmark = pytest.mark.browser
RUMOR = "大塅水库大坝已经决口"
TITLE = "大塅水库大坝安全，没有决口"


def press(page: Page, text: str) -> None:
    page.get_by_role("button", name=text, exact=True).first.click()


def test_a_rumor_becomes_a_rebuttal_through_three_people(desk: Desk) -> None:
    editor = queue_of(desk.person("editor"), RUMOR)
    row = editor.locator(".rowline", has_text=RUMOR)
    expect(row).to_contain_text("像谣言")
    row.locator("a.rowtitle").click()
    case = editor.url
    press(editor, "接手")
    expect(editor.locator("main")).to_contain_text("示例编辑 正在处理")

    _an_expert_is_asked_and_answers_on_a_phone(desk, editor)
    piece = _the_editor_writes_it(editor, case)

    # The writer cannot approve; the second person approves exactly what they read.
    assert editor.get_by_role("button", name="签发这一版").count() == 0
    issuer = desk.person("issuer")
    issuer.goto(f"/desk/pieces/{piece}/review")
    expect(issuer.locator("article")).to_contain_text("没有决口")
    press(issuer, "签发这一版")
    press(issuer, "现在发布")
    expect(issuer.locator("main")).to_contain_text("已发布，正在送往各渠道")
    public_id = issuer.url.split("?")[0].rsplit("/", 1)[1]

    reader = desk.visitor(PHONE, script=False)
    # A reader's browser keeps a page for a minute; routing switches its cache off, so that we see the server.
    reader.route("**/*", lambda route: route.continue_())
    _soon(reader, f"/p/{public_id}", TITLE)
    expect(reader.locator("main")).to_contain_text("谣言")
    for feed in ("/feed.xml", "/atom.xml", "/feed.json"):
        assert public_id in reader.request.get(feed).text()

    _it_is_corrected(editor, issuer, reader, public_id)
    _it_is_retracted(issuer, reader, public_id)


def _an_expert_is_asked_and_answers_on_a_phone(desk: Desk, editor: Page) -> None:
    mine = desk.person("expert", PHONE)
    name = (mine.locator("main p").first.text_content() or "").split(" · ")[0].strip()
    # The directory suggests several; the editor asks the one whose account the demo has, wherever it stands.
    more = editor.locator("#experts summary", has_text="更多人选")
    if more.count():
        more.click()
    candidate = editor.locator(".candidate", has_text=name)
    candidate.locator("summary", has_text="邀请").click()
    candidate.get_by_role("button", name="发出邀请").click()
    expect(editor.locator("#experts")).to_contain_text("已邀请")

    mine.goto("/expert")
    mine.locator("a.rowtitle").first.click()
    press(mine, "接受任务")
    mine.select_option("#f-verdict", "false")
    mine.fill("#f-text", "大坝监测数据正常，没有裂缝和渗漏，更没有决口。请以水利部门发布的信息为准。")
    mine.fill("#st-0", "水库安全监测日报")
    mine.fill("#su-0", "https://water.example.cn/report")
    press(mine, "提交答复")
    expect(mine.locator("main")).to_contain_text("答复已提交")


def _the_editor_writes_it(editor: Page, case: str) -> str:
    editor.goto(case)
    expect(editor.locator("#experts")).to_contain_text("大坝监测数据正常")
    press(editor, "写辟谣")
    editor.fill("#f-title", TITLE)
    editor.fill("#f-claim", "大塅水库大坝已经决口，下游今晚全部会被淹")
    editor.select_option("#f-verdict", "false")
    editor.fill("#f-fact", "大塅水库大坝没有决口。截至今天中午，水位低于设计洪水位，各项监测数据正常。")
    editor.fill("#f-why", "水利专家查看了当天的坝体监测数据。")
    editor.fill("#f-todo", "不要转发决口的消息。\n沿河居民按乡镇通知做好防汛准备。")
    press(editor, "保存并送审")
    expect(editor.locator(".flash.bad")).to_contain_text(
        "稿件还缺少必要内容"
    )  # no source yet; nothing typed is lost
    assert editor.input_value("#f-title") == TITLE
    editor.fill("#s-title-1", "水库安全监测日报")
    editor.fill("#s-url-1", "https://water.example.cn/report")
    editor.fill("#s-pub-1", "示例市水利部门")
    press(editor, "保存并送审")
    expect(editor.locator("main")).to_contain_text("已提交，等待另一人签发")
    found = re.search(r"/pieces/([0-9a-f-]{36})", editor.url)
    assert found
    return found.group(1)


def _it_is_corrected(editor: Page, issuer: Page, reader: Page, public_id: str) -> None:
    editor.goto(f"/desk/publications/{public_id}")
    press(editor, "开始更正")
    editor.fill("#f-correction_note", "原文写错了监测时间，应为今天上午十点。")
    editor.fill("#f-fact", "大塅水库大坝没有决口。截至今天上午十点，水位低于设计洪水位，各项监测数据正常。")
    press(editor, "保存并送审")
    piece = editor.url.split("?")[0]
    issuer.goto(piece)
    press(issuer, "签发这一版")
    press(issuer, "现在发布")
    _soon(reader, f"/p/{public_id}", "上午十点")
    expect(reader.locator("main")).to_contain_text("原文写错了监测时间")
    _soon(reader, "/corrections", "原文写错了监测时间")


def _it_is_retracted(issuer: Page, reader: Page, public_id: str) -> None:
    issuer.goto(f"/desk/publications/{public_id}")
    issuer.fill("#f-reason", "来源有误，正在重新核实。")
    press(issuer, "立即撤回")
    _soon(reader, f"/p/{public_id}", "来源有误")
    assert reader.request.get(f"/p/{public_id}").status == 410


def _soon(page: Page, path: str, text: str) -> None:
    """The page says this within a few seconds of the publication."""
    for _ in range(40):
        page.goto(path)
        if text in page.locator("body").inner_text():
            return
        page.wait_for_timeout(250)
    raise AssertionError(f"{path} does not say '{text}'")


def test_the_queue_can_be_worked_with_keys(desk: Desk) -> None:
    page = queue_of(desk.person("editor"), "小龙虾")
    page.keyboard.press("j")
    first = page.locator('[aria-selected="true"]')
    expect(first).to_have_count(1)
    title = first.locator(".rowtitle").inner_text()
    page.keyboard.press("j")
    assert first.locator(".rowtitle").inner_text() != title
    page.keyboard.press("k")
    page.keyboard.press("o")
    page.wait_for_url(re.compile("/desk/cases/"))
    expect(page.locator("h1")).to_have_text(title)


def test_the_desk_works_without_scripts(desk: Desk) -> None:
    page = queue_of(desk.person("editor", script=False), "社保卡")
    page.locator(".rowline", has_text="社保卡").get_by_role("button", name="接手").click()
    expect(page.locator("main")).to_contain_text("您已接手这个事项")
    press(page, "撤销上一步")
    expect(page.locator("main")).to_contain_text("已撤销上一步")


def test_an_open_queue_hears_of_a_change(desk: Desk) -> None:
    watching = queue_of(desk.person("editor"), "自来水")
    other = desk.person("issuer")
    queue_of(other, "自来水").locator(".rowline", has_text="自来水").get_by_role(
        "button", name="接手"
    ).click()
    expect(watching.locator("#live")).to_be_visible()
