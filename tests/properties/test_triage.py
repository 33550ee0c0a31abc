"""Triage and priority for any stories, in any order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from classifiers.signals import Assessment, Emergency, Signal
from content.asking import Asked
from content.case_states import CaseState
from content.case_summary import summarise
from content.priority import Surroundings, weigh
from content.sightings import Sighting, SightingKind
from content.triage import AtAddress, Home, Homes, Tie, TieKind, plan
from tests.conftest import START
from tests.content.sighting_examples import assessment, sighting_id

scores = st.floats(0, 1, allow_nan=False)
levels = st.sampled_from([None, "red", "orange", "yellow", "blue"])
hazards = st.sampled_from([None, "flood", "rainstorm", "traffic", "fraud"])
LEVEL_UP = {None: "blue", "blue": "yellow", "yellow": "orange", "orange": "red", "red": "red"}


@st.composite
def assessments(draw: st.DrawFn) -> Assessment:
    debunk = Signal(draw(scores), draw(st.booleans()))
    rumor = Signal(draw(scores), draw(st.booleans()) and not debunk.flag)
    hazard, level = draw(hazards), draw(levels)
    emergency = Emergency(draw(scores), draw(st.booleans()), None, hazard, level)
    return assessment(rumor, debunk, emergency, draw(st.sampled_from([(), ("360902",)])))


@st.composite
def sightings(draw: st.DrawFn) -> list[Sighting]:
    count = draw(st.integers(1, 8))
    return [
        Sighting(
            id=sighting_id(number + 1),
            kind=draw(st.sampled_from(list(SightingKind))),
            source=draw(st.sampled_from("abc")),
            seen_at=START + timedelta(minutes=draw(st.integers(0, 900))),
            authority=draw(st.booleans()),
            url=draw(st.sampled_from([None, "https://a.example/1", "https://a.example/2"])),
            story=draw(st.sampled_from([None, "s:1"])),
            revision=draw(st.integers(1, 3)),
            assessment=draw(st.none() | assessments()),
        )
        for number in range(count)
    ]


arounds = st.builds(
    Surroundings, known_score=st.none() | scores, recurring=st.booleans(), incident=st.booleans()
)


@given(sightings(), arounds)
def test_the_reasons_add_up_to_the_score(seen: list[Sighting], around: Surroundings) -> None:
    found = weigh(seen, around)
    assert found.score == sum(reason.points for reason in found.reasons)
    assert found.score >= 0
    codes = [reason.code for reason in found.reasons]
    assert len(codes) == len(set(codes))


@given(sightings(), arounds, st.randoms())
def test_the_order_of_sightings_does_not_matter(
    seen: list[Sighting], around: Surroundings, rng: object
) -> None:
    shuffled = list(seen)
    rng.shuffle(shuffled)  # type: ignore[attr-defined]
    assert summarise(shuffled, around) == summarise(seen, around)


def redder(sighting: Sighting, what: str) -> Sighting:
    """The same sighting with one more red flag."""
    found = sighting.assessment or assessment()
    emergency = found.emergency
    match what:
        case "authority":
            return replace(sighting, authority=True)
        case "rumor" if not found.debunk.flag:
            return replace(sighting, assessment=replace(found, rumor=replace(found.rumor, flag=True)))
        case "rumor_score":
            higher = replace(found.rumor, score=min(1.0, found.rumor.score + 0.2))
            return replace(sighting, assessment=replace(found, rumor=higher))
        case "emergency":
            return replace(sighting, assessment=replace(found, emergency=replace(emergency, flag=True)))
        case "level":
            higher_level = replace(emergency, level=LEVEL_UP[emergency.level])
            return replace(sighting, assessment=replace(found, emergency=higher_level))
        case "hazard":
            worse = replace(emergency, hazard=emergency.hazard or "flood")
            return replace(sighting, assessment=replace(found, emergency=worse))
        case "region":
            return replace(sighting, assessment=replace(found, regions=("360902",)))
    return sighting


FLAGS = ["authority", "rumor", "rumor_score", "emergency", "level", "hazard", "region"]


@given(sightings(), arounds, st.sampled_from(FLAGS), st.integers(0, 7))
def test_one_more_red_flag_never_lowers_a_priority(
    seen: list[Sighting], around: Surroundings, what: str, which: int
) -> None:
    before = weigh(seen, around).score
    which %= len(seen)
    after = weigh([*seen[:which], redder(seen[which], what), *seen[which + 1 :]], around).score
    assert after >= before


@given(sightings(), arounds, assessments(), st.sampled_from(list(SightingKind)))
def test_one_more_sighting_lowers_a_priority_only_when_it_refutes(
    seen: list[Sighting], around: Surroundings, found: Assessment, kind: str
) -> None:
    quiet = replace(found, debunk=Signal(0.0, False))
    more = Sighting(sighting_id(99), kind, "z", START, assessment=quiet)
    assert weigh([*seen, more], around).score >= weigh(seen, around).score


@given(sightings(), arounds, st.sampled_from(["known_score", "recurring", "incident"]))
def test_what_surrounds_a_case_only_raises_it(seen: list[Sighting], around: Surroundings, what: str) -> None:
    raised = {
        "known_score": replace(around, known_score=0.8),
        "recurring": replace(around, recurring=True),
        "incident": replace(around, incident=True),
    }
    more = raised[what]
    assert weigh(seen, more).score >= weigh(seen, around).score


states = st.sampled_from([s for s in CaseState if s != CaseState.MERGED])
kinds = st.sampled_from(["news", "debunk", "question", "rumor", "emergency"])


@given(
    sightings(),
    states,
    kinds,
    st.lists(st.tuples(st.integers(0, 9), st.integers(0, 9), st.sampled_from(TieKind))),
)
def test_every_sighting_has_exactly_one_case_whatever_it_resembles(
    seen: list[Sighting], state: CaseState, kind: str, drawn: list[tuple[int, int, TieKind]]
) -> None:
    earlier, case = sighting_id(50), sighting_id(51)
    there = {"https://a.example/1": (AtAddress(case, Asked("水库泄洪", False)),)}
    homes = Homes({earlier: case}, there, {}, {case: Home(case, kind, state)})
    ties: dict[object, list[Tie]] = {}
    for one, other, tie in drawn:
        target = case if tie == TieKind.CLAIM else earlier if other == 0 else sighting_id(other)
        ties.setdefault(sighting_id(one), []).append(Tie(target, tie))
    decided = plan(seen, ties, homes)  # type: ignore[arg-type]
    assert sorted(p.sighting for p in decided.placements) == sorted(s.id for s in seen)
    opened = {opening.case for opening in decided.openings}
    assert {p.case for p in decided.placements} <= opened | {case}
    assert opened == {p.case for p in decided.placements if p.because is None}
    assert plan(list(reversed(seen)), ties, homes) == decided  # type: ignore[arg-type]
