"""Where a request comes from, and how often: the client's address behind trusted proxies, and small rate limits.

Does not store addresses: the limiter keeps them in memory only, for the length of its window.
"""

from __future__ import annotations

import ipaddress
import time
from collections import OrderedDict, deque

from aiohttp import web

from service.errors import TooMany
from service.web.keys import house


def client_ip(request: web.Request) -> str:
    """The address that a trusted proxy reports, or the connection's own."""
    trusted = [ipaddress.ip_network(p, strict=False) for p in house(request).ctx.settings.trusted_proxies]
    address = request.remote or "127.0.0.1"
    hops = [h.strip() for h in request.headers.get("X-Forwarded-For", "").split(",") if h.strip()]
    while hops and _inside(address, trusted):
        address = hops.pop()
    try:
        return str(ipaddress.ip_address(address))
    except ValueError:
        return request.remote or "127.0.0.1"


def _inside(address: str, networks: list[ipaddress.IPv4Network | ipaddress.IPv6Network]) -> bool:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in networks)


class Rate:
    """At most `limit` acts in `seconds` for each key; remembers the newest 20,000 keys."""

    def __init__(self, limit: int, seconds: float, keys: int = 20_000) -> None:
        self.limit, self.seconds, self.keys = limit, seconds, keys
        self._seen: OrderedDict[str, deque[float]] = OrderedDict()

    def take(self, key: str) -> None:
        """Count one act, or raise TooMany with the seconds to wait."""
        now = time.monotonic()
        times = self._seen.setdefault(key, deque())
        self._seen.move_to_end(key)
        while len(self._seen) > self.keys:
            self._seen.popitem(last=False)
        while times and now - times[0] > self.seconds:
            times.popleft()
        if len(times) >= self.limit:
            raise TooMany(retry_after=max(1, int(self.seconds - (now - times[0])) + 1))
        times.append(now)
