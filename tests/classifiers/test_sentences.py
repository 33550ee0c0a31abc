"""Our own sentences: every kind is there in both answers, and nothing is learned that a test asks."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from classifiers import features
from classifiers.examples import Example
from classifiers.sentences.compose import HERE
from classifiers.taxonomy import HAZARDS
from service.cli import labelled

ASKED = ("told.tsv", "told_later.tsv")
_SHARED = 10
"""So many characters in a row that a sentence to learn from and one to ask have in common make them one sentence."""


def read(name: str) -> list[Example]:
    return list(labelled.read(HERE / "labelled" / f"{name}.tsv"))


def runs(text: str) -> set[str]:
    letters = re.sub(r"[\W_]+", "", text)
    return {letters[at : at + _SHARED] for at in range(len(letters) - _SHARED + 1)}


def test_freely_told_emergencies_cover_every_hazard_and_quiet_tellings_stand_beside_them() -> None:
    told = read("told_freely")
    by_hazard = Counter(one.hazard for one in told if one.emergency == 1)
    assert set(by_hazard) == set(HAZARDS)
    assert min(by_hazard.values()) >= 5
    assert sum(one.emergency == 0 for one in told) >= 150
    assert all(one.hazard is None for one in told if one.emergency == 0)
    assert len({one.joined for one in told}) == len(told)


def test_no_telling_to_learn_from_is_one_that_a_test_asks() -> None:
    asked = [(Path(__file__).parent / name).read_text("utf-8").splitlines() for name in ASKED]
    known = {run for lines in asked for line in lines for run in runs(line.split("\t")[2])}
    learned = [one for name in ("told_freely", "told_emergencies", "told_quiet") for one in read(name)]
    assert len(known) > 1_000
    assert [one.joined for one in learned if runs(one.joined) & known] == []


def test_messages_that_are_passed_on_are_there_in_both_answers_and_every_shape() -> None:
    for name, answer in (("forwarded_ordinary", 0), ("forwarded_rumors", 1)):
        messages = read(name)
        assert len({one.joined for one in messages}) == len(messages) >= 250
        assert {one.rumor for one in messages} == {answer}
        several = sum("\n" in one.joined for one in messages) / len(messages)
        addresses = sum(features.may_have_address(one.joined) for one in messages)
        assert 0.55 < several < 0.75
        assert addresses >= 10


def test_refutations_that_only_explain_stand_beside_science_and_claims_in_the_words_of_a_denial() -> None:
    refuted, plain, claims = map(read, ("refuted_by_explaining", "science_plain", "rumor_claims_that_deny"))
    assert [len(refuted) >= 200, len(plain) >= 100, len(claims) >= 60] == [True] * 3
    assert {(one.rumor, one.debunk) for one in refuted} == {(0, 1)}
    assert not [one.joined for one in refuted if re.search("谣|不实|虚假", one.joined)]
    assert {(one.rumor, one.debunk) for one in plain} == {(0, 0)}
    assert {(one.rumor, one.debunk) for one in claims} == {(1, 0)}
    denying = [one for one in claims if re.search("不|没|别|无", one.joined)]
    assert len(denying) > 0.9 * len(claims)
