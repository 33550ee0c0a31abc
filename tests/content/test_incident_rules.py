"""Who may change gear, what belongs to an incident, and that every change is put back in whatever order incidents end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classifiers.signals import Assessment, Emergency, Signal
from classifiers.signals import Warning as Official
from content import incident_rules as rules
from content.cases import CaseKind
from content.incident_changes import Change, apply, unwind
from content.incident_states import IncidentState
from content.incidents import Incident
from content.permissions import Actor
from content.sightings import Sighting, SightingKind

NOW = datetime(2026, 6, 20, 2, 0, tzinfo=UTC)
CITY = "360900"


def person() -> Actor:
    return Actor(id=uuid4(), name="李编辑", roles=frozenset({"editor"}))


def incident(**fields: object) -> Incident:
    values: dict[str, Any] = {
        "id": uuid4(),
        "name": "靖安县暴雨红色预警",
        "hazard": "rainstorm",
        "category": "natural_disaster",
        "regions": ["360925"],
        "case_id": uuid4(),
        "proposed_at": NOW,
        "created_at": NOW,
        "updated_at": NOW,
        **fields,
    }
    return Incident(**values)


def sighting(
    level: str | None = "red",
    *,
    authority: bool = True,
    kind: str = SightingKind.ITEM,
    action: str = "issue",
    hazard: str = "rainstorm",
    regions: tuple[str, ...] = ("360925",),
) -> Sighting:
    warning = Official(issuer="靖安县气象台", level=level, kind="暴雨", action=action)
    emergency = Emergency(0.99, True, "natural_disaster", hazard, level, (), warning)
    calm = Signal(0.01, False)
    found = Assessment(
        rumor=calm,
        debunk=calm,
        emergency=emergency,
        topics=(),
        audiences=(),
        regions=regions,
        model="test",
    )
    return Sighting(
        id=uuid4(),
        kind=kind,
        source="s",
        seen_at=NOW,
        authority=authority,
        title="靖安县气象台发布暴雨红色预警信号",
        assessment=found,
    )


def test_nobody_activates_what_they_proposed_themselves() -> None:
    me = person()
    with pytest.raises(rules.SecondPerson):
        rules.activate(incident(proposed_by=me.id), me)


def test_a_warning_alone_is_no_first_person() -> None:
    with pytest.raises(rules.SecondPerson):
        rules.activate(incident(), person())


def test_a_second_person_activates() -> None:
    assert rules.activate(incident(proposed_by=uuid4()), person()) == IncidentState.ACTIVE


def test_events_of_social_security_have_no_level() -> None:
    assert rules.checked("抢购食盐", "panic_buying", None, ["360902"]).level is None
    with pytest.raises(rules.BadIncident):
        rules.checked("抢购食盐", "panic_buying", "red", ["360902"])


@pytest.mark.parametrize("level", ["red", "orange"])
def test_an_official_red_or_orange_warning_for_the_city_proposes(level: str) -> None:
    found = rules.proposal_of(sighting(level), CITY)
    assert found is not None
    assert (found.hazard, found.level, found.regions) == ("rainstorm", level, ("360925",))


@pytest.mark.parametrize(
    "seen",
    [
        sighting("yellow"),
        sighting(authority=False),
        sighting(action="cancel"),
        sighting(regions=("360102",)),
        sighting(regions=()),
        sighting(None),
    ],
)
def test_nothing_else_proposes(seen: Sighting) -> None:
    assert rules.proposal_of(seen, CITY) is None


def test_severity_of_the_alert_speaks_when_the_text_names_no_colour() -> None:
    found = rules.proposal_of(sighting(None, kind=SightingKind.ALERT), CITY, "Extreme")
    assert found is not None
    assert found.level == "red"


def test_a_cancellation_is_heard_from_officials_only() -> None:
    assert rules.cancels(sighting(action="cancel"))
    assert not rules.cancels(sighting(action="cancel", authority=False))


def test_a_case_belongs_by_hazard_or_kin_and_place() -> None:
    flood = incident(hazard="flood")
    assert rules.belongs(flood, CaseKind.RUMOR, "rainstorm", ["360925104"])
    assert rules.belongs(flood, CaseKind.RUMOR, "flood", [])
    assert rules.belongs(flood, CaseKind.RUMOR, "flood", ["360900"])
    assert not rules.belongs(flood, CaseKind.RUMOR, "flood", ["360981"])
    assert not rules.belongs(flood, CaseKind.RUMOR, "food_safety", ["360925"])
    assert not rules.belongs(flood, CaseKind.NEWS, "flood", ["360925"])


def test_no_real_case_belongs_to_an_exercise() -> None:
    assert not rules.belongs(incident(exercise=True), CaseKind.RUMOR, "rainstorm", ["360925"])


def test_only_everyday_first_publications_are_held_and_only_by_real_incidents() -> None:
    real, drill = [incident()], [incident(exercise=True)]
    everyday: dict[str, Any] = {"incident": False, "exercise": False, "corrects": False, "kind": "explainer"}
    assert rules.holds(real, **everyday)
    assert not rules.holds(drill, **everyday)
    assert not rules.holds([], **everyday)
    for exempt in ({"incident": True}, {"exercise": True}, {"corrects": True}, {"kind": "holding"}):
        assert not rules.holds(real, **{**everyday, **exempt})


KEYS = ("banner", "source.pace:a", "source.pace:b")
VALUES = st.one_of(st.none(), st.integers(1, 3))


@given(
    start=st.fixed_dictionaries(dict.fromkeys(KEYS, VALUES)),
    wanted=st.lists(st.dictionaries(st.sampled_from(KEYS), VALUES), min_size=1, max_size=5),
    data=st.data(),
)
def test_every_setting_is_as_before_when_all_have_ended_in_any_order(
    start: dict[str, int | None], wanted: list[dict[str, int | None]], data: st.DataObject
) -> None:
    house, active = dict(start), dict[int, tuple[Change, ...]]()
    waiting = list(enumerate(wanted))
    while waiting or active:
        if waiting and (not active or data.draw(st.booleans())):
            number, values = waiting.pop(0)
            active[number] = apply(house, values)
            house |= values
            continue
        number = data.draw(st.sampled_from(sorted(active)))
        ended = active.pop(number)
        later = sorted(other for other in active if other > number)
        found = unwind(ended, [active[other] for other in later], house)
        house |= found.writes
        active |= dict(zip(later, found.layers, strict=True))
        top = {change.key: change.after for _, layer in sorted(active.items()) for change in layer}
        assert house == {**start, **top}
    assert house == start


def test_what_a_person_set_meanwhile_stays() -> None:
    changes = apply({"banner": None}, {"banner": "暴雨"})
    assert unwind(changes, [], {"banner": "有人改过"}).writes == {}


def test_the_earliest_incident_that_fits_takes_a_case() -> None:
    first, second = incident(rank=1), incident(rank=2)
    fits = ("rumor", "rainstorm", ["360925"])
    assert rules.home([second, first], None, *fits) == first.id
    assert rules.home([second, first], second.id, *fits) == second.id
    assert rules.home([first], UUID(int=7), *fits) == first.id
    assert rules.home([], first.id, *fits) is None
