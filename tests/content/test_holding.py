"""Texts to begin holding statements and corrections from."""

from __future__ import annotations

import pytest

from classifiers.taxonomy import HAZARDS
from content import checks, holding
from content.pieces import PieceKind
from tests.writing import REBUTTAL

CLAIM = "上游工厂泄漏，全市自来水有毒，明天起停水三天"


@pytest.mark.parametrize("hazard", [*HAZARDS, None])
def test_a_holding_statement_is_ready_for_every_hazard_once_the_claim_is_there(hazard: str | None) -> None:
    body = holding.text_for(hazard).model_copy(update={"claim": CLAIM, "audiences": ("elderly", "farmers")})
    assert checks.problems(PieceKind.HOLDING, body) == []
    assert body.verdict is None
    assert "核实" in body.title
    assert "不要转发" in body.todo or "不转发" in body.title


def test_every_hazard_has_words_of_its_own() -> None:
    general = holding.text_for(None)
    assert [hazard for hazard in HAZARDS if holding.text_for(hazard) == general] == []


@pytest.mark.parametrize("kind", ["rebuttal", "explainer", "holding"])
def test_a_correction_begins_with_a_note_that_must_be_filled_in(kind: str) -> None:
    body = REBUTTAL.model_copy(update={"correction_note": holding.correction_note(kind)})
    found = checks.blocking(checks.problems(PieceKind.CORRECTION, body, original="rebuttal"))
    assert [(p.code, p.field) for p in found] == [("unfilled", "correction_note")]
