"""What stands between the desk's decisions and a new model: label checks, the gate, drift."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from classifiers import drift, gate, labels, model_file
from classifiers.examples import Example
from classifiers.labels import Decision
from classifiers.model import Model
from classifiers.sentences.compose import HERE
from classifiers.text import Text
from service.cli import labelled

START = datetime(2026, 6, 1, tzinfo=UTC)


def decisions(number: int = 80) -> list[Decision]:
    """A healthy desk: three editors, eight sources, both answers, spread over weeks."""
    return [
        Decision(
            task="rumor",
            answer=i % 2,
            source=f"source{i // 2 % 8}",
            editor=f"editor{i // 2 % 3}",
            cluster=f"text{i}",
            at=START + timedelta(hours=7 * i),
        )
        for i in range(number)
    ]


def kinds(found: list[labels.Worry]) -> set[str]:
    return {worry.kind for worry in found}


def test_a_healthy_desk_worries_nobody() -> None:
    assert labels.worries(decisions()) == []
    assert labels.worries([]) == []


def test_copies_of_one_text_are_one_text() -> None:
    assert kinds(labels.worries([replace(d, cluster="same") for d in decisions()])) == {"too_few"}


def test_one_sided_labels_are_seen() -> None:
    assert "one_sided" in kinds(labels.worries([replace(d, answer=1) for d in decisions()]))


def test_a_campaign_from_one_source_is_seen() -> None:
    poisoned = [replace(d, source="farm") if d.answer else d for d in decisions()]
    assert kinds(labels.worries(poisoned)) == {"few_sources"}


def test_one_editor_with_an_agenda_is_seen() -> None:
    agenda = [replace(d, editor="mallory") if d.answer else d for d in decisions()]
    assert kinds(labels.worries(agenda)) == {"one_editor"}


def test_a_flood_of_decisions_is_seen() -> None:
    flood = [replace(d, at=START + timedelta(seconds=i)) for i, d in enumerate(decisions())]
    assert "flood" in kinds(labels.worries(flood))


def test_answers_both_ways_are_seen() -> None:
    both = decisions() + [replace(d, answer=1 - d.answer) for d in decisions()[:20]]
    assert kinds(labels.worries(both)) == {"contradictions"}


@pytest.fixture(scope="module")
def shipped() -> Model:
    return model_file.load(model_file.SHIPPED)


@pytest.fixture(scope="module")
def held_out() -> list[Example]:
    paths = labelled.files([HERE / "labelled"])
    return [example for path in paths for example in labelled.read(path)][::9]


@pytest.fixture(scope="module")
def canaries() -> list[Example]:
    return list(labelled.read(HERE / "canaries.tsv"))


def bent(model: Model, task: str, **change: float) -> Model:
    """The model with every column of a task changed."""
    spaces = tuple(
        replace(s, columns=tuple(replace(c, **change) if c.task == task else c for c in s.columns))  # type: ignore[arg-type]
        for s in model.spaces
    )
    return replace(model, spaces=spaces)


def test_the_same_model_again_is_promoted(
    shipped: Model, held_out: list[Example], canaries: list[Example]
) -> None:
    decision = gate.decide(shipped, shipped, held_out, canaries)
    assert decision.promote, decision.reasons
    assert gate.as_text(decision).startswith("promote")


def test_a_model_that_sleeps_is_refused(
    shipped: Model, held_out: list[Example], canaries: list[Example]
) -> None:
    decision = gate.decide(shipped, bent(shipped, "emergency", threshold=0.9999999), held_out, canaries)
    assert not decision.promote
    assert any("canary" in reason for reason in decision.reasons)
    assert any("emergency" in reason and "macro_f1" in reason for reason in decision.reasons)


def test_a_model_that_cries_wolf_is_refused(
    shipped: Model, held_out: list[Example], canaries: list[Example]
) -> None:
    decision = gate.decide(shipped, bent(shipped, "rumor", threshold=0.0001), held_out, canaries)
    assert any("false_alarms" in reason for reason in decision.reasons)
    assert gate.as_text(decision).startswith("refuse")


def test_too_little_held_out_is_refused(shipped: Model, canaries: list[Example]) -> None:
    assert not gate.decide(shipped, shipped, canaries[:10], canaries).promote


def test_without_a_shipped_model_the_rules_are_the_bar(
    shipped: Model, held_out: list[Example], canaries: list[Example]
) -> None:
    decision = gate.decide(None, shipped, held_out, canaries)
    better = {
        one.task for one in decision.findings if one.figure == "macro_f1" and one.candidate > one.shipped
    }
    assert better == {"rumor", "debunk", "emergency"}
    # The rules alone call next to nothing a rumor, so they raise no false alarm either.
    assert [why for why in decision.reasons if not why.startswith("rumor: false_alarms")] == []


def stream(words: str, score: float, number: int = 60) -> list[tuple[str, float]]:
    return [(f"{words}第{i}天", min(1.0, score + i / 1000)) for i in range(number)]


def test_the_same_stream_is_calm() -> None:
    found = drift.compare(stream("今天下雨", 0.2), stream("今天下雨", 0.2), ["今天", "下雨"], 0.5)
    assert found.score_index == pytest.approx(0)
    assert found.verdict == "calm"
    assert found.rising == ()


def test_a_new_subject_is_seen_with_its_word() -> None:
    found = drift.compare(stream("今天下雨", 0.2), stream("鼠疫传开了", 0.7), ["今天", "下雨"], 0.5)
    assert found.verdict == "alarming"
    assert (found.flags_before, found.flags_now) == (0.0, 1.0)
    assert found.unknown_now > found.unknown_before
    assert "鼠疫" in {rising.word for rising in found.rising}


def test_nothing_to_compare_is_calm() -> None:
    assert drift.compare([], stream("下雨", 0.2), [], 0.5).verdict == "calm"
    assert drift.compare([], [], [], 0.5).rising == ()


def test_an_unlabelled_example_concerns_no_task(shipped: Model) -> None:
    nothing = [Example(str(i), Text("", f"第{i}天")) for i in range(60)]
    assert gate.decide(shipped, shipped, nothing, []).findings == ()
