"""Which case a sighting belongs to: every one has exactly one, and editors' decisions hold."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from content.asking import Asked
from content.case_states import CaseState
from content.sightings import Sighting, SightingKind
from content.triage import CROWD, AtAddress, Home, Homes, Plan, Tie, TieKind, plan
from tests.content.sighting_examples import DEBUNK, FLOOD, NEWS, RUMOR, seen, sighting_id

EARLIER, CASE, OTHER = sighting_id(900), sighting_id(901), sighting_id(902)


def living_in(state: str, kind: str = "rumor", size: int = 3, successor: UUID | None = None) -> Homes:
    cases = {CASE: Home(CASE, kind, state, size, successor)}
    if successor is not None:
        cases[successor] = Home(successor, kind, CaseState.QUEUED)
    return Homes(sightings={EARLIER: CASE}, cases=cases)


def where(decided: Plan) -> dict[int, UUID]:
    return {placement.sighting.int: placement.case for placement in decided.placements}


def tied(sighting: Sighting, kind: TieKind, homes: Homes) -> Plan:
    other = CASE if kind == TieKind.CLAIM else EARLIER
    return plan([sighting], {sighting.id: [Tie(other, kind, 0.9)]}, homes)


def test_what_resembles_nothing_opens_a_case_of_its_own() -> None:
    decided = plan([seen(1, NEWS), seen(2, RUMOR)], {}, Homes())
    assert where(decided) == {1: sighting_id(1), 2: sighting_id(2)}
    assert [opening.follows for opening in decided.openings] == [None, None]


def test_one_story_in_three_feeds_is_one_case() -> None:
    stories = [seen(n, FLOOD, url="https://news.example.cn/flood") for n in (1, 2)] + [seen(3, FLOOD)]
    decided = plan(stories, {sighting_id(3): [Tie(sighting_id(2), TieKind.COPY)]}, Homes())
    assert set(where(decided).values()) == {sighting_id(1)}


def test_an_edited_story_stays_in_its_case() -> None:
    first, second = (
        seen(1, NEWS, story="s:a", revision=1, title="水位上涨"),
        seen(2, NEWS, story="s:a", revision=2, title="水位回落"),
    )
    decided = plan([second, first], {}, Homes())
    assert set(where(decided).values()) == {sighting_id(1)}
    assert decided.placements[1].because == TieKind.REVISION


def test_the_surest_tie_decides() -> None:
    homes = Homes(
        sightings={EARLIER: CASE},
        urls={"https://news.example.cn/a": (AtAddress(OTHER, Asked("水位上涨", False)),)},
        cases={CASE: Home(CASE, "news", "queued"), OTHER: Home(OTHER, "news", "queued")},
    )
    story = seen(1, NEWS, url="https://news.example.cn/a")
    decided = plan([story], {story.id: [Tie(EARLIER, TieKind.COPY, 0.99)]}, homes)
    assert where(decided) == {1: OTHER}


def test_a_refutation_joins_the_rumor_that_it_refutes() -> None:
    for kind in (TieKind.COPY, TieKind.CLAIM, TieKind.EVENT):
        assert where(tied(seen(1, DEBUNK), kind, living_in("queued"))) == {1: CASE}


def test_a_rumor_about_a_flood_is_no_part_of_the_flood() -> None:
    flood = living_in("queued", kind="emergency")
    assert where(tied(seen(1, RUMOR), TieKind.EVENT, flood)) == {1: sighting_id(1)}
    assert where(tied(seen(1, FLOOD), TieKind.EVENT, flood)) == {1: CASE}
    assert where(tied(seen(1, NEWS), TieKind.EVENT, flood)) == {1: CASE}


@pytest.mark.parametrize("tie", [TieKind.REVISION, TieKind.URL, TieKind.COPY])
@pytest.mark.parametrize("state", ["dismissed", "answered"])
def test_one_more_copy_of_what_was_decided_on_bothers_nobody(tie: TieKind, state: str) -> None:
    assert where(tied(seen(1, RUMOR), tie, living_in(state))) == {1: CASE}


def somebody_asks() -> tuple[Sighting, TieKind]:
    return seen(1, NEWS, kind=SightingKind.TIP), TieKind.COPY


def it_has_become_an_emergency() -> tuple[Sighting, TieKind]:
    return seen(1, FLOOD), TieKind.COPY


def the_claim_goes_round_again() -> tuple[Sighting, TieKind]:
    return seen(1, RUMOR), TieKind.CLAIM


@pytest.mark.parametrize("state", ["dismissed", "answered"])
@pytest.mark.parametrize("what", [somebody_asks, it_has_become_an_emergency, the_claim_goes_round_again])
def test_what_is_new_about_a_closed_case_comes_before_an_editor_as_its_follower(what, state) -> None:  # type: ignore[no-untyped-def]
    sighting, tie = what()
    decided = tied(sighting, tie, living_in(state))
    assert where(decided) == {1: sighting_id(1)}
    assert decided.openings[0].follows == CASE
    second = replace(sighting, id=sighting_id(2))
    again = tied(second, tie, living_in(state, successor=OTHER))
    assert where(again) == {2: OTHER}


def test_two_followers_in_one_batch_are_one_case() -> None:
    tips = [seen(n, NEWS, kind=SightingKind.TIP) for n in (1, 2)]
    ties = {tip.id: [Tie(EARLIER, TieKind.COPY)] for tip in tips}
    assert set(where(plan(tips, ties, living_in("answered"))).values()) == {sighting_id(1)}


def test_a_chain_of_events_does_not_swallow_the_week() -> None:
    full = living_in("queued", kind="emergency", size=CROWD)
    decided = tied(seen(1, FLOOD), TieKind.EVENT, full)
    assert where(decided) == {1: sighting_id(1)}
    assert decided.openings[0].follows == CASE
    assert where(tied(seen(1, FLOOD), TieKind.COPY, full)) == {1: CASE}


def test_a_tie_to_something_unknown_is_no_tie() -> None:
    story = seen(1, NEWS)
    ties = {story.id: [Tie(OTHER, TieKind.COPY), Tie(OTHER, TieKind.CLAIM)]}
    assert where(plan([story], ties, Homes())) == {1: sighting_id(1)}


ADDRESS = "https://news.example.cn/a"


def asks(number: int, text: str, url: str | None = ADDRESS) -> Sighting:
    return seen(number, NEWS, kind=SightingKind.TIP, text=text, url=url)


def test_tips_with_one_address_are_placed_by_what_they_ask() -> None:
    story = seen(1, NEWS, text="赣西机场扩建完工，新航站楼年底启用", url=ADDRESS)
    about, other = asks(2, "机场新航站楼年底启用是真的吗"), asks(3, "下周停水三天是真的吗")
    bare, again = asks(4, "这是真的吗"), asks(5, "请问下周停水三天吗")
    found = where(plan([story, about, other, bare, again], {}, Homes()))
    assert found == {n: sighting_id({1: 1, 2: 1, 3: 3, 4: 1, 5: 3}[n]) for n in range(1, 6)}


def test_the_story_joins_the_question_that_was_asked_about_it_and_no_other() -> None:
    other, bare = asks(1, "下周停水三天是真的吗"), asks(2, "这是真的吗")
    story = seen(3, NEWS, text="赣西机场扩建完工，新航站楼年底启用", url=ADDRESS)
    assert where(plan([other, bare, story], {}, Homes())) == {
        1: sighting_id(1), 2: sighting_id(2), 3: sighting_id(2)
    }  # fmt: skip


def test_the_same_bare_words_about_two_pages_are_two_cases() -> None:
    one, other = asks(1, "这是真的吗"), asks(2, "这是真的吗", "https://news.example.cn/b")
    ties = {other.id: [Tie(one.id, TieKind.COPY, 1.0)]}
    assert where(plan([one, other], ties, Homes())) == {1: sighting_id(1), 2: sighting_id(2)}
