"""What somebody writes about an expert: a form, an API call or a line of a spreadsheet, checked and frozen.

The one way into the directory: the table validates nothing by itself. Does not know which division codes exist (the city's
gazetteer does) and does not encrypt.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Annotated, Any, Final, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, model_validator

from classifiers.taxonomy import AUDIENCES, HAZARDS, TOPICS
from expert_db import consent as consents
from expert_db.availability import read_leaves, read_shifts
from expert_db.disciplines import names as discipline_names
from expert_db.errors import BadExpert
from expert_db.experts import Expert, ExpertKind
from expert_db.privacy import Contact, holds_contact

TIERS: Final = ("city", "county", "township")
Words = tuple[str, ...]


def _among(known: Collection[str]) -> Callable[[Words], Words]:
    def check(values: Words) -> Words:
        unknown = [value for value in values if value not in known]
        if unknown:
            raise ValueError(f"unknown: {'、'.join(unknown)}")
        return tuple(dict.fromkeys(values))

    return check


def _region(values: Words) -> Words:
    bad = [value for value in values if not (value.isdigit() and len(value) in (6, 9, 12))]
    if bad:
        raise ValueError(f"not a division code: {'、'.join(bad)}")
    return tuple(dict.fromkeys(values))


def _shifts(value: list[dict[str, Any]]) -> list[dict[str, Any]]:
    read_shifts(value)
    return value


def _leaves(value: list[dict[str, str]]) -> list[dict[str, str]]:
    if any(set(one) != {"from", "to"} for one in value):
        raise ValueError("a leave has 'from' and 'to'")
    read_leaves(value)
    return value


def _plain_words(values: Words) -> Words:
    return tuple(dict.fromkeys(_no_contact(value.strip()) for value in values if value.strip()))


def _no_contact(value: str) -> str:
    # Profiles are shown, matched and exported in the clear; a number typed here would escape encryption.
    if holds_contact(value):
        raise ValueError("contact data belongs in the contact fields")
    return value


def _consent(value: dict[str, Any]) -> dict[str, Any]:
    unknown = [field for field in value if field not in consents.FIELDS]
    if unknown:
        raise ValueError(f"nobody can agree to: {'、'.join(unknown)}")
    for record in value.values():
        if not isinstance(record, bool) and not (isinstance(record, dict) and "given" in record):
            raise ValueError("an agreement is true, false, or a record with 'given'")
        if isinstance(record, dict):
            for key in ("on", "until"):
                if record.get(key):
                    date.fromisoformat(str(record[key]))
    return value


Shown = AfterValidator(_no_contact)


class ExpertDraft(BaseModel):
    """All that can be edited of an expert, in the shapes of the table's columns."""

    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)

    kind: ExpertKind = ExpertKind.PERSON
    name: Annotated[str, Field(min_length=1, max_length=100), Shown]
    title: Annotated[str, Field(max_length=100), Shown] = ""
    unit: Annotated[str, Field(max_length=200), Shown] = ""
    disciplines: Annotated[Words, Field(max_length=20), AfterValidator(_among(discipline_names()))] = ()
    hazards: Annotated[Words, AfterValidator(_among(HAZARDS))] = ()
    topics: Annotated[Words, AfterValidator(_among(TOPICS))] = ()
    regions: Annotated[Words, Field(max_length=300), AfterValidator(_region)] = ()
    tier: Annotated[str, AfterValidator(lambda value: _among(TIERS)((value,))[0])] = "city"
    audiences: Annotated[Words, AfterValidator(_among(AUDIENCES))] = ()
    skills: Annotated[Words, Field(max_length=30), AfterValidator(_plain_words)] = ()
    languages: Annotated[Words, Field(max_length=30), AfterValidator(_plain_words)] = ()
    profile: Annotated[str, Field(max_length=4000), Shown] = ""
    publications: Annotated[str, Field(max_length=8000), Shown] = ""
    on_call: Annotated[list[dict[str, Any]], Field(max_length=20), AfterValidator(_shifts)] = []
    away: Annotated[list[dict[str, str]], Field(max_length=50), AfterValidator(_leaves)] = []
    load_limit: int = Field(default=3, ge=0, le=50)
    conflicts: Annotated[Words, Field(max_length=50), AfterValidator(_plain_words)] = ()
    term_start: date | None = None
    term_end: date | None = None
    consent: Annotated[dict[str, Any], AfterValidator(_consent)] = {}
    contact: Contact | None = None  # None: leave the stored one as it is

    @model_validator(mode="after")
    def _term(self) -> Self:
        if self.term_start and self.term_end and self.term_end < self.term_start:
            raise ValueError("term_end: the term ends before it begins")
        if any(len(one.strip()) < 2 for one in self.conflicts):
            raise ValueError("conflicts: a conflict has at least two characters")
        return self

    def columns(self) -> dict[str, Any]:
        """The table's columns but for contact data, in the shapes they are stored in."""
        values = self.model_dump(exclude={"contact"})
        shapes = {key: list(value) if isinstance(value, tuple) else value for key, value in values.items()}
        return {**shapes, "kind": str(self.kind)}


def read(raw: Mapping[str, Any], base: ExpertDraft | None = None) -> ExpertDraft:
    """The draft that `raw` describes, over `base` when given. BadExpert names the fields at fault, never their contents."""
    before = base.model_dump(exclude={"contact"}) if base else {}
    try:
        return ExpertDraft.model_validate({**before, **raw})
    except ValidationError as error:
        fields = {
            ".".join(str(part) for part in one["loc"]) or str(one["msg"]).split(":")[0]
            for one in error.errors()
        }
        raise BadExpert(fields=sorted(field.removeprefix("Value error, ") for field in fields)) from None


def draft_of(row: Expert, contact: Contact | None = None) -> ExpertDraft:
    """The draft that would leave a row unchanged."""
    columns = {key: getattr(row, key) for key in ExpertDraft.model_fields if key != "contact"}
    return ExpertDraft.model_validate({**columns, "contact": contact})
