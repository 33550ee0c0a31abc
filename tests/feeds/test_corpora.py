"""Corpora: our own, with every damage and every Chinese encoding; and the public ones, when they are on this machine."""

import json
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from service.feeds.errors import ParseError
from service.feeds.parse import parse
from tests.feeds.gofeed import comparisons

OWN = Path(__file__).resolve().parents[1] / "data" / "feeds"
EXPECTED: dict[str, dict[str, Any]] = json.loads((OWN / "expected.json").read_text())

# Where we differ from gofeed on purpose or because feedparser does, and why.
EXPLAINED = {
    ("extensions/dublincore/dublincore_item_multiple_values.xml", "authors"): "we name every author",
    (
        "parser/atom/atom10_feed_title_xhtml_escaped_markup.xml",
        "feed.title",
    ): "the document closes another element",
    (
        "parser/atom/atom10_feed_title_xhtml_inline_markup.xml",
        "feed.title",
    ): "the document closes another element",
    ("parser/rss/rss_channel_language.xml", "feed.language"): "the document closes another element",
    (
        "parser/atom/entry_content_xml_base_inherit_4.xml",
        "content",
    ): "our text is the longest account, here the summary",
    ("parser/rss/rss_channel_item_author_cdata_naked_markup.xml", "authors"): "a name is plain text",
    ("parser/rss/rss_channel_item_author_escaped_markup.xml", "authors"): "a name is plain text",
    (
        "parser/rss/rss_channel_item_author_naked_markup.xml",
        "authors",
    ): "feedparser drops elements inside <author>",
    ("parser/rss/rss_channel_item_guid_naked_markup.xml", "guid"): "feedparser drops elements inside <guid>",
    (
        "parser/rss/rss_channel_item_uri_at_protocol.xml",
        "url",
    ): "feedparser takes the uri attribute for the link",
}


@pytest.mark.parametrize("name", sorted(EXPECTED))
def test_our_own_corpus_gives_what_a_reader_would_see(name: str) -> None:
    expected = EXPECTED[name]
    body = (OWN / name).read_bytes()
    if "error" in expected:
        with pytest.raises(ParseError) as caught:
            parse(body)
        assert caught.value.kind == expected["error"]
        return
    feed = parse(body)
    assert [entry.title for entry in feed.entries] == expected["titles"]
    assert feed.damaged == expected.get("damaged", False)
    assert feed.weak_guids == expected.get("weak", False)
    assert all(entry.url == "" or entry.url.startswith("https://") for entry in feed.entries)
    assert not any("<script" in entry.summary_html for entry in feed.entries)


def test_every_file_of_our_corpus_has_an_expectation() -> None:
    assert {path.name for path in OWN.iterdir()} == {*EXPECTED, "expected.json"}


def test_gofeed_s_values_are_ours_in_at_least_95_percent_and_every_difference_is_explained(
    corpora: Path,
) -> None:
    made = list(comparisons(corpora / "gofeed" / "testdata"))
    different = {(comparison.file, comparison.field) for comparison in made if not comparison.equal}
    assert len(made) > 800
    assert 1 - len(different) / len(made) >= 0.95
    assert different <= EXPLAINED.keys()


def test_no_public_file_is_slow_or_raises_anything_but_a_parse_error(corpora: Path) -> None:
    kinds: Counter[str] = Counter()
    for path in sorted(corpora.rglob("*")):
        if not path.is_file():
            continue
        started = time.process_time()
        try:
            kinds[parse(path.read_bytes()).kind] += 1
        except ParseError as error:
            kinds[error.kind] += 1
        assert time.process_time() - started < 5, path
    assert kinds["parse_failed"] == 0
    assert kinds["rss20"] > 500
    assert kinds["atom10"] > 1000
    assert kinds["cap11"] + kinds["cap12"] > 10
