"""Spreadsheets in and out: CSV (UTF-8, UTF-16, GB18030) and XLSX as rows of plain text, safe in both directions.

    bytes | read  → Sheet: headings and numbered rows of text; a formula is marked, never computed
    rows  | write → bytes: no cell can start a formula in anybody's spreadsheet

Does not know what the columns mean and opens no file.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

import openpyxl
from openpyxl.cell import WriteOnlyCell

from expert_db.errors import BadSheet

MAX_BYTES: Final = 5 * 2**20
MAX_UNPACKED: Final = 50 * 2**20
MAX_ROWS: Final = 2_000  # an import is one transaction: more would keep other writers waiting too long
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 10_000  # characters

_FORMULA: Final = re.compile(r"[=@\t\r]|[+-].*[(|!]", re.DOTALL)
_STARTS_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")
_CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")


class Formula(str):
    """A cell that would compute something. Its text is kept for the error message only."""


@dataclass(frozen=True)
class Sheet:
    """The first sheet of a file. Row numbers are those that the user sees; empty rows are left out."""

    headings: tuple[str, ...]
    rows: tuple[tuple[int, tuple[str, ...]], ...]


def read(data: bytes) -> Sheet:
    """The table in `data`; XLSX is told from CSV by its first bytes. Raises BadSheet with a code."""
    if len(data) > MAX_BYTES:
        raise BadSheet(code="too_large", limit=MAX_BYTES)
    raw = _read_xlsx(data) if data[:4] == b"PK\x03\x04" else _read_csv(data)
    numbered = [(number, row) for number, row in raw if any(row)]
    if not numbered:
        raise BadSheet(code="empty")
    (_, head), body = numbered[0], numbered[1:]
    return Sheet(head, tuple(body))


def _read_csv(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    text = _decode(data)
    first = text.split("\n", 1)[0]
    delimiter = max(",\t;", key=first.count)
    rows: list[tuple[int, tuple[str, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    start = 1
    try:
        for row in reader:
            _bounded(len(rows), len(row))
            rows.append((start, tuple(_text_cell(cell) for cell in row)))
            start = reader.line_num + 1  # a quoted cell may span lines
    except csv.Error as error:
        raise BadSheet(code="broken", row=start) from error
    return rows


def _decode(data: bytes) -> str:
    wide = data[:2] in (b"\xff\xfe", b"\xfe\xff")
    # GB18030 is what Excel on a Chinese Windows writes; it accepts nearly anything, so UTF-8 comes first.
    encodings = ["utf-16"] if wide else ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSheet(code="encoding")


def _text_cell(raw: str) -> str:
    text = _CONTROL.sub("", raw[: MAX_CELL + 1])
    if _FORMULA.match(text.lstrip(" ")):
        return Formula(text)
    return _unguard(text.strip())


def _read_xlsx(data: bytes) -> list[tuple[int, tuple[str, ...]]]:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > MAX_UNPACKED:
                raise BadSheet(code="too_large", limit=MAX_UNPACKED)
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        rows: list[tuple[int, tuple[str, ...]]] = []
        for cells in sheet.iter_rows(max_row=MAX_ROWS + 2, max_col=MAX_COLUMNS + 1):
            number = len(rows) + 1
            _bounded(number - 1, len([cell for cell in cells if cell.value is not None]))
            rows.append((number, tuple(_xlsx_cell(cell) for cell in cells)))
        return rows
    except BadSheet:
        raise
    except (
        Exception
    ) as error:  # openpyxl meets hostile XML with whatever its parsers raise; to us all of it is one thing
        raise BadSheet(code="broken") from error


def _xlsx_cell(cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return Formula(str(value)[:200])
    if isinstance(value, datetime):
        return (value.date() if value.time() == datetime.min.time() else value).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return _text_cell(str(value))


def _bounded(rows: int, columns: int) -> None:
    if rows > MAX_ROWS:
        raise BadSheet(code="too_many_rows", limit=MAX_ROWS)
    if columns > MAX_COLUMNS:
        raise BadSheet(code="too_many_columns", limit=MAX_COLUMNS)


def _unguard(text: str) -> str:
    """Take off the apostrophe that `guard` put on."""
    return text[1:] if text[:1] == "'" and text[1:2] in _STARTS_FORMULA else text


def guard(text: str) -> str:
    """The text so that no spreadsheet takes it for a formula."""
    clean = _CONTROL.sub("", text)
    return f"'{clean}" if clean.startswith(_STARTS_FORMULA) else clean


def write_csv(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    """UTF-8 with a BOM, so that Excel reads the Chinese."""
    out = io.StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow([guard(cell) for cell in headings])
    writer.writerows([guard(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def write_xlsx(headings: Sequence[str], rows: Iterable[Sequence[str]], title: str = "experts") -> bytes:
    """One sheet, every cell a text."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet(title)
    for row in (headings, *rows):
        cells = []
        for text in row:
            cell = WriteOnlyCell(sheet, value=guard(text))
            cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
