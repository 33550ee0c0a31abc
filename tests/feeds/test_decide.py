"""What is new, when to come back, and how a source's health looks."""

import random
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.clean import NewItem, clean
from service.feeds.decide import decide
from service.feeds.parsed import ParsedEntry
from service.feeds.policy import DEFAULT_PACE
from service.feeds.schedule import failed, succeeded
from service.feeds.state import FetchState
from tests.feeds.conftest import NOW

STATE = FetchState.fresh("https://news.example.cn/feed", NOW)
KINDS = ["timeout", "http_500", "http_404", "not_a_feed", "too_big", "blocked"]


def item(guid: str, title: str = "暴雨橙色预警", **more: Any) -> NewItem:
    return clean(ParsedEntry(guid=guid, url=f"https://news.example.cn/{guid}", title=title, **more))


guids = st.lists(st.sampled_from("abcdefgh"), max_size=8)


@given(guids, guids, st.randoms(use_true_random=False))
def test_new_is_what_was_not_known_in_whatever_order(
    seen: list[str], before: list[str], rng: random.Random
) -> None:
    known = {guid: item(guid).content_hash for guid in before}
    plan = decide(STATE, [item(guid) for guid in seen], known, NOW, rng)
    assert {new.guid for new in plan.new} == set(seen) - set(before)
    assert len(plan.new) == len(set(seen) - set(before))
    assert plan.changed == ()


@given(guids, st.randoms(use_true_random=False))
def test_the_same_document_twice_yields_nothing_new(seen: list[str], rng: random.Random) -> None:
    items = [item(guid) for guid in seen]
    first = decide(STATE, items, {}, NOW, rng)
    stored = {new.guid: new.content_hash for new in first.new}
    rng.shuffle(items)
    second = decide(first.next_state, items, stored, NOW, rng)
    assert (second.new, second.changed) == ((), ())


def test_an_edited_title_is_a_change_and_a_new_date_is_not(rng: random.Random) -> None:
    known = {"a": item("a").content_hash, "b": item("b").content_hash}
    plan = decide(STATE, [item("a", "暴雨红色预警"), item("b", published=NOW, updated=NOW)], known, NOW, rng)
    assert [changed.guid for changed in plan.changed] == ["a"]
    assert plan.new == ()


def test_an_item_without_guid_is_known_by_its_address_and_without_that_by_its_words() -> None:
    by_address = clean(ParsedEntry(guid="", url="http://a.cn/x?utm_source=b", title="标题"))
    assert by_address.guid == "https://a.cn/x"
    assert by_address.url == "http://a.cn/x?utm_source=b"
    one, two = (clean(ParsedEntry(guid="", url="", title=title)) for title in ("甲", "乙"))
    assert one.guid != two.guid
    assert one == clean(ParsedEntry(guid="", url="", title="甲"))


def test_with_weak_guids_the_address_tells_stories_apart() -> None:
    entries = [ParsedEntry(guid="1", url=f"https://a.cn/{n}", title="标题") for n in range(3)]
    assert len({clean(entry, weak_guids=True).guid for entry in entries}) == 3
    assert len({clean(entry).guid for entry in entries}) == 1


@given(
    st.builds(
        ParsedEntry,
        guid=st.text(max_size=5),
        url=st.just(""),
        title=st.text(max_size=20),
        text=st.text(max_size=80),
    )
)
def test_cleaning_twice_is_cleaning_once(entry: ParsedEntry) -> None:
    once = clean(entry)
    assert clean(once) == once
    assert once.guid


def test_a_title_is_taken_from_the_text_when_there_is_none() -> None:
    assert clean(ParsedEntry(guid="a", url="", title="", text="第一句话。\n第二句。")).title == "第一句话。"


def test_more_entries_waiting_means_asking_again_at_once_and_unconditionally(rng: random.Random) -> None:
    state = replace(STATE, etag='"1"', last_modified="x", body_hash="y")
    after = decide(state, [item("a")], {}, NOW, rng, total=500, more=True).next_state
    assert (after.etag, after.last_modified, after.body_hash) == (None, None, None)
    assert after.next_poll - NOW <= timedelta(seconds=60)


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 40)), max_size=30), st.randoms(use_true_random=False))
def test_waits_stay_between_their_bounds(history: list[tuple[bool, int]], rng: random.Random) -> None:
    state, now = STATE, NOW
    for worked, fresh in history:
        state = (
            succeeded(state, now, rng, fresh=fresh, total=40)
            if worked
            else failed(state, "timeout", now, rng)
        )
        wait = state.next_poll - now
        assert DEFAULT_PACE.least * 0.9 <= wait <= DEFAULT_PACE.most_failing * 1.1
        assert state.status in ("ok", "degraded", "failing")
        now = state.next_poll


def test_failures_wait_longer_and_longer_up_to_a_cap(rng: random.Random) -> None:
    state, waits = STATE, []
    for _ in range(15):
        state = failed(state, "timeout", NOW, rng)
        waits.append(state.next_poll - NOW)
    assert waits[0] < timedelta(seconds=70)
    assert waits[3] > waits[1] * 2
    assert all(wait <= timedelta(hours=6.7) for wait in waits)
    assert waits[-1] > timedelta(hours=5)


@pytest.mark.parametrize("kind", KINDS)
def test_trouble_is_seen_at_once_and_called_failing_at_the_second_time(kind: str, rng: random.Random) -> None:
    once = failed(STATE, kind, NOW, rng)
    twice = failed(once, kind, NOW, rng)
    assert (once.status, once.reason) == ("degraded", kind)
    assert (twice.status, twice.reason) == ("failing", kind)
    healed = succeeded(twice, NOW, rng)
    assert (healed.status, healed.reason, healed.failures) == ("ok", None, 0)
    assert healed.next_poll - NOW <= timedelta(minutes=6)


def test_a_source_that_is_gone_is_called_gone_and_asked_once_a_day(rng: random.Random) -> None:
    after = failed(STATE, "http_410", NOW, rng, permanent=True)
    assert after.status == "gone"
    assert after.next_poll - NOW > timedelta(hours=20)


def test_retry_after_is_obeyed_and_a_busy_server_is_not_called_failing_soon(rng: random.Random) -> None:
    state = STATE
    for _ in range(4):
        state = failed(state, "http_429", NOW, rng, retry_after=timedelta(hours=2))
        assert state.next_poll - NOW >= timedelta(hours=2)
        assert state.status == "degraded"
    assert failed(state, "http_429", NOW, rng).status == "failing"


def test_a_lively_source_is_polled_more_often_and_a_quiet_one_less(rng: random.Random) -> None:
    lively = quiet = succeeded(STATE, NOW, rng, fresh=30, total=30)
    assert lively.interval == DEFAULT_PACE.first
    for _ in range(12):
        lively = succeeded(lively, NOW, rng, fresh=3, total=30)
        quiet = succeeded(quiet, NOW, rng, fresh=0, total=30)
    assert lively.interval == DEFAULT_PACE.least
    assert quiet.interval == DEFAULT_PACE.most


def test_a_source_that_turned_over_completely_is_polled_much_more_often(rng: random.Random) -> None:
    state = replace(STATE, last_success=NOW, interval=timedelta(minutes=20))
    assert succeeded(state, NOW, rng, fresh=30, total=30).interval == timedelta(minutes=5)


def test_only_a_server_that_invites_it_is_polled_more_often_than_once_a_minute(rng: random.Random) -> None:
    invited = succeeded(STATE, NOW, rng, fresh=40, total=40, max_age=timedelta(seconds=5))
    assert invited.interval == timedelta(seconds=10)
    slow = succeeded(STATE, NOW, rng, fresh=40, total=40, max_age=timedelta(minutes=30))
    assert slow.interval >= timedelta(minutes=30)


def test_sources_due_together_do_not_stay_together() -> None:
    times = {succeeded(STATE, NOW, random.Random(seed)).next_poll for seed in range(20)}
    assert len(times) == 20


def test_a_state_survives_being_stored(rng: random.Random) -> None:
    state = replace(STATE, etag='"1"', entry_hashes=frozenset({"b", "a"}), parsed_at=NOW, title="宜春新闻")
    for value in (STATE, state, failed(state, "timeout", NOW, rng)):
        assert FetchState.from_json(value.to_json()) == value


def test_a_state_of_another_version_is_read_as_far_as_it_goes() -> None:
    raw = STATE.to_json()
    del raw["weak_guids"]
    raw["future"] = 1
    assert FetchState.from_json(raw) == STATE
