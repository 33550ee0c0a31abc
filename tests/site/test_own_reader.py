"""Another desk that runs the same programme subscribes to this one: what our reader makes of what our site says."""

from __future__ import annotations

import re

import pytest

from content.render.plain import one_line
from content.render.told import Told
from service.feeds.cap import parse_cap
from service.feeds.parse import parse
from service.feeds.parsed import ParsedEntry, ParsedFeed
from tests.render.situations import HOUSE
from tests.site.three_hundred import drafts, pieces, site

BY_ADDRESS = {f"{HOUSE.base_url}{one.path}": one for one in pieces()}
TYPES = {draft.path: draft.type for draft in drafts()}


def read(path: str) -> ParsedFeed:
    return parse(site()[path], TYPES[path], HOUSE.base_url + path)


def published(entry: ParsedEntry) -> Told:
    return BY_ADDRESS[entry.url]


@pytest.mark.parametrize(
    ("file", "kind"), [("feed.xml", "rss20"), ("atom.xml", "atom10"), ("feed.json", "json11")]
)
def test_every_feed_is_read_whole_with_its_address_times_and_language(file: str, kind: str) -> None:
    paths = [path for path in TYPES if path.endswith(file)]
    assert len(paths) > 20
    for path in paths:
        found = read(path)
        assert (found.kind, found.damaged, found.weak_guids) == (kind, False, False), path
        assert found.language in (None, "zh-cn")
        assert len(found.entries) == found.entry_count
        for entry in found.entries:
            assert entry.guid == entry.url
            assert entry.published == published(entry).published_at
            assert entry.updated == published(entry).issued_at


@pytest.mark.parametrize("file", ["/feed.xml", "/atom.xml", "/feed.json"])
def test_titles_and_texts_arrive_as_they_were_written(file: str) -> None:
    plain = [entry for entry in read(file).entries if "<" not in published(entry).body.title]
    assert len(plain) > 30
    for entry in plain:
        told = published(entry)
        assert entry.title == one_line(told.headline)
        if told.body.fact and not told.retracted:
            assert told.body.fact in entry.text


@pytest.mark.parametrize("file", ["/feed.xml", "/atom.xml", "/feed.json"])
def test_hostile_texts_arrive_without_what_would_run(file: str) -> None:
    hostile = [entry for entry in read(file).entries if "<script" in published(entry).body.title]
    assert hostile
    for entry in hostile:
        assert not re.search(r"<(?:script|img|iframe|b)\b", entry.summary_html, re.IGNORECASE)


def test_relayed_warnings_arrive_as_whole_cap_alerts() -> None:
    found = read("/cap.xml")
    assert len(found.entries) == 50
    for entry in found.entries:
        assert entry.cap
        alert = parse_cap(entry.cap)
        assert alert.identifier.startswith("piece")
        assert {"publish": "Alert", "correct": "Update", "retract": "Cancel"}[
            BY_ADDRESS[f"{HOUSE.base_url}/p/{alert.identifier.split('.')[0]}"].type
        ] == alert.message_type
