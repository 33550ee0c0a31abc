"""What an address counts as: the piece, the way its link came, never a reader."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content import reach
from content.reach import DIRECT, FEEDS, PAGES, WAYS, Read


@pytest.mark.parametrize("kind", sorted(WAYS.values()))
def test_the_link_of_a_channel_leads_to_the_page_and_names_the_kind(kind: str) -> None:
    link = reach.marked("https://kp.example.org/p/Ab3", kind)
    assert reach.parted(link.removeprefix("https://kp.example.org")) == ("/p/Ab3", kind)


def test_a_kind_without_a_letter_carries_the_bare_address() -> None:
    assert reach.marked("https://kp.example.org/p/Ab3", "webhook") == "https://kp.example.org/p/Ab3"


@pytest.mark.parametrize(
    "target", ["/p/Ab3?c=z", "/p/Ab3?c=", "/p/Ab3?c=ww", "/p/Ab3?c=w&x=1", "/search?q=?c=w"]
)
def test_anything_but_a_known_letter_stays_part_of_the_address(target: str) -> None:
    path, way = reach.parted(target)
    assert (path, way) == (target, DIRECT) or target == "/search?q=?c=w"


@given(st.text())
def test_no_address_breaks_the_counting(target: str) -> None:
    path, way = reach.parted(target)
    assert way == DIRECT or way in WAYS.values()
    found = reach.read(path, way)
    assert found is None or len(found.subject) <= 32


@pytest.mark.parametrize(
    ("path", "subject"),
    [
        ("/p/Ab3", "Ab3"),
        ("/en/p/Ab3", "Ab3"),
        ("/p/Ab3/poster.png", "Ab3"),
        ("/feed.xml", FEEDS),
        ("/feeds/elderly.json", FEEDS),
        ("/", PAGES),
        ("/corrections", PAGES),
    ],
)
def test_pieces_are_counted_one_by_one_and_everything_else_together(path: str, subject: str) -> None:
    assert reach.read(path) == Read(subject)


@pytest.mark.parametrize(
    "path", ["/static/base.css", "/robots.txt", "/favicon.ico", "/sitemap.xml", "/en/p/Ab3/listen"]
)
def test_what_nobody_reads_is_not_counted_and_no_reader_twice(path: str) -> None:
    assert reach.read(path) is None
