"""Parsing only what is new gives the entries that parsing everything gives."""

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.cut import Cut, cut
from service.feeds.decode import decode
from service.feeds.errors import ParseError
from service.feeds.parse import ParsedFeed, parse
from service.feeds.prepare import prepare
from tests.feeds.samples import STORIES, atom, rss

OWN = Path(__file__).resolve().parents[1] / "data" / "feeds"


def parsed(body: bytes, known: frozenset[str] = frozenset()) -> ParsedFeed | None:
    try:
        return parse(body, None, "https://news.example.cn/feed", known, 10_000)
    except ParseError:
        return None


def repeated(document: Cut) -> tuple[bytes, Cut | None]:
    """A document of one entry as one of four, told apart by comments: most files of the corpora have one entry only."""
    (piece,) = document.pieces
    entry = document.text[piece.start : piece.end]
    end = entry.rfind("</")
    copies = [entry, *(f"{entry[:end]}<!--{n}-->{entry[end:]}" for n in range(3))] if end > 0 else [entry]
    text = document.text[: piece.start] + "\n".join(copies) + document.text[piece.end :]
    return text.encode("utf-8", "replace"), cut(text)


def same_as_whole(body: bytes, rng: random.Random) -> int:
    """Compare for several sets of known entries; how many comparisons were made on cut documents."""
    text = prepare(decode(body)[0])
    pieces = cut(text)
    if pieces is not None and len(pieces.pieces) == 1:
        body, pieces = repeated(pieces)
    whole = parsed(body)
    if whole is None or pieces is None or len(whole.entries) != len(pieces.pieces):
        return 0
    digests = [piece.digest for piece in pieces.pieces]
    sizes = {1, len(digests) // 2, len(digests) - 1, len(digests)}
    for size in sizes:
        known = frozenset(rng.sample(sorted(set(digests)), min(size, len(set(digests)))))
        part = parsed(body, known)
        wanted = [entry for entry, digest in zip(whole.entries, digests, strict=True) if digest not in known]
        assert part is not None
        assert list(part.entries) == wanted
        assert part.entry_hashes == frozenset(digests)
    return len(sizes)


@pytest.mark.parametrize("write", [rss, atom])
@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_known_stories_are_left_out(write: Callable[..., bytes], encoding: str) -> None:
    first = parsed(write(STORIES[:2], encoding=encoding))
    assert first is not None
    second = parsed(write(STORIES, encoding=encoding), first.entry_hashes)
    assert second is not None
    assert [entry.guid.removeprefix("urn:") for entry in second.entries] == ["g3", "g4"]
    assert second.entry_count == 4
    assert first.entry_hashes < second.entry_hashes


def test_an_edited_story_is_seen_again() -> None:
    first = parsed(rss())
    assert first is not None
    edited = [(guid, title.replace("橙色", "红色"), text) for guid, title, text in STORIES]
    second = parsed(rss(edited), first.entry_hashes)
    assert second is not None
    assert [entry.title for entry in second.entries] == ["宜春市气象台发布暴雨红色预警信号"]


def test_another_build_date_is_no_news() -> None:
    first = parsed(rss(extra="<lastBuildDate>Tue, 24 Nov 2026 08:00:00 +0800</lastBuildDate>"))
    assert first is not None
    second = parsed(
        rss(extra="<lastBuildDate>Tue, 24 Nov 2026 09:00:00 +0800</lastBuildDate>"), first.entry_hashes
    )
    assert second is not None
    assert second.entries == ()


def test_too_many_entries_come_in_turns_and_none_is_lost() -> None:
    stories = [(f"g{n}", f"第{n}条", "内容") for n in range(25)]
    known: frozenset[str] = frozenset()
    seen: list[str] = []
    for turn in range(3):
        feed = parse(rss(stories), None, "", known, 10)
        known = feed.entry_hashes
        seen += [entry.guid for entry in feed.entries]
        assert feed.more == (turn < 2)
    assert seen == [guid for guid, _, _ in stories]


@pytest.mark.parametrize(
    "text",
    [
        "<rss><channel><item><title>a</title></item>",
        "<rss><channel><item><item><title>a</title></item></item></channel></rss>",
        "<rss><channel><item><title>a &nbsp; b</title></item></channel></rss>",
        "<rss><channel><title>没有条目</title></channel></rss>",
        "",
    ],
)
def test_doubtful_documents_are_not_cut(text: str) -> None:
    assert cut(text) is None


def test_end_tags_inside_cdata_and_comments_do_not_cut() -> None:
    text = (
        "<rss><channel><!-- <item> --><item><title><![CDATA[</item><item>]]></title></item></channel></rss>"
    )
    found = cut(text)
    assert found is not None
    assert len(found.pieces) == 1


@given(st.lists(st.sampled_from(STORIES), unique=True), st.lists(st.sampled_from(STORIES), unique=True))
def test_any_old_and_any_new_document_give_the_difference(
    old: list[tuple[str, str, str]], new: list[tuple[str, str, str]]
) -> None:
    before = parsed(rss(old))
    assert before is not None
    after = parsed(rss(new), before.entry_hashes)
    assert after is not None
    assert [entry.guid for entry in after.entries] == [story[0] for story in new if story not in old]


@pytest.mark.parametrize("path", sorted(OWN.iterdir()), ids=lambda path: path.name)
def test_our_own_corpus_reads_the_same_in_parts(path: Path) -> None:
    same_as_whole(path.read_bytes(), random.Random(1))


def test_the_public_corpora_read_the_same_in_parts(corpora: Path) -> None:
    rng = random.Random(1)
    compared = sum(
        same_as_whole(path.read_bytes(), rng) for path in sorted(corpora.rglob("*")) if path.is_file()
    )
    assert compared > 1000
