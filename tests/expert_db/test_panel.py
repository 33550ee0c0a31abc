"""The joint assignment: never worse than one by one, better when experts are few, never over anybody's limit."""

from __future__ import annotations

from collections import Counter

import numpy as np

from expert_db.directory import Directory
from expert_db.panel import FORBIDDEN, assign, best, greedy, total
from expert_db.roster import Record
from tests.expert_db.people import ZONE, crowd, need, needs, person


def test_in_a_thousand_random_instances_it_is_never_worse_than_greedy() -> None:
    chance = np.random.default_rng(20261124)
    gains = []
    for _ in range(1000):
        rows, columns = chance.integers(1, 15), chance.integers(1, 15)
        scores = chance.integers(-20, 100, (rows, columns)).astype(float)
        scores[chance.random((rows, columns)) < 0.3] = FORBIDDEN
        free = chance.integers(0, 3, columns)
        joint, alone = best(scores, free), greedy(scores, free)
        for picked in (joint, alone):
            used = Counter(number for number in picked if number is not None)
            assert all(times <= free[number] for number, times in used.items())
        assert total(scores, joint) >= total(scores, alone)
        gains.append((total(scores, joint), total(scores, alone)))
    assert sum(joint for joint, _ in gains) > sum(alone for _, alone in gains)


def test_when_load_is_tight_it_is_five_percent_better_on_average() -> None:
    chance = np.random.default_rng(7)
    joint_sum = alone_sum = 0.0
    for _ in range(200):
        # As many places as cases, and everybody's first choice is among the same few.
        scores = chance.integers(0, 40, (12, 12)) + np.linspace(40, 0, 12)[None, :] * chance.random((12, 1))
        free = np.ones(12, dtype=np.int64)
        joint_sum += total(scores, best(scores, free))
        alone_sum += total(scores, greedy(scores, free))
    assert joint_sum >= 1.05 * alone_sum


def test_nobody_gets_more_than_the_limit_and_nobody_walled_gets_anything() -> None:
    people = crowd(80)
    directory = Directory(people)
    records = {one.id: Record(open=1) for one in people[::2]}
    panel = assign(needs(40), directory, records, ZONE)
    used = Counter(one.expert_id for one in panel.chosen if one)
    for expert, times in used.items():
        profile = directory.profiles[directory.position[expert]]
        assert records.get(expert, Record()).open + times <= profile.load_limit
        assert profile.consent
    assert panel.total == sum(one.score for one in panel.chosen if one)
    assert panel.total > 0


def test_two_cases_and_one_place_go_to_the_better_pair() -> None:
    only = person(1, load_limit=1, regions=("360902",))
    there, elsewhere = need(), need(regions=("360983",))
    panel = assign([elsewhere, there], Directory([only]), {}, ZONE)
    assert [one is not None for one in panel.chosen] == [False, True]


def test_without_cases_or_experts_nobody_is_chosen() -> None:
    assert assign([], Directory([person(1)]), {}, ZONE).chosen == ()
    assert assign([need()], Directory([]), {}, ZONE).chosen == (None,)
