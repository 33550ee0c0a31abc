"""The short way for simple addresses gives what the long way gives."""

from __future__ import annotations

import random
import re

import pytest
from feedparser.urls import _urljoin

from service.feeds import urls
from service.feeds.plain import _link
from service.feeds.urls import canonical_url, plain_url, web_url

PIECES = [
    "http://",
    "https://",
    "HTTP://",
    "a.cn",
    "news.example.cn",
    "A.cn",
    "1.2.3.4",
    "xn--fiqs8s.cn",
    "a-.cn",
    "-a.cn",
    "a_b.cn",
    ":80",
    ":443",
    ":8080",
    "/",
    "/a",
    "/a.b",
    "/.",
    "/..",
    "/.a",
    "//",
    "/a-b_c/",
    "?",
    "?a=1",
    "#",
    "#x",
    "%20",
    "&",
    "&amp;",
    "；",
    "中",
    ";p",
    "~",
    "@",
    ".cn",
    "a.cn.",
    "https://news.example.cn/",
    "http://a.cn/x/1.html",
]
BASES = ("", "http://b.cn/x/y", "https://b.cn")


def test_a_simple_address_means_what_the_long_way_makes_of_it() -> None:
    rng = random.Random(24)
    simple = 0
    for _ in range(60_000):
        url = "".join(rng.choices(PIECES, k=rng.randint(1, 4)))
        if not plain_url(url):
            continue
        simple += 1
        assert canonical_url(url) == urls._canonical(url)
        for base in BASES:
            assert web_url(url, base) == urls._resolved(url, base) == _urljoin(base, url) == _link(url, base)
    assert simple > 1_000


@pytest.mark.parametrize(
    "url",
    ["http://a.cn/x?b=1", "http://a.cn/../x", "//a.cn/x", "http://a.cn:80/", f"http://a.cn/{'x' * 3000}"],
)
def test_what_is_not_simple_goes_the_long_way(url: str) -> None:
    assert plain_url(url) is None


def test_the_canonical_form_of_a_simple_address_has_a_path_and_says_https() -> None:
    assert (
        canonical_url("http://news.example.cn")
        == canonical_url("https://news.example.cn/")
        == "https://news.example.cn/"
    )
    assert canonical_url("http://news.example.cn/a/1.html") == "https://news.example.cn/a/1.html"
    assert re.fullmatch(urls.PLAIN, "http://news.example.cn")
