"""Interface texts: both languages complete, catalogues fresh, codes named."""

from __future__ import annotations

import re

import pytest

from classifiers import taxonomy
from content.case_states import CaseState
from content.delivery_states import DeliveryState
from content.incident_states import IncidentState
from content.permissions import ACTS, Role
from content.piece_states import PieceState
from content.pieces import PieceKind
from content.publications import PublicationType
from expert_db.assignment_states import AssignmentState
from service.pages import i18n, labels, words_audit
from service.settings import ROOT
from service.web.locale import build

TEMPLATES = ROOT / "service" / "web" / "templates"


def test_every_interface_text_has_an_english_translation() -> None:
    assert build.missing("en") == []


def test_the_catalogues_are_as_make_i18n_writes_them() -> None:
    stale = [path.name for path, content in build.catalogues("en").items() if path.read_bytes() != content]
    assert not stale, "run `make i18n`"


def test_no_english_translation_is_chinese() -> None:
    def chinese(text: object) -> bool:
        return any("一" <= sign <= "鿿" for sign in str(text))

    assert [m.id for m in i18n.merged_catalogue("en") if m.id and chinese(m.string)] == []


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("case", CaseState),
        ("piece", PieceState),
        ("piece_kind", PieceKind),
        ("delivery", DeliveryState),
        ("publication", PublicationType),
        ("assignment", AssignmentState),
        ("incident", IncidentState),
        ("role", Role),
        ("verdict", taxonomy.VERDICTS),
    ],
)
@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_every_code_has_a_name(kind: str, codes: list[str], locale: str) -> None:
    names = [labels.label(str(code), kind, locale) for code in codes]
    assert all(name and name not in map(str, codes) for name in names)


def test_one_chinese_word_may_have_two_english_ones() -> None:
    assert labels.label("editor", "role", "zh") == "编辑"
    assert labels.label("editor", "role", "en") == "Editor"


def test_an_unknown_code_is_shown_as_it_is() -> None:
    assert labels.label("martian", "hazard", "zh") == "martian"
    assert labels.label(None, "hazard", "zh") == ""


def test_a_text_of_two_parts_belongs_to_the_common_catalogue() -> None:
    assert build.owner({"web/templates/desk/a.html"}) == "desk"
    assert build.owner({"web/templates/desk/a.html", "web/public/b.py"}) == "common"
    assert build.owner({"web/templates/base.html"}) == "common"


def test_every_act_of_a_cases_history_has_a_name() -> None:
    """The history of a case shows acts as words; a new act must not appear there as its code."""
    told = re.compile(r'"((?:case|clock|calendar|opinion|assignment|piece|draft|delivery)\.[a-z_]+)"')
    written = {
        act
        for path in (ROOT / "service/usecases").glob("*.py")
        for act in told.findall(path.read_text("utf-8"))
    }
    assert written - {"calendar.toml"} - set(ACTS) - set(words_audit.WORDS["audit_act"]) == set()


@pytest.mark.parametrize("locale", i18n.LOCALES)
def test_answers_of_channels_are_told_in_words(locale: str) -> None:
    """Every code that a channel of ours gives by itself; the other side's own codes stay as they are."""
    raised = re.compile(r'(?:Temporary|Permanent|Unknown|Underway)\("([a-z_]+)"|Sent\(code="([a-z_]+)"')
    found = {
        one or other
        for path in (ROOT / "service/channels").glob("*.py")
        for one, other in raised.findall(path.read_text("utf-8"))
    }
    assert "by_hand" in found
    assert [code for code in sorted(found) if labels.label(code, "channel_answer", locale) == code] == []


def test_stops_between_words_are_translated_too() -> None:
    """A 、 or ： that stands in a template by itself stays Chinese on English pages."""
    said = re.compile(r'n?gettext\([^)]*\)|_\("[^"]*"|\{#.*?#\}', re.DOTALL)
    found = {
        str(path.relative_to(TEMPLATES)): re.findall(r".{0,20}[、：].{0,20}", rest)
        for path in sorted(TEMPLATES.rglob("*.html"))
        if re.search("[、：]", rest := said.sub("", path.read_text("utf-8")))
    }
    assert found == {}
