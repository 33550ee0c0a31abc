"""The few response headers a poller obeys, read strictly: anything odd counts as absent."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_WAIT = timedelta(hours=24)
LONGEST_VALIDATOR = 1000


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long the server asks us to stay away (seconds or a date), at most a day."""
    raw = headers.get("Retry-After", "").strip()
    if re.fullmatch(r"\d{1,9}", raw):
        return min(timedelta(seconds=int(raw)), LONGEST_WAIT)
    try:
        at = parsedate_to_datetime(raw)
    except (ValueError, TypeError):
        return None
    wait = at.replace(tzinfo=at.tzinfo or UTC) - now
    return min(max(wait, timedelta(0)), LONGEST_WAIT)


def max_age(headers: Mapping[str, str]) -> timedelta | None:
    """How long the server calls its answer fresh. `max-age=0`, `no-cache` and silence say nothing: None."""
    found = re.search(r"(?:^|[\s,])max-age=\"?(\d{1,9})", headers.get("Cache-Control", ""))
    seconds = int(found[1]) if found else 0
    return min(timedelta(seconds=seconds), LONGEST_WAIT) if seconds else None


def validator(headers: Mapping[str, str], name: str) -> str | None:
    """An ETag or Last-Modified worth sending back."""
    raw = headers.get(name, "").strip()
    return raw if raw and len(raw) <= LONGEST_VALIDATOR and raw.isprintable() else None
