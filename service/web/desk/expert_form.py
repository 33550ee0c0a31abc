"""The form of an expert: its texts are written as in the spreadsheet's cells, so that both are learnt once.

    row → shown → the form        the form → read → raw values and what is wrong, field by field

Does not save and does not show contact data: empty fields leave the stored one alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from multidict import MultiDictProxy

from expert_db import consent as consents
from expert_db.cells import CellError, read_date
from expert_db.drafts import ExpertDraft, draft_of
from expert_db.experts import Expert
from expert_db.sheet_columns import BY_HEADING, Regions

TEXTS: Final = (
    "name", "title", "unit", "disciplines", "regions", "skills", "languages", "profile", "publications", "on_call", "away",
    "load_limit", "conflicts", "term_start", "term_end",
)  # fmt: skip
PICKED: Final = ("kind", "tier")
CHOSEN: Final = ("hazards", "topics", "audiences")
CONTACT: Final = ("phone", "email")


@dataclass(frozen=True)
class Agreement:
    """One line of the consent as it stands in the form; dates as typed."""

    given: bool = False
    on: str = ""
    until: str = ""


@dataclass(frozen=True)
class Typed:
    """What stands in the form."""

    texts: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    consent: Mapping[str, Agreement]
    drop_contact: bool = False


@dataclass(frozen=True)
class Read:
    """The values that `experts.create` and `edit` take; `wrong` is a code by field, empty when all can be read."""

    values: Mapping[str, Any]
    wrong: Mapping[str, str]


def shown(row: Expert | None, regions: Regions) -> Typed:
    """The form of a stored expert, or an empty one."""
    draft = draft_of(row) if row else ExpertDraft(name="-")
    texts = {key: BY_HEADING[key].write(getattr(draft, key), regions) for key in TEXTS}
    if row is None:
        texts["name"] = ""
    return Typed(
        texts=texts | {key: str(getattr(draft, key)) for key in PICKED} | dict.fromkeys(CONTACT, ""),
        chosen={key: tuple(getattr(draft, key)) for key in CHOSEN},
        consent={field: _agreement(draft.consent.get(field)) for field in consents.FIELDS},
    )


def typed(fields: MultiDictProxy[str]) -> Typed:
    """The form as it was sent."""
    return Typed(
        texts={key: fields.get(key, "") for key in (*TEXTS, *PICKED, *CONTACT)},
        chosen={key: tuple(fields.getall(key, [])) for key in CHOSEN},
        consent={
            field: Agreement(
                bool(fields.get(f"{field}_given")),
                fields.get(f"{field}_on", "").strip(),
                fields.get(f"{field}_until", "").strip(),
            )
            for field in consents.FIELDS
        },
        drop_contact=bool(fields.get("drop_contact")),
    )


def read(form: Typed, before: Mapping[str, Any], regions: Regions, today: date) -> Read:
    """Values out of a form; `before` is the stored consent, whose records stay where the form says the same."""
    values: dict[str, Any] = {**form.chosen}
    wrong: dict[str, str] = {}
    for key in (*TEXTS, *PICKED):
        try:
            values[key] = BY_HEADING[key].read(form.texts[key].strip(), regions)
        except CellError as error:
            wrong[key] = error.code
    try:
        values["consent"] = _consent(form.consent, before, today)
    except CellError as error:
        wrong["consent"] = error.code
    contact = {key: form.texts[key].strip() for key in CONTACT}
    if any(contact.values()) or form.drop_contact:
        values["contact"] = dict.fromkeys(CONTACT, "") if form.drop_contact else contact
    return Read(values, wrong)


def _agreement(record: Any) -> Agreement:
    if not isinstance(record, Mapping):
        return Agreement(given=record is True)
    return Agreement(record.get("given") is True, str(record.get("on") or ""), str(record.get("until") or ""))


def _consent(form: Mapping[str, Agreement], before: Mapping[str, Any], today: date) -> Mapping[str, Any]:
    found: Mapping[str, Any] = dict(before)
    for field, said in form.items():
        was = _agreement(before.get(field))
        if said == was or not (said.given or was.given):
            continue
        if not said.given:
            found = consents.take_back(found, field, today)
            continue
        since = read_date(said.on) if said.on else today
        until = read_date(said.until) if said.until else None
        if until is not None and until < since:
            raise CellError("bad_range", field)
        found = consents.give(found, field, since, until)
    return found
