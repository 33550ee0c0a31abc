"""Dates of feeds to aware UTC times.

feedparser understands most; this adds what Chinese publishers write: `2026年11月24日 08:30`, times without a zone meant in
Beijing time, and `CST`, which there is China's time and not Chicago's. Whether a feed is Chinese is told by its language.
"""

import re
from calendar import timegm
from datetime import UTC, datetime, timedelta, timezone
from time import struct_time

BEIJING = timezone(timedelta(hours=8))
EARLIEST, LATEST = 1970, 2100
LONGEST = 100

CHINESE = re.compile(
    r"(?P<year>\d{4})\s*[年/.-]\s*(?P<month>\d{1,2})\s*[月/.-]\s*(?P<day>\d{1,2})\s*日?"
    r"(?:[\sT,]*(?P<half>上午|下午|晚上|凌晨|中午)?\s*(?P<hour>\d{1,2})\s*[:：时點点]\s*(?P<minute>\d{1,2})?"
    r"(?:\s*[:：分]\s*(?P<second>\d{1,2}))?)?\s*[秒分]?\s*(?P<zone>Z|[+-]\d\d:?\d\d|GMT|UTC|CST)?\s*$"
)
ZONED = re.compile(r"(?:Z|[+-]\d{1,2}:?\d\d|\b[A-Z]{2,5}|\([A-Z]+\))\s*$", re.I)
CST = re.compile(r"\bCST\b\s*$")


def entry_time(raw: str | None, parsed: struct_time | None, chinese: bool) -> datetime | None:
    """The moment a feed names: its text, what feedparser made of it, and whether the feed is Chinese."""
    if not raw and parsed is None:
        return None
    raw = (raw or "")[:LONGEST].strip()
    if chinese:
        own = _chinese(raw)
        if own is not None:
            return own
        if parsed is not None and CST.search(raw):
            # feedparser read six hours west of Greenwich; eight hours east was meant.
            return _moment(parsed, shift=timedelta(hours=-14))
        if parsed is not None and raw and not ZONED.search(raw):
            return _moment(parsed, shift=timedelta(hours=-8))
    if parsed is not None:
        return _moment(parsed)
    return _chinese(raw) or iso_time(raw)


def iso_time(raw: str | None) -> datetime | None:
    """An RFC 3339 time as aware UTC; without a zone it counts as UTC."""
    try:
        found = datetime.fromisoformat((raw or "").strip())
    except ValueError:
        return None
    return _plausible(found if found.tzinfo else found.replace(tzinfo=UTC))


def _moment(parsed: struct_time, shift: timedelta = timedelta(0)) -> datetime | None:
    try:
        return _plausible(datetime.fromtimestamp(timegm(parsed), UTC) + shift)
    except (ValueError, OverflowError, OSError):
        return None


def _chinese(raw: str) -> datetime | None:
    found = CHINESE.match(raw)
    if not found:
        return None
    hour = int(found["hour"] or 0)
    if found["half"] in ("下午", "晚上") and hour < 12:
        hour += 12
    try:
        local = datetime(
            int(found["year"]),
            int(found["month"]),
            int(found["day"]),
            hour,
            int(found["minute"] or 0),
            int(found["second"] or 0),
            tzinfo=_zone(found["zone"]),
        )
    except ValueError:
        return None
    return _plausible(local)


def _zone(name: str | None) -> timezone:
    if name in ("Z", "GMT", "UTC"):
        return UTC
    if not name or name == "CST":
        return BEIJING
    digits = name[1:].replace(":", "")
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(offset if name[0] == "+" else -offset)


def _plausible(moment: datetime) -> datetime | None:
    try:
        utc = moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
    return utc if EARLIEST <= utc.year <= LATEST else None
