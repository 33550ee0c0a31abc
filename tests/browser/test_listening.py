"""The page that reads a text out (听这篇) in a real browser: with a voice that is a recorder, without one, and without scripts."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import DESKTOP, PHONE, Desk
from tests.browser.test_faces import SMALL_TEXT, UNLABELLED, WIDER

pytestmark = pytest.mark.browser

# A voice that says nothing: it writes down what it was given, and a sentence ends when the test says so.
RECORDER = """(voices) => {
  window.spoken = []; window.cancelled = 0;
  const engine = new EventTarget();
  Object.assign(engine, {
    speaking: false, pending: false,
    getVoices: () => voices,
    speak(words) { this.speaking = true; window.now = words; window.spoken.push([words.text, words.rate, words.lang, words.voice.name]); },
    cancel() { this.speaking = false; window.cancelled += 1; const words = window.now; window.now = null; words?.onerror?.({ error: "canceled" }); },
  });
  window.finish = () => { engine.speaking = false; window.now.onend(); };
  window.fail = () => { engine.speaking = false; window.now.onerror({ error: "synthesis-failed" }); };
  window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
  Object.defineProperty(window, "speechSynthesis", { value: engine, configurable: true });
}"""
VOICES = """[{ lang: "en-US", name: "Sam", localService: true }, { lang: "zh-HK", name: "Sin", localService: true },
  { lang: "zh-CN", name: "Far", localService: false }, { lang: "zh_CN", name: "Ting", localService: true }]"""
TARGETS = """() => [...document.querySelectorAll('.player button')].map(e => e.getBoundingClientRect())
  .map(box => Math.min(box.width, box.height))"""


def opened(desk: Desk, voices: str = VOICES, size: dict[str, int] = PHONE, prefix: str = "") -> Page:
    """The first publication's page for the ear."""
    page = desk.visitor(size)
    page.add_init_script(f"({RECORDER})({voices})")
    return to_hear(page, prefix)


def to_hear(page: Page, prefix: str = "") -> Page:
    """From the front page to the text, and on; the newsroom may still be making its first pages."""
    for _ in range(100):
        page.goto(f"{prefix}/")
        if page.locator(".entry h2 a").count():
            break
        page.wait_for_timeout(300)
    page.locator(".entry h2 a").first.click()
    page.get_by_role("link", name="Listen" if prefix else "听这篇").click()
    return page


def spoken(page: Page) -> list[list[object]]:
    return list(page.evaluate("() => window.spoken"))


def marked(page: Page) -> list[str]:
    return page.locator(".sentence[aria-current]").all_inner_texts()


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desktop"])
def test_it_reads_sentence_by_sentence_and_shows_which(desk: Desk, size: dict[str, int]) -> None:
    page = opened(desk, size=size)
    sentences = page.locator(".sentence").all_inner_texts()
    assert len(sentences) > 4
    assert marked(page) == []
    expect(page.locator("#own")).to_be_hidden()
    page.get_by_role("button", name="播放").click()
    assert [one[2:] for one in spoken(page)] == [["zh-CN", "Ting"]]
    assert marked(page) == sentences[:1]
    page.evaluate("finish()")
    assert len(spoken(page)) == 2
    assert marked(page) == [sentences[1]]
    expect(page.locator("#place")).to_have_text(f"第 2 句，共 {len(sentences)} 句")
    for _ in sentences[1:]:
        page.evaluate("finish()")
    expect(page.locator("#heard")).to_have_text("读完了。")
    assert len(spoken(page)) == len(sentences)
    assert marked(page) == []
    expect(page.locator("#play")).to_have_text("播放")


def test_what_is_said_has_its_numbers_in_words(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_role("button", name="播放").click()
    for _ in range(page.locator(".sentence").count() - 1):
        page.evaluate("finish()")
    assert not any(sign.isdigit() for words, *_ in spoken(page) for sign in str(words))


def test_a_pause_is_kept_until_one_goes_on_and_a_stop_begins_anew(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_role("button", name="播放").click()
    page.evaluate("finish()")
    page.get_by_role("button", name="暂停").click()
    page.wait_for_timeout(400)
    assert page.evaluate("() => window.speechSynthesis.speaking") is False
    assert len(spoken(page)) == 2
    paused_at = marked(page)
    page.get_by_role("button", name="继续").click()
    first, second, again = spoken(page)
    assert again == second != first
    assert marked(page) == paused_at
    page.get_by_role("button", name="停止").click()
    assert marked(page) == []
    page.get_by_role("button", name="播放").click()
    assert spoken(page)[-1] == first


def test_slower_holds_at_once_and_for_what_follows_and_back_repeats(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_role("button", name="播放").click()
    page.get_by_role("button", name="慢一点").click()
    page.evaluate("finish()")
    page.get_by_role("button", name="退一句").click()
    for _ in range(6):
        page.get_by_role("button", name="慢一点").click()
    texts, rates = [one[0] for one in spoken(page)], [one[1] for one in spoken(page)]
    assert texts[0] == texts[1] == texts[3] != texts[2]
    assert rates[:5] == [1, 0.9, 0.9, 0.9, 0.75]
    assert rates[-1] == 0.6
    expect(page.locator("#pace")).to_have_text("最慢")


def test_a_voice_that_breaks_off_is_said_and_can_go_on(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_role("button", name="播放").click()
    page.evaluate("fail()")
    expect(page.locator("#heard")).to_contain_text("朗读停下来了")
    page.get_by_role("button", name="继续").click()
    assert spoken(page)[0] == spoken(page)[1]
    expect(page.locator("#heard")).to_have_text("")


def test_leaving_the_page_ends_the_voice(desk: Desk) -> None:
    page = opened(desk)
    page.get_by_role("button", name="播放").click()
    page.evaluate("() => dispatchEvent(new Event('pagehide'))")
    assert page.evaluate("() => window.speechSynthesis.speaking") is False


@pytest.mark.parametrize("voices", ["[]", '[{ lang: "en-GB", name: "Sam", localService: true }]'])
def test_a_device_without_a_chinese_voice_says_so(desk: Desk, voices: str) -> None:
    page = opened(desk, voices)
    expect(page.locator("#heard")).to_have_text("这台设备没有中文语音，不能朗读。")
    expect(page.locator("#player")).to_be_hidden()
    expect(page.locator("#own")).to_be_visible()


def test_a_browser_that_cannot_speak_says_so(desk: Desk) -> None:
    page = desk.visitor(PHONE)
    page.add_init_script("Object.defineProperty(window, 'speechSynthesis', { value: undefined })")
    to_hear(page)
    expect(page.locator("#heard")).to_have_text("这个浏览器不会朗读。")


def test_without_scripts_it_is_text_and_says_how_the_phone_reads_it(desk: Desk) -> None:
    page = desk.visitor(PHONE, script=False)
    to_hear(page)
    expect(page.locator("#player")).to_be_hidden()
    expect(page.locator("#own")).to_contain_text("朗读屏幕")
    assert page.locator(".sentence").count() > 4


@pytest.mark.parametrize(("prefix", "size"), [("", PHONE), ("/en", PHONE), ("", DESKTOP)])
def test_its_buttons_are_for_thumbs_and_it_fits(desk: Desk, prefix: str, size: dict[str, int]) -> None:
    page = opened(desk, size=size, prefix=prefix)
    expect(page.locator("#player")).to_be_visible()
    assert min(page.evaluate(TARGETS)) >= 44
    assert page.evaluate(WIDER) <= 0
    assert page.evaluate(SMALL_TEXT) == []
    assert page.evaluate(UNLABELLED) == []
    assert page.evaluate(
        "() => [...document.querySelectorAll('.player button')].every(e => e.type === 'button')"
    )
