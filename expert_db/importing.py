"""Plan an import of a spreadsheet: what would be new, what would change, and every error with its row and column.

    Sheet, the directory as it stands
    | headings   which columns there are
    | rows       each cell read, each row checked                → drafts, errors
    | plan       compared with the directory and one another     → Preview

Changes nothing. A preview with any error is applied by nobody: all or nothing. Contact data that the export masked
(`138****1234`) is read as "leave it as it is".
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from pydantic import ValidationError

from classifiers.text import normalise
from content.body import canonical_json
from expert_db.cells import CellError
from expert_db.drafts import ExpertDraft
from expert_db.errors import BadSheet
from expert_db.privacy import Contact
from expert_db.sheet_columns import BY_HEADING, COLUMNS, HEADING, Column, Regions
from expert_db.sheets import Formula, Sheet

MASK = "***"


@dataclass(frozen=True)
class Existing:
    """Somebody who is in the directory: the draft that would leave them unchanged, with the contact data opened."""

    id: UUID
    draft: ExpertDraft = field(repr=False)


@dataclass(frozen=True)
class RowError:
    """What is wrong where. `row` is the number the user sees, `column` the heading, `detail` the word at fault."""

    row: int
    column: str
    code: str
    detail: str = ""


@dataclass(frozen=True)
class Planned:
    """One good row: `action` is new, changed or same; `changes` are the fields that would change."""

    row: int
    action: str
    draft: ExpertDraft = field(repr=False)
    expert_id: UUID | None = None
    changes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Preview:
    """The whole plan. `digest` names it: the same file against the same directory gives the same digest."""

    planned: tuple[Planned, ...]
    errors: tuple[RowError, ...]
    digest: str = ""

    def count(self, action: str) -> int:
        """How many rows would do that."""
        return sum(one.action == action for one in self.planned)


def plan(sheet: Sheet, existing: Iterable[Existing], regions: Regions) -> Preview:
    """The preview of `sheet` against the directory. Raises BadSheet when there is no column of names."""
    columns, errors = _columns(sheet.headings)
    known = _Known(existing)
    planned: list[Planned] = []
    seen: dict[tuple[str, ...], int] = {}
    for number, cells in sheet.rows:
        values, row_errors = _read_row(number, cells, columns, regions)
        draft, old = None, None
        if not row_errors:
            old, row_errors = known.find(number, values)
        if not row_errors:
            draft, row_errors = _draft(number, values, old)
        if draft is not None:
            row_errors = _repeats(number, draft, seen) + known.phone_taken(number, draft, old)
        errors.extend(row_errors)
        if draft is not None and not row_errors:
            planned.append(_compare(number, draft, old, known))
    return Preview(tuple(planned), tuple(errors), _digest(planned))


def _columns(headings: Sequence[str]) -> tuple[list[Column | None], list[RowError]]:
    columns: list[Column | None] = []
    errors = []
    for heading in headings:
        column = BY_HEADING.get(heading.strip())
        repeated = column is not None and column in columns
        columns.append(None if repeated else column)
        if heading.strip() and (column is None or repeated):
            errors.append(
                RowError(1, heading.strip()[:40], "repeated_column" if repeated else "unknown_column")
            )
    if not any(column and column.key == "name" for column in columns):
        raise BadSheet(code="no_name_column")
    return columns, errors


def _read_row(
    number: int, cells: Sequence[str], columns: Sequence[Column | None], regions: Regions
) -> tuple[dict[str, Any], list[RowError]]:
    values: dict[str, Any] = {}
    errors = []
    for place, column in enumerate(columns):
        if column is None:
            continue
        cell = cells[place] if place < len(cells) else ""
        if isinstance(cell, Formula):
            errors.append(RowError(number, column.heading, "formula", cell[:40]))
            continue
        try:
            values[column.key] = column.read(cell.strip(), regions)
        except CellError as error:
            errors.append(RowError(number, column.heading, error.code, error.detail))
    return values, errors


class _Known:
    """The directory by id, by name and unit, by name, and by mobile number."""

    def __init__(self, existing: Iterable[Existing]) -> None:
        everybody = sorted(existing, key=lambda one: one.id)
        self.by_id = {str(one.id): one for one in everybody}
        self.by_key = {_key(one.draft.name, one.draft.unit): one for one in everybody}
        self.names = {_spelling(one.draft.name) for one in everybody}
        self.phones = {_mobile(one.draft): one for one in everybody if _mobile(one.draft)}

    def find(self, number: int, values: Mapping[str, Any]) -> tuple[Existing | None, list[RowError]]:
        """The expert that a row means: by id when it has one, else by name and unit."""
        if wanted := values.get("id"):
            found = self.by_id.get(wanted)
            return found, [] if found else [RowError(number, HEADING["id"], "unknown_id", wanted[:40])]
        return self.by_key.get(_key(values.get("name", ""), values.get("unit", ""))), []

    def phone_taken(self, number: int, draft: ExpertDraft, old: Existing | None) -> list[RowError]:
        """An error when somebody else in the directory has this mobile number."""
        holder = self.phones.get(_mobile(draft))
        if holder is None or (old is not None and holder.id == old.id):
            return []
        return [RowError(number, HEADING["phone"], "phone_taken", holder.draft.name)]


def _draft(
    number: int, values: Mapping[str, Any], old: Existing | None
) -> tuple[ExpertDraft | None, list[RowError]]:
    """The row over what is there: a column that the file does not have leaves its field alone."""
    base = old.draft.model_dump(exclude={"contact"}) if old else {}
    given = {key: value for key, value in values.items() if key not in ("id", "phone", "email")}
    if old and "consent" in given:
        given["consent"] = _kept_consent(given["consent"], old.draft.consent)
    contact = _contact(values, old)
    try:
        return ExpertDraft.model_validate({**base, **given, "contact": contact}), []
    except ValidationError as error:
        return None, [_row_error(number, one) for one in error.errors()]


def _kept_consent(new: Mapping[str, Any], old: Mapping[str, Any]) -> dict[str, Any]:
    """The records of the cell; one that says what is on file keeps what a cell cannot hold (how it was given)."""

    def gist(record: Any) -> tuple[Any, ...]:
        known = record if isinstance(record, Mapping) else {"given": record}
        return known.get("given"), known.get("on"), known.get("until")

    return {
        field: old[field] if field in old and gist(old[field]) == gist(record) else record
        for field, record in new.items()
    }


def _contact(values: Mapping[str, Any], old: Existing | None) -> dict[str, str] | None:
    before = old.draft.contact if old and old.draft.contact else Contact()
    kept = {}
    for key in ("phone", "email"):
        cell = values.get(key, MASK)
        kept[key] = getattr(before, key) if MASK in cell else cell
    return kept if any(kept.values()) or bool(before) else None


def _row_error(number: int, error: Mapping[str, Any]) -> RowError:
    place = [str(part) for part in error["loc"] if part != "contact"]
    text = str(error["msg"]).removeprefix("Value error, ")
    key = place[0] if place else text.partition(":")[0]
    code = {"string_too_long": "too_long", "too_long": "too_long", "string_too_short": "required"}.get(
        error["type"]
    )
    if code is None:
        code = "contact_in_text" if "contact data" in text else f"bad_{key}"
    # The word at fault is never repeated for contact columns: errors are logged and shown.
    return RowError(number, HEADING.get(key, key), code)


def _repeats(number: int, draft: ExpertDraft, seen: dict[tuple[str, ...], int]) -> list[RowError]:
    """Errors when an earlier row of the file means the same person or has the same mobile number."""
    marks: list[tuple[str, ...]] = [("name", *_key(draft.name, draft.unit))]
    if _mobile(draft):
        marks.append(("phone", _mobile(draft)))
    for mark in marks:
        if mark in seen:
            return [RowError(number, HEADING[mark[0]], "repeated_row", str(seen[mark]))]
    seen.update((mark, number) for mark in marks)
    return []


def _compare(number: int, draft: ExpertDraft, old: Existing | None, known: _Known) -> Planned:
    if old is None:
        warnings = ("same_name",) if _spelling(draft.name) in known.names else ()
        return Planned(number, "new", draft, warnings=warnings)
    before, after = old.draft.model_dump(), draft.model_dump()
    changes = tuple(key for key in after if before[key] != after[key] and (after[key] or before[key]))
    return Planned(number, "changed" if changes else "same", draft, old.id, changes)


def _mobile(draft: ExpertDraft) -> str:
    phone = draft.contact.phone if draft.contact else ""
    return phone if draft.kind == "person" and len(phone) == 11 and phone.startswith("1") else ""


def _key(name: str, unit: str) -> tuple[str, str]:
    return _spelling(name), _spelling(unit)


def _spelling(text: str) -> str:
    return normalise(text).replace(" ", "").lower()


def _digest(planned: Sequence[Planned]) -> str:
    lines = [
        [one.row, one.action, str(one.expert_id or ""), one.draft.model_dump(mode="json")] for one in planned
    ]
    return hashlib.sha256(canonical_json(lines)).hexdigest()


def row_of(expert_id: UUID, draft: ExpertDraft, regions: Regions, masked: bool = True) -> tuple[str, ...]:
    """The spreadsheet row of an expert, in the order of COLUMNS; contact data masked unless said otherwise."""
    contact = draft.contact or Contact()
    phone, email = (contact.phone, contact.email) if not masked else _masks(contact)
    values = {**draft.model_dump(exclude={"contact"}), "id": expert_id, "phone": phone, "email": email}
    return tuple(column.write(values[column.key], regions) for column in COLUMNS)


def _masks(contact: Contact) -> tuple[str, str]:
    phone = Contact(phone=contact.phone).masked()
    return phone, Contact(email=contact.email).masked()
