"""What the service remembers of one source between two polls. A value: polling gives back a new one."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta

from service.feeds.policy import DEFAULT_PACE

OK, DEGRADED, FAILING, GONE = "ok", "degraded", "failing", "gone"


@dataclass(frozen=True)
class FetchState:
    """Polling state of a source; all times aware UTC.

    `url` is where to fetch next (it follows permanent redirects). `body_hash` and `parsed_at` keep an identical body
    from being parsed twice a day, `parse_error` what came of it. `entry_hashes` are the entries of the last document
    that were handed on. `status` is ok, degraded, failing or gone and `reason` the key of an error kind, or None.
    """

    url: str
    next_poll: datetime
    etag: str | None = None
    last_modified: str | None = None
    body_hash: str | None = None
    parsed_at: datetime | None = None
    parse_error: str | None = None
    entry_hashes: frozenset[str] = field(default_factory=frozenset)
    weak_guids: bool = False
    failures: int = 0
    interval: timedelta = DEFAULT_PACE.first
    floor: timedelta = DEFAULT_PACE.least
    status: str = OK
    reason: str | None = None
    last_poll: datetime | None = None
    last_success: datetime | None = None
    title: str | None = None
    home_url: str | None = None

    @classmethod
    def fresh(cls, url: str, now: datetime) -> "FetchState":
        """A source never polled, due at once."""
        return cls(url=url, next_poll=now)

    def to_json(self) -> dict[str, object]:
        """Plain JSON values; `from_json` reverses."""
        return {part.name: _plain(getattr(self, part.name)) for part in fields(self)}

    @classmethod
    def from_json(cls, raw: Mapping[str, object]) -> "FetchState":
        """The state `to_json` wrote, also by an older version (missing fields take their defaults)."""
        known = {part.name for part in fields(cls)}
        return cls(**{name: _value(name, value) for name, value in raw.items() if name in known})  # type: ignore[arg-type]


TIMES = {"next_poll", "parsed_at", "last_poll", "last_success"}
SPANS = {"interval", "floor"}


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, frozenset):
        return sorted(value)
    return value


def _value(name: str, raw: object) -> object:
    if name in TIMES and isinstance(raw, str):
        return datetime.fromisoformat(raw).astimezone(UTC)
    if name in SPANS and isinstance(raw, int | float):
        return timedelta(seconds=raw)
    if name == "entry_hashes" and isinstance(raw, list):
        return frozenset(raw)
    return raw
