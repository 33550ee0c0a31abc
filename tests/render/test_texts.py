"""Small rules about texts: what is made harmless, what is read aloud."""

from __future__ import annotations

from html import unescape
from html.parser import HTMLParser
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.render.plain import bare, cell, chat, clean, cut, cut_bytes, is_web, one_line
from content.render.spoken import aloud, whole
from content.render.told import first_sentences


class Tags(HTMLParser):
    """Everything that is not text."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.seen: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.seen.append(tag)

    def handle_comment(self, data: str) -> None:
        self.seen.append(data)

    def handle_decl(self, decl: str) -> None:
        self.seen.append(decl)

    def handle_pi(self, data: str) -> None:
        self.seen.append(data)


@given(st.text())
def test_cleaned_text_can_stand_in_xml_and_cleaning_again_changes_nothing(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    escaped = once.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    fromstring(f"<a>{escaped}</a>".encode())


@given(st.text())
def test_a_title_is_one_line(text: str) -> None:
    assert len(one_line(text).splitlines()) <= 1


@given(st.text())
def test_cleaned_text_has_nothing_that_html_forbids(text: str) -> None:
    found = {ord(c) for c in clean(text)}
    assert not found & {*range(0x80, 0xA0), *range(0xFDD0, 0xFDF0), 0x7F}
    assert not any(point & 0xFFFE == 0xFFFE for point in found)


def test_the_line_break_of_mainframes_stays_a_break() -> None:
    assert clean("第一行\x85第二行") == "第一行\n第二行"


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("辟谣<script>alert(1)</script>", "辟谣＜script>alert(1)＜/script>"),
        ("<!-- 藏起来 --> <?php 也是", "＜!-- 藏起来 --> ＜?php 也是"),
        ("&lt;b&gt; &#60; &#x3c; &copy", "＆lt;b＆gt; ＆#60; ＆#x3c; ＆copy"),
        ("健康Q&A：血压<140 & 心率>60", "健康Q&A：血压<140 & 心率>60"),
        ("第一行\r\n第二行", "第一行 第二行"),
    ],
)
def test_a_bare_title_holds_nothing_that_looks_like_markup(typed: str, shown: str) -> None:
    assert bare(typed) == shown


@given(st.text(alphabet="<>&;#/!?abclt0x60 字"))
def test_a_bare_title_reads_the_same_whether_it_is_taken_for_html_or_not(text: str) -> None:
    once = bare(text)
    assert bare(once) == once
    assert unescape(once) == once
    reader = Tags()
    reader.feed(once)
    reader.close()
    assert reader.seen == []


@given(st.text(), st.integers(min_value=0, max_value=200))
def test_cutting_keeps_the_limit_in_characters_and_in_bytes(text: str, limit: int) -> None:
    assert len(cut(text, limit)) <= max(limit, 1)
    readable = text.encode(errors="ignore").decode()
    assert len(cut_bytes(readable, limit).encode()) <= limit


@pytest.mark.parametrize(
    "text",
    [
        "@all 快看",
        "@所有人",
        "@ALL",
        "@13812345678",
        '<at user_id="all">x</at>',
        "[点这里](http://x)",
        "<@123>",
    ],
)
def test_chat_robots_mention_nobody_and_make_no_link(text: str) -> None:
    safe = chat(text)
    assert "@all" not in safe.lower()
    assert "@所有人" not in safe
    assert "@1" not in safe.replace("<@", "＜@") or "＜" in safe
    assert "](" not in safe
    assert "<at" not in safe
    assert chat(safe) == safe


def test_an_ordinary_mail_address_stays() -> None:
    assert chat("写信到 desk@example.org（3<5）") == "写信到 desk@example.org（3<5）"


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\t=1"])
def test_a_spreadsheet_computes_nothing(text: str) -> None:
    assert cell(text).startswith("'")
    assert cell("水位 3 米") == "水位 3 米"


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x", "", "https://a b"]
)
def test_only_web_addresses_are_links(url: str) -> None:
    assert not is_web(url)
    assert is_web("https://example.org/a?b=1")


@pytest.mark.parametrize(
    ("number", "words"),
    [
        ("0", "零"), ("10", "十"), ("12", "十二"), ("20", "二十"), ("101", "一百零一"), ("110", "一百一十"), ("1001", "一千零一"),
        ("10050", "一万零五十"), ("100000", "十万"), ("120000", "十二万"), ("10000001", "一千万零一"), ("100010000", "一亿零一万"),
    ],
)  # fmt: skip
def test_whole_numbers_are_counted_as_people_count(number: str, words: str) -> None:
    assert whole(number) == words


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("2026年11月24日8:30", "二零二六年十一月二十四日八点三十分"),
        ("14:05", "十四点零五分"),
        ("9:00", "九点整"),
        ("拨打119或12345", "拨打幺幺九或幺二三四五"),
        ("降雨12.5毫米", "降雨十二点五毫米"),
        ("湿度达95%", "湿度达百分之九十五"),
        ("最低-3℃", "最低零下三摄氏度"),
        ("3-5小时", "三到五小时"),
        ("1,200人", "一千二百人"),
        ("详见 https://example.org/1", "详见 "),
        ("电话0795-3212345", "电话零七九五三二幺二三四五"),
    ],
)
def test_written_numbers_become_words(written: str, said: str) -> None:
    assert aloud(written) == said


@given(st.integers(min_value=0, max_value=10**15))
def test_every_number_has_words_without_doubled_zeros(number: int) -> None:
    words = whole(str(number))
    assert words
    assert "零零" not in words
    assert not any(sign.isdigit() for sign in words)


def test_a_summary_is_whole_sentences() -> None:
    text = "第一句话说清楚事实。" * 20
    assert first_sentences(text, 45) == "第一句话说清楚事实。" * 4
    assert first_sentences("一" * 200, 50) == "一" * 49 + "…"
