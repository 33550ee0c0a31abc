"""Calendar files as RFC 5545 has them, read back by rules of our own."""

from __future__ import annotations

from datetime import UTC, date, datetime

from hypothesis import given
from hypothesis import strategies as st

from content.render.ics import OCTETS, Event, calendar

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def lines_of(file: bytes) -> list[str]:
    """The logical lines: folds undone."""
    return file.decode().replace("\r\n ", "").split("\r\n")


def test_a_day_is_a_whole_day_event() -> None:
    event = Event(
        "fire_day.2027",
        date(2027, 11, 9),
        date(2027, 11, 9),
        "全国消防日",
        "公安部；每年",
        "https://x.example/desk",
    )
    lines = lines_of(calendar("清源", "x.example", [event], NOW))
    assert lines[0] == "BEGIN:VCALENDAR"
    assert lines[-2:] == ["END:VCALENDAR", ""]
    assert "UID:fire_day.2027@x.example" in lines
    assert "DTSTART;VALUE=DATE:20271109" in lines
    assert "DTEND;VALUE=DATE:20271110" in lines
    assert "SUMMARY:全国消防日" in lines
    assert "DTSTAMP:20261124T093000Z" in lines


@given(st.text(max_size=300))
def test_no_text_breaks_out_of_its_line(text: str) -> None:
    file = calendar("清源", "x.example", [Event("a", date(2027, 1, 1), date(2027, 1, 2), text, text)], NOW)
    assert all(len(line) <= OCTETS for line in file.split(b"\r\n"))
    names = [line.split(":")[0].split(";")[0] for line in lines_of(file) if line]
    assert names.count("BEGIN") == names.count("END") == 2
    assert names.count("SUMMARY") == 1


def test_marks_of_the_format_are_escaped() -> None:
    event = Event("a", date(2027, 1, 1), date(2027, 1, 1), "水、电;气,\\热\n第二行")
    assert "SUMMARY:水、电\\;气\\,\\\\热\\n第二行" in lines_of(calendar("清源", "x", [event], NOW))
