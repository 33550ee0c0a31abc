"""A calendar file (RFC 5545) of whole days, for the calendars that people have on their desks and phones.

Texts are escaped and lines folded at 75 octets as the standard says. Times of day are not written: what is planned for a
day stands on the day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Final

from content.render.plain import clean

OCTETS: Final = 75
TYPE: Final = "text/calendar"


@dataclass(frozen=True)
class Event:
    """From the first day to the last. `uid` stays the same from file to file, so that a calendar replaces and never doubles."""

    uid: str
    first: date
    last: date
    title: str
    text: str = ""
    url: str = ""


def calendar(name: str, host: str, events: Iterable[Event], now: datetime) -> bytes:
    """The file. `host` makes the events' names unique in the world."""
    stamp = now.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Qingyuan//Calendar//ZH", "CALSCALE:GREGORIAN"]
    lines.append(f"X-WR-CALNAME:{_text(name)}")
    for one in events:
        lines += ["BEGIN:VEVENT", f"UID:{one.uid}@{host}", f"DTSTAMP:{stamp}"]
        lines.append(f"DTSTART;VALUE=DATE:{one.first:%Y%m%d}")
        lines.append(f"DTEND;VALUE=DATE:{one.last + timedelta(days=1):%Y%m%d}")  # the day after the last
        lines.append(f"SUMMARY:{_text(one.title)}")
        if one.text:
            lines.append(f"DESCRIPTION:{_text(one.text)}")
        if one.url:
            lines.append(f"URL:{one.url}")
        lines += ["TRANSP:TRANSPARENT", "END:VEVENT"]
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line)).encode()


def _text(text: str) -> str:
    plain = clean(text).replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,")
    return plain.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\\n")


def _folded(line: str) -> list[str]:
    """Pieces of at most 75 octets; each but the first begins with a space. No character is cut in two."""
    parts, held, size = [], "", 0
    for char in line:
        length = len(char.encode())
        if size + length > OCTETS:
            parts.append(held)
            held, size = " ", 1
        held, size = held + char, size + length
    return [*parts, held]
