"""How far a fetch may go. A value; where the numbers come from (settings) is the caller's business."""

from dataclasses import dataclass
from datetime import timedelta

MIB = 1024 * 1024


@dataclass(frozen=True)
class FetchPolicy:
    """Limits of one fetch and of one parse.

    `allow` holds the only exceptions to the address block: (host or IP, port) pairs, an IP without brackets.
    `max_bytes` counts after decompression; `timeout` is seconds for all hops together; `max_items` is entries
    per poll (the rest waits for the next poll, nothing is dropped).
    """

    allow: frozenset[tuple[str, int]] = frozenset()
    max_bytes: int = 10 * MIB
    timeout: float = 30.0
    max_items: int = 200
    max_redirects: int = 3
    user_agent: str = "Qingyuan/0.1 (+emergency science communication; feed reader)"


@dataclass(frozen=True)
class Pace:
    """How often a source is polled.

    `least` bends down to `least_when_invited` only for a server that itself calls its answer fresh for less (max-age).
    `most` bounds the wait for a healthy source, so that a silent office's first warning in months is seen within it;
    `most_failing` bounds the back-off of one that fails, `gone` is the wait after 410 Gone. `jitter` is a share.
    """

    first: timedelta = timedelta(minutes=5)
    least: timedelta = timedelta(seconds=60)
    least_when_invited: timedelta = timedelta(seconds=10)
    most: timedelta = timedelta(hours=1)
    retry: timedelta = timedelta(seconds=60)
    most_failing: timedelta = timedelta(hours=6)
    gone: timedelta = timedelta(hours=24)
    jitter: float = 0.1


DEFAULT_PACE = Pace()
