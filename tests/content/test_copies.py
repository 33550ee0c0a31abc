"""When a source is looked at, what is kept, and what the desk is told of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest

from content.body import SourceRef
from content.copies import WAITS, WEEK, Look, Standing, after, problems, says_something_else
from tests.writing import REBUTTAL

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
PAGE = Look(sha256="a" * 64, text="今天三次检测，四十二项指标全部达标。\n供水单位按计划生产，没有停水安排。")
GONE = Look(fault="http_404")
WRITING = Standing(out=False, settled=False, kept=None, tries=0)
OUT = Standing(out=True, settled=False, kept=None, tries=0)


@dataclass(frozen=True)
class Copy:
    url: str
    fault: str
    checked_at: datetime | None = NOW


def test_while_writing_a_source_is_looked_at_once_and_the_newer_copy_holds() -> None:
    step = after(WRITING, PAGE, NOW)
    assert (step.keep, step.settled, step.next_at) == (True, False, None)
    again = after(Standing(False, False, "昨天的说法，一共有三十九项指标达标。", 0), PAGE, NOW)
    assert (again.keep, again.changed) == (True, False)
    assert after(WRITING, GONE, NOW).next_at is None


def test_what_was_kept_when_the_text_went_out_stays_and_is_compared_each_week() -> None:
    step = after(OUT, PAGE, NOW)
    assert (step.keep, step.settled, step.next_at) == (True, True, NOW + WEEK)
    later = Standing(True, True, PAGE.text, 0)
    assert not after(later, PAGE, NOW).changed
    other = after(later, Look(sha256="b" * 64, text="本页内容已经更新，请查看新的公告页面。"), NOW)
    assert (other.keep, other.changed, other.settled) == (False, True, True)


def test_a_source_that_cannot_be_had_when_going_out_is_tried_for_half_a_day_then_weekly() -> None:
    waits = [
        (after(Standing(True, False, None, tries), GONE, NOW).next_at or NOW) - NOW
        for tries in range(len(WAITS) + 1)
    ]
    assert waits == [*WAITS, WEEK]
    assert sum(waits[:-1], timedelta()) > timedelta(hours=11)


def test_the_copy_from_the_writing_stays_when_none_could_be_made_at_publication() -> None:
    step = after(Standing(True, False, PAGE.text, len(WAITS)), GONE, NOW)
    assert (step.keep, step.settled) == (False, True)


@pytest.mark.parametrize(
    ("now", "differs"),
    [
        (PAGE.text, False),
        ("浏览 1024 次\n" + PAGE.text + "\n上一篇 下一篇", False),
        ("", True),
        ("今天三次检测，四十二项指标全部达标。", True),
        ("页面不存在，三秒后返回首页，请稍候片刻。", True),
    ],
)
def test_a_page_has_changed_when_most_of_what_it_said_is_gone(now: str, differs: bool) -> None:
    assert says_something_else(PAGE.text, now) is differs


def test_a_dead_link_is_told_apart_from_one_that_only_we_could_not_read() -> None:
    urls = ("https://example.org/1", "https://example.org/2", "https://example.org/3")
    body = REBUTTAL.model_copy(update={"sources": tuple(SourceRef(title="公告", url=url) for url in urls)})
    copies = [Copy(urls[0], "http_404"), Copy(urls[1], "timeout"), Copy(urls[2], "")]
    found = problems(body, copies)
    assert [(p.code, p.severity, p.data["number"], p.data["fault"]) for p in found] == [
        ("dead_link", "should", 1, "http_404"),
        ("unread_link", "should", 2, "timeout"),
    ]


def test_what_nobody_has_looked_at_yet_is_not_called_dead() -> None:
    assert problems(REBUTTAL, [Copy(REBUTTAL.sources[0].url, "", None)]) == []
