"""Does the right expert come up? Invented cases with the right experts named by hand, over the demo directory.

`tune` was looked at while weights and word list were made. `figure` was meant for the figure alone, but it was seen once on the way, so
its share may be flattered. `fresh` was written after everything was fixed: it is the honest half.
"""

from __future__ import annotations

import json
from typing import Any

from expert_db.directory import Directory
from expert_db.match import rank
from tests.expert_db.people import CASES, NOW, ZONE, demo_profiles, need


def cases(*halves: str) -> list[dict[str, Any]]:
    rows = [json.loads(line) for line in CASES.read_text("utf-8").splitlines()]
    return [row for row in rows if row["half"] in halves]


def found(row: dict[str, Any], directory: Directory, first: int = 3) -> bool:
    wanted = need(
        text=row["text"],
        when=NOW,
        kind=row["kind"],
        hazard=row["hazard"],
        topics=tuple(row["topics"]),
        regions=tuple(row["regions"]),
        audiences=tuple(row["audiences"]),
    )
    names = [one.profile.name for one in rank(wanted, directory, {}, ZONE, limit=first)]
    return any(name in names for name in row["right"])


def test_the_right_expert_is_among_the_first_three_for_95_percent() -> None:
    judged = cases("figure", "fresh")
    assert len(judged) >= 120
    # Equal scores are ordered by random id: the worst of five directories counts.
    shares = [
        sum(found(row, directory) for row in judged) / len(judged)
        for directory in (Directory(demo_profiles(seed)) for seed in range(1, 6))
    ]
    assert min(shares) >= 0.95, shares


def test_every_named_expert_is_in_the_demo_directory() -> None:
    names = {one.name for one in demo_profiles()}
    assert {name for row in cases("tune", "figure", "fresh") for name in row["right"]} <= names


def test_the_demo_directory_leaves_no_hazard_without_an_expert() -> None:
    hazards = {hazard for one in demo_profiles() if one.kind == "person" for hazard in one.hazards}
    assert len(hazards) == 26
