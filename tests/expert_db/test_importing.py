"""Spreadsheets: every planted error found with row and column, nothing invented, round trips change nothing."""

from __future__ import annotations

import contextlib
import csv
import io
import random
from uuid import UUID

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expert_db import importing, sheets
from expert_db.cells import read_date, read_hours, read_leaves, read_list, write_hours, write_leaves
from expert_db.errors import BadSheet
from expert_db.importing import Existing, Preview, row_of
from expert_db.sheet_columns import COLUMNS, HEADING
from tests.expert_db.people import DEMO, regions

HEADINGS = [column.heading for column in COLUMNS]
PLACE = {column.key: number for number, column in enumerate(COLUMNS)}


def row(number: int, **cells: str) -> list[str]:
    """A good row; `cells` replace some."""
    good = {
        "name": f"示例专家{number}",
        "unit": f"示例单位{number % 50}",
        "disciplines": "33047食品卫生学",
        "hazards": "食品安全",
        "topics": "food、健康",
        "regions": "袁州区、360983",
        "profile": "食品添加剂",
        "consent": "接受任务@2026-01-05",
        "phone": f"100{number:08d}",
        "email": f"e{number}@example.org",
    }
    values = good | cells
    return [values.get(column.key, "") for column in COLUMNS]


def plan(rows: list[list[str]], existing: tuple[Existing, ...] = (), form: str = "csv") -> Preview:
    return importing.plan(sheets.read(file(rows, form)), existing, regions())


def file(rows: list[list[str]], form: str = "csv") -> bytes:
    """The file as somebody else's program writes it, formulas and all."""
    if form == "csv":
        out = io.StringIO(newline="")
        csv.writer(out).writerows([HEADINGS, *rows])
        return out.getvalue().encode()
    book = openpyxl.Workbook()
    for line in [HEADINGS, *rows]:
        assert book.active is not None
        book.active.append(line)
    raw = io.BytesIO()
    book.save(raw)
    return raw.getvalue()


FAULTS = [
    ("name", "", "required"),
    ("kind", "神仙", "unknown_value"),
    ("disciplines", "炼丹学", "unknown_value"),
    ("hazards", "外星人入侵", "unknown_value"),
    ("topics", "foood", "unknown_value"),
    ("regions", "北京市", "unknown_value"),
    ("tier", "省级", "unknown_value"),
    ("audiences", "外星人", "unknown_value"),
    ("on_call", "周八 08:00-18:00", "bad_hours"),
    ("on_call", "周一 25:00-26:00", "bad_hours"),
    ("away", "2026-13-01", "bad_date"),
    ("away", "2026-12-05~2026-12-01", "bad_range"),
    ("load_limit", "很多", "bad_number"),
    ("load_limit", "99", "bad_number"),
    ("term_start", "去年", "bad_date"),
    ("consent", "同意一切", "unknown_value"),
    ("phone", "12ab", "bad_phone"),
    ("email", "没有", "bad_email"),
    ("profile", "请打 13800001234", "contact_in_text"),
    ("skills", "电视 a@example.org", "contact_in_text"),
    ("title", "很" * 101, "too_long"),
    ("unit", '=HYPERLINK("http://evil.example","点我")', "formula"),
    ("profile", "@SUM(1+1)*cmd|'/C calc'!A0", "formula"),
    ("profile", "+cmd|'/C calc'!A0", "formula"),
]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_sixty_planted_errors_in_a_thousand_rows_are_all_found(form: str) -> None:
    chance = random.Random(60)
    rows = [row(number) for number in range(1, 1001)]
    planted: dict[int, tuple[str, str]] = {}
    for number in chance.sample(range(2, 1001), 58):
        key, cell, code = FAULTS[len(planted) % len(FAULTS)]
        rows[number - 1][PLACE[key]] = cell
        planted[number + 1] = (HEADING[key], code)  # the heading is row 1
    free = [number for number in range(500, 1001) if number + 1 not in planted][:2]
    rows[free[0] - 1][PLACE["name"]], rows[free[0] - 1][PLACE["unit"]] = "示例专家1", "示例单位1"
    rows[free[1] - 1][PLACE["phone"]] = "10000000001"
    planted[free[0] + 1] = (HEADING["name"], "repeated_row")
    planted[free[1] + 1] = (HEADING["phone"], "repeated_row")
    assert len(planted) == 60

    preview = plan(rows, form=form)
    assert {error.row: (error.column, error.code) for error in preview.errors} == planted
    assert len(preview.errors) == 60
    assert preview.count("new") == 940


def test_an_error_never_repeats_contact_data() -> None:
    preview = plan([row(1, phone="12ab34567890"), row(2, email="geheim@@example.org")])
    assert len(preview.errors) == 2
    assert "12ab34567890" not in repr(preview)
    assert "geheim" not in repr(preview)


def everybody() -> tuple[Existing, ...]:
    preview = importing.plan(sheets.read(DEMO.read_bytes()), [], regions())
    return tuple(Existing(UUID(int=number), one.draft) for number, one in enumerate(preview.planned, 1))


@pytest.mark.parametrize("write", [sheets.write_csv, sheets.write_xlsx])
@pytest.mark.parametrize("masked", [True, False])
def test_what_is_exported_imports_as_no_change(write: object, masked: bool) -> None:
    known = everybody()
    lines = [row_of(one.id, one.draft, regions(), masked=masked) for one in known]
    data = write(HEADINGS, lines)  # type: ignore[operator]
    preview = importing.plan(sheets.read(data), known, regions())
    assert preview.errors == ()
    assert preview.count("same") == len(known)


def test_a_masked_number_in_a_changed_row_keeps_the_stored_one() -> None:
    known = everybody()
    line = list(row_of(known[0].id, known[0].draft, regions()))
    line[PLACE["title"]] = "首席预报员"
    preview = plan([line], known)
    assert [one.changes for one in preview.planned] == [("title",)]
    assert preview.planned[0].draft.contact == known[0].draft.contact


def test_a_column_that_is_not_there_leaves_its_field_alone() -> None:
    known = everybody()
    text = f"姓名,单位,职称\n{known[0].draft.name},{known[0].draft.unit},首席\n"
    preview = importing.plan(sheets.read(text.encode()), known, regions())
    assert preview.planned[0].changes == ("title",)
    assert preview.planned[0].draft.profile == known[0].draft.profile


def test_somebody_elses_mobile_number_is_an_error_and_a_namesake_a_warning() -> None:
    known = everybody()
    number = known[0].draft.contact.phone if known[0].draft.contact else ""
    preview = plan([row(900, phone=number), row(901, name=known[1].draft.name)], known)
    assert [(error.row, error.code) for error in preview.errors] == [(2, "phone_taken")]
    assert preview.planned[0].warnings == ("same_name",)


def test_unknown_and_repeated_headings_are_named() -> None:
    preview = importing.plan(sheets.read("姓名,星座,姓名\n甲,白羊,乙\n".encode()), [], regions())
    assert [(error.row, error.column, error.code) for error in preview.errors] == [
        (1, "星座", "unknown_column"),
        (1, "姓名", "repeated_column"),
    ]


def test_the_digest_names_the_plan() -> None:
    rows = [row(1), row(2)]
    assert plan(rows).digest == plan(rows).digest
    assert plan(rows).digest != plan(rows[:1]).digest


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", "\t", ";"])
def test_a_csv_of_any_usual_kind_is_read(encoding: str, delimiter: str) -> None:
    data = f"姓名{delimiter}单位\r\n示例专家·喆{delimiter}示例单位\r\n".encode(encoding)
    preview = importing.plan(sheets.read(data), [], regions())
    assert [one.draft.name for one in preview.planned] == ["示例专家·喆"]


BROKEN = {
    "nothing": b"",
    "only commas": b",,,\n,,\n",
    "no names": "单位,电话\n甲,1\n".encode(),
    "bytes of no encoding": b"\xff\xff\xff\xff,\x80\x80\n" * 3,
    "a truncated zip": b"PK\x03\x04" + b"\0" * 50,
    "too large": b"a" * (sheets.MAX_BYTES + 1),
    "too many rows": "姓名\n".encode() + "甲\n".encode() * (sheets.MAX_ROWS + 1),
    "too many columns": ",".join(["姓名"] * 61).encode(),
    "an endless cell": b'"' + b"a" * 200_000,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_table_is_refused_with_a_code(name: str) -> None:
    with pytest.raises(BadSheet) as refused:
        importing.plan(sheets.read(BROKEN[name]), [], regions())
    assert refused.value.details["code"]


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=600) | st.binary(max_size=300).map(lambda raw: b"PK\x03\x04" + raw))
def test_no_bytes_raise_anything_but_bad_sheet(data: bytes) -> None:
    with contextlib.suppress(BadSheet):
        importing.plan(sheets.read(data), [], regions())


@settings(max_examples=100, deadline=None)
@given(text=st.text(min_size=1, max_size=40))
def test_no_written_cell_starts_a_formula(text: str) -> None:
    for data in (sheets.write_csv(["姓名"], [[text]]), sheets.write_xlsx(["姓名"], [[text]])):
        if data[:2] == b"PK":
            sheet = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
            cells = [cell for line in sheet.iter_rows(min_row=2) for cell in line]
            assert all(cell.data_type != "f" for cell in cells)
            values = [str(cell.value or "") for cell in cells]
        else:
            values = [
                cell for line in list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))[1:] for cell in line
            ]
        assert all(not value.startswith(("=", "+", "-", "@", "\t", "\r")) for value in values)


def test_guarded_text_comes_back_as_it_was() -> None:
    written = sheets.write_csv(["姓名", "单位"], [["=1+1 是公式", "-5℃ 低温站"]])
    assert sheets.read(written).rows[0][1] == ("=1+1 是公式", "-5℃ 低温站")


def test_cells_are_read_as_people_write_them() -> None:
    assert read_list("洪涝、暴雨；;地震，-") == ("洪涝", "暴雨", "地震")
    assert {
        read_date(text).isoformat() for text in ("2026-1-5", "2026/01/05", "2026.1.5", "2026年1月5日")
    } == {"2026-01-05"}
    assert read_leaves("2026-11-24至2026-11-30；2026-12-05") == [
        {"from": "2026-11-24", "to": "2026-11-30"},
        {"from": "2026-12-05", "to": "2026-12-05"},
    ]
    assert read_hours("周六至周一 8:00-12:00")[0] == {"days": [0, 5, 6], "from": "08:00", "to": "12:00"}
    assert read_hours("全天")[0]["days"] == list(range(7))


@given(
    days=st.sets(st.integers(0, 6), min_size=1),
    start=st.times().map(lambda t: f"{t:%H:%M}"),
    end=st.times().map(lambda t: f"{t:%H:%M}"),
)
def test_hours_written_read_back_as_the_same_hours(days: set[int], start: str, end: str) -> None:
    shifts = [{"days": sorted(days), "from": start, "to": end}]
    again = read_hours(write_hours(shifts))
    assert sorted(day for one in again for day in one["days"]) == sorted(days)
    assert {(one["from"], one["to"]) for one in again} == {(start, end)}
    assert write_leaves(read_leaves("2026-01-01~2026-01-02")) == "2026-01-01~2026-01-02"
