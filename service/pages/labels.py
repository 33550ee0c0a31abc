"""Names of codes, as people read them. Codes travel through the house; words are chosen here and nowhere else.

Kinds of codes that the taxonomy names (topics, hazards, verdicts…) are taken from there; the rest is translated by
gettext with the kind as context (编辑 is a role here and a button elsewhere). An unknown code is shown as it is, so that a new one is visible rather than fatal.
"""

from __future__ import annotations

from collections.abc import Mapping

from classifiers import taxonomy
from content.dismissal import parted
from expert_db import disciplines
from service.pages import (
    words_audit,
    words_channels,
    words_checks,
    words_desk,
    words_errors,
    words_experts,
    words_gear,
    words_states,
)
from service.pages.i18n import gettext, pgettext

TAXONOMY: dict[str, Mapping[str, taxonomy.Name | taxonomy.Hazard]] = {
    "category": taxonomy.CATEGORIES,
    "level": taxonomy.LEVELS,
    "hazard": taxonomy.HAZARDS,
    "topic": taxonomy.TOPICS,
    "audience": taxonomy.AUDIENCES,
    "verdict": taxonomy.VERDICTS,
}

WORDS: dict[str, dict[str, str]] = (
    words_states.WORDS
    | words_audit.WORDS
    | words_channels.WORDS
    | words_desk.WORDS
    | words_checks.WORDS
    | words_errors.WORDS
    | words_experts.WORDS
    | words_gear.WORDS
)


def label(code: str | None, kind: str, locale: str) -> str:
    """The words for `code`, e.g. `label("false", "verdict", "zh")` → 谣言. Empty for None."""
    if not code:
        return ""
    if kind == "discipline":  # a national standard's own names; it has no English
        return disciplines.names().get(code, str(code))
    names = TAXONOMY.get(kind)
    if names is not None:
        name = names.get(code)
        return str(code) if name is None else (name.en if locale == "en" else name.zh)
    text = WORDS.get(kind, {}).get(code)
    return str(code) if text is None else pgettext(locale, kind, text)


def why(reason: str | None, locale: str) -> str:
    """Why a case was closed, in words: a code of ours, a usual reason with what was added to it, or as it was typed."""
    code, note = parted(reason or "")
    if not code:
        return label(reason, "ended", locale)
    words = label(code, "dismissal", locale)
    return f"{words}{gettext(locale, '：')}{note}" if note else words


def options(kind: str, locale: str) -> list[tuple[str, str]]:
    """All codes of a kind with their words, for a `<select>`."""
    return [(code, label(code, kind, locale)) for code in TAXONOMY.get(kind, WORDS.get(kind, {}))]
