"""What stands above what in the queue, and that every point has a reason."""

from __future__ import annotations

import pytest

from classifiers.signals import Signal
from content.priority import FLOOR, Priority, Surroundings, weigh
from content.sightings import Sighting, SightingKind
from tests.content.sighting_examples import (
    DEBUNK,
    FLOOD,
    NEWS,
    RAIN_OVER,
    RED_RAIN,
    RUMOR,
    assessment,
    seen,
)


def codes(priority: Priority) -> list[str]:
    return [reason.code for reason in priority.reasons]


def everyday_news() -> list[Sighting]:
    return [seen(1, NEWS)]


def a_rumor() -> list[Sighting]:
    return [seen(1, RUMOR)]


def a_rumor_that_people_ask_about() -> list[Sighting]:
    return [seen(1, RUMOR), seen(2, NEWS, kind=SightingKind.TIP), seen(3, NEWS, kind=SightingKind.TIP)]


def a_flood() -> list[Sighting]:
    return [seen(1, FLOOD)]


def a_red_warning_of_the_observatory() -> list[Sighting]:
    return [seen(1, RED_RAIN, authority=True)]


def test_the_queue_begins_with_what_can_kill() -> None:
    rising = [
        everyday_news,
        a_rumor,
        a_flood,
        a_rumor_that_people_ask_about,
        a_red_warning_of_the_observatory,
    ]
    scores = [weigh(situation()).score for situation in rising]
    assert scores == sorted(scores)
    assert scores[0] < FLOOR < scores[1]


def test_words_of_the_text_stand_behind_the_points() -> None:
    (reason,) = weigh(a_rumor()).reasons
    assert (reason.code, reason.points, reason.words) == ("rumor_style", 37, ("紧急扩散", "千万别吃"))


def test_a_reason_says_in_which_story_of_the_case_it_was_seen() -> None:
    quiet, loud = seen(1, NEWS, title="高温天气持续"), seen(2, RED_RAIN, title="市气象台发布红色预警")
    found = weigh([quiet, loud]).reasons[0]
    assert (found.code, found.seen) == ("emergency_level", "市气象台发布红色预警")
    assert found.to_json()["seen"] == "市气象台发布红色预警"
    rumor, same = seen(1, RUMOR, title="乙"), seen(2, RUMOR, title="甲")
    assert weigh([rumor, same]) == weigh([same, rumor])
    assert (
        weigh([rumor, same]).reasons[0].seen == ""
    )  # the first story, which gives the title, is one as well
    assert "seen" not in weigh(a_flood()).reasons[0].to_json()


def test_a_level_counts_instead_of_the_bare_emergency() -> None:
    found = weigh(a_red_warning_of_the_observatory())
    assert codes(found) == ["emergency_level", "authority", "hazard"]
    assert found.reasons[0].words == ("red",)


def test_a_warning_that_is_taken_back_raises_no_alarm() -> None:
    assert codes(weigh([seen(1, RAIN_OVER)])) == []


def test_a_refutation_halves_only_the_rumors_own_points() -> None:
    rumor, refuted = weigh(a_rumor()), weigh([*a_rumor(), seen(2, DEBUNK)])
    assert {"debunked", "debunk", "rumor_style"} <= set(codes(refuted))
    assert refuted.score < rumor.score
    assert refuted.score >= FLOOR


def test_the_same_story_in_three_sources_within_an_hour_grows() -> None:
    found = weigh([seen(n, FLOOD) for n in (1, 2, 3)])
    assert {"sources", "growth"} <= set(codes(found))
    twice_by_one = weigh([seen(n, FLOOD, source="one") for n in (1, 2)])
    assert not {"sources", "growth"} & set(codes(twice_by_one))


@pytest.mark.parametrize("found", [None, assessment(model="rules")])
def test_without_a_model_the_desk_is_told_and_nothing_else_changes(found: None) -> None:
    priority = weigh([seen(1, found)])
    assert codes(priority) == ["no_model"]
    assert priority.score == 0


def test_an_earlier_answer_an_incident_and_a_return_count() -> None:
    around = Surroundings(known_score=0.91, recurring=True, incident=True)
    found = weigh(a_rumor(), around)
    assert {"known_claim", "recurring", "incident"} <= set(codes(found))
    assert next(r.words for r in found.reasons if r.code == "known_claim") == ("0.91",)


def test_a_question_in_the_news_belongs_before_an_editor() -> None:
    asks = seen(1, NEWS, title="隔夜菜会致癌？是真的吗")
    assert codes(weigh([asks])) == ["question"]
    assert asks.leaning == "question"


def test_a_refutation_is_never_called_a_rumor() -> None:
    both = assessment(rumor=Signal(0.9, False), debunk=Signal(0.9, True))
    assert seen(1, both).leaning == "debunk"
