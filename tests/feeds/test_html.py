"""What strangers write comes out as words and harmless HTML."""

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from service.feeds.html import LONGEST_HTML, LONGEST_TEXT, plain_text, safe_html, tidy_line, tidy_text
from service.feeds.urls import canonical_url, web_url

ATTACKS = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg/onload=alert(1)>",
    "<svg><script>alert(1)</script></svg>",
    "<a href='javascript:alert(1)'>x</a>",
    "<a href='JaVa&#x09;Script:alert(1)'>x</a>",
    "<a href='data:text/html,<script>alert(1)</script>'>x</a>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'>",
    "<form><button formaction=javascript:alert(1)>x",
    "<style>@import 'javascript:alert(1)';</style>",
    "<p style='background:url(javascript:alert(1))' onclick=alert(1)>x</p>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<<script>script>alert(1)<</script>/script>",
    "<xmp><p title='</xmp><img src=x onerror=alert(1)>'>",
    "<!--<img src='--><img src=x onerror=alert(1)//'>",
    "<base href='javascript:/a/-alert(1)///////'>",
    "&lt;img src=x onerror=alert(1)&gt;",
    "<b><b><b " * 60 + "onmouseover=alert(1)" + ">" * 180,
)
DANGER = re.compile(
    r"<\s*(script|img|svg|iframe|style|form|base|math|object|embed)\b|\bon\w+\s*=[^<]*>|javascript:", re.I
)
markup = st.text(
    st.sampled_from(list("<>/&;\"'= abpx1\n\u200b!-[]")) | st.characters(codec="utf-8"), max_size=120
) | st.lists(
    st.sampled_from([*ATTACKS[:18], "<b>", "</b>", "<p>", "暴雨", " ", "&amp;", "&lt;", "a<b"]), max_size=8
).map("".join)


@pytest.mark.parametrize("attack", ATTACKS)
def test_no_attack_survives_in_html_or_in_a_line(attack: str) -> None:
    assert not DANGER.search(safe_html(attack))
    assert not re.search(r"<\s*[a-z/!]", tidy_line(attack), re.I)
    assert not re.search(r"<\s*[a-z/!]", plain_text(attack), re.I)


def test_an_editor_sees_emphasis_links_and_lists_but_no_pictures() -> None:
    html = '<p>请<b>立即</b>撤离，<a href="https://a.cn/x" onclick="x()">详情</a><img src="https://a.cn/p.gif"></p>'
    assert safe_html(html) == (
        '<p>请<b>立即</b>撤离，<a href="https://a.cn/x" rel="nofollow noopener noreferrer">详情</a></p>'
    )


def test_relative_links_lead_to_the_feed_s_site() -> None:
    assert 'href="https://a.cn/b/c"' in safe_html("<a href='c'>x</a>", "https://a.cn/b/feed.xml")
    assert "href" not in safe_html("<a href='c'>x</a>")


def test_blocks_become_lines() -> None:
    assert (
        plain_text("<p>第一段</p><p>第二段<br>换行</p><ul><li>甲</li><li>乙</li></ul>")
        == "第一段\n第二段\n换行\n甲\n乙"
    )


@pytest.mark.parametrize(
    "words", ["暴雨<橙色>预警", "3 < 5 且 7 > 6", "当a<b时", "A --> B", "AT&T", "C&amp;A 原文"]
)
def test_words_that_look_like_markup_stay(words: str) -> None:
    assert tidy_line(words) == words


def test_marks_that_reverse_the_reading_order_are_dropped() -> None:
    assert tidy_line("安全\u202eexe.tpircs\u2066通知\u200b") == "安全exe.tpircs通知"


@given(markup)
@example("<<b>b>x")
@example("<b" * 30 + ">" * 30)
def test_cleaning_twice_is_cleaning_once(raw: str) -> None:
    for clean in (safe_html, tidy_line, tidy_text):
        once = clean(raw)
        assert clean(once) == once


@given(markup)
def test_no_tag_survives_in_text(raw: str) -> None:
    for words in (tidy_line(raw), tidy_text(raw), plain_text(raw)):
        assert not re.search(r"</?(?:script|img|b|p|svg|iframe)[\s/>]", words, re.I)
        assert not re.search("[\x00-\x08\x0b-\x1f\u202a-\u202e]", words.replace("\n", ""))


@pytest.mark.parametrize("unit", ["<b>", "<b ", "</", "<![CDATA[", "&lt;", "<!--", "<p>词</p>", "<div><"])
def test_long_nonsense_is_cut_and_quick(unit: str) -> None:
    raw = unit * (200_000 // len(unit))
    assert len(safe_html(raw)) <= LONGEST_HTML
    assert len(plain_text(raw)) <= LONGEST_TEXT
    assert len(tidy_line(raw)) <= 500


@pytest.mark.parametrize(
    ("raw", "url"),
    [
        (" https://a.cn/x ", "https://a.cn/x"),
        ("/x", "https://b.cn/x"),
        ("//c.cn/x", "https://c.cn/x"),
        ("https://a.cn/新闻?标题=暴雨", "https://a.cn/新闻?标题=暴雨"),
        ("https://a.cn/\n\tx", "https://a.cn/x"),
        ("https://a.cn/?q=<script>", "https://a.cn/?q=%3Cscript%3E"),
        ("javascript:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("https://[::1", ""),
        ("https://a.cn:99999/", ""),
        ("", ""),
        (None, ""),
    ],
)
def test_only_web_addresses_are_kept(raw: str | None, url: str) -> None:
    assert web_url(raw, "https://b.cn/feed.xml") == url


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("http://a.cn/x?utm_source=wx&id=1", "https://a.cn/x?id=1"),
        ("https://A.cn:443/x#top", "https://a.cn/x"),
        ("https://a.cn/x?b=2&a=1&from=timeline&spm=1.2", "https://a.cn/x?a=1&b=2"),
        (
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=22&idx=1&sn=abc&chksm=ff&scene=27#rd",
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=22&idx=1&sn=abc",
        ),
        ("https://a.cn/新闻", "https://a.cn/%E6%96%B0%E9%97%BB"),
    ],
)
def test_the_same_story_has_one_canonical_address(one: str, other: str) -> None:
    assert canonical_url(one) == canonical_url(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=22&idx=1",
            "https://mp.weixin.qq.com/s?__biz=MzA=&mid=22&idx=2",
        ),
        ("https://a.cn/#/story/1", "https://a.cn/#/story/2"),
        ("https://a.cn/x?id=1", "https://a.cn/x?id=2"),
        ("https://a.cn/X", "https://a.cn/x"),
    ],
)
def test_different_stories_keep_different_addresses(one: str, other: str) -> None:
    assert canonical_url(one) != canonical_url(other)


@given(st.text(max_size=60).map(lambda tail: f"http://a.cn/{tail}") | st.text(max_size=60))
def test_canonical_addresses_are_stable(raw: str) -> None:
    once = canonical_url(web_url(raw))
    assert canonical_url(once) == once
