"""Which channel takes what, and from when."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest

from content.publications import Publication
from content.routing import Outlet, not_before, takes
from tests.writing import REBUTTAL

NOW = datetime(2026, 11, 24, 16, 30, tzinfo=UTC)  # half past midnight on the 25th in the city
ZONE = ZoneInfo("Asia/Shanghai")


def publication(exercise: bool = False, type: str = "publish", **body: Any) -> Publication:
    text = REBUTTAL.model_copy(update=body).model_dump(mode="json")
    return Publication(
        id=uuid4(), public_id="abc", version=1, sequence=1, type=type, piece_id=uuid4(), revision=1, sha256="0" * 64,
        snapshot={"kind": "rebuttal", "body": text}, exercise=exercise, published_at=NOW, issued_at=NOW, by_id=uuid4(),
    )  # fmt: skip


def routed(**rules: list[str]) -> Outlet:
    return Outlet("webhook", {"routing": rules})


def test_a_channel_without_rules_takes_everything() -> None:
    assert takes(Outlet("webhook", {}), publication())


@pytest.mark.parametrize(
    ("rules", "taken"),
    [
        ({"kinds": ["rebuttal"]}, True),
        ({"kinds": ["explainer"]}, False),
        ({"topics": ["health", "food"]}, True),
        ({"topics": ["energy"]}, False),
        ({"audiences": ["elderly"]}, False),
        ({"audiences": ["general"]}, True),
        ({"hazards": ["flood"]}, False),
        ({"kinds": ["rebuttal"], "topics": ["energy"]}, False),
    ],
)
def test_all_rules_of_a_channel_must_match(rules: dict[str, list[str]], taken: bool) -> None:
    assert takes(routed(**rules), publication()) is taken


@pytest.mark.parametrize(
    ("places", "taken"),
    [
        (["360902"], True),
        (["360921"], False),
        (["360900"], True),
        ([], True),
        (["360921", "360902"], True),
        (["360902105"], True),
    ],
)
def test_a_countys_channel_takes_its_own_places_and_the_whole_city(places: list[str], taken: bool) -> None:
    assert takes(routed(regions=["360902"]), publication(regions=tuple(places))) is taken


def test_an_exercise_reaches_exercise_channels_only_and_never_the_site() -> None:
    drill = Outlet("webhook", {"exercise": True})
    assert takes(drill, publication(exercise=True))
    assert not takes(drill, publication())
    assert not takes(Outlet("webhook", {}), publication(exercise=True))
    assert not takes(Outlet("site", {}), publication(exercise=True))
    assert takes(Outlet("site", {}), publication())


def test_a_channel_that_is_switched_off_takes_nothing() -> None:
    assert not takes(Outlet("webhook", {}, enabled=False), publication())


def test_everyday_news_waits_for_the_morning_and_urgent_news_does_not() -> None:
    quiet = Outlet("webhook", {"quiet": ["22:00", "07:00"]})
    morning = datetime(2026, 11, 25, 7, 0, tzinfo=ZONE)
    assert not_before(quiet, publication(), 0, NOW, ZONE) == morning
    assert not_before(quiet, publication(), 10, NOW, ZONE) == NOW
    assert not_before(quiet, publication(type="correct"), 0, NOW, ZONE) == NOW
    evening = datetime(2026, 11, 24, 23, 0, tzinfo=ZONE)
    assert not_before(quiet, publication(), 0, evening, ZONE) == morning
    noon = datetime(2026, 11, 24, 12, 0, tzinfo=ZONE)
    assert not_before(quiet, publication(), 0, noon, ZONE) == noon
