"""The way out: one HTTP client session that cannot be led to an inside address.

The check runs on the very address a socket is about to connect to, after DNS, for every connection, so literals,
odd spellings, rebinding and redirects all meet it. Used for feeds, discovery and webhooks.
Does not follow redirects, read bodies or retry.
"""

import socket
from collections.abc import Iterable
from typing import Any

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
from aiohttp.resolver import ThreadedResolver

from service.feeds.addresses import is_public, parse_ip
from service.feeds.errors import BlockedAddress
from service.feeds.policy import FetchPolicy

CONNECT_SECONDS = 10.0
CONNECTIONS = 100


def check_address(host_ip: str, port: int, policy: FetchPolicy) -> None:
    """Pass when `host_ip` is public or (host_ip, port) is one of the policy's exceptions; else BlockedAddress.

    `host_ip` must be an address, not a name; anything else is refused.
    """
    _check(host_ip, port, _addresses(policy.allow))


def guarded_session(policy: FetchPolicy, per_host: int = 1) -> aiohttp.ClientSession:
    """A client session behind the guard: no proxy from the environment, no cookies, `per_host` connections a host (0: any).

    The caller closes it. A refused connection raises BlockedAddress from the request.
    """
    guard = Guard(policy)
    connector = aiohttp.TCPConnector(
        resolver=guard,
        socket_factory=guard.open_socket,
        # One after the other, so that a refusal is not hidden by a race between addresses.
        happy_eyeballs_delay=None,
        limit=CONNECTIONS,
        limit_per_host=per_host,
        ttl_dns_cache=60,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_SECONDS, sock_read=policy.timeout),
        headers={"User-Agent": policy.user_agent},
    )


class Guard(AbstractResolver):
    """A resolver that notes where allowed names lead, and a socket factory that refuses every other inside address."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._allow = policy.allow
        self._open = _addresses(policy.allow)
        self._resolver: ThreadedResolver | None = None

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        """Addresses of `host`. An operator's exception by name opens exactly the addresses the name has now."""
        if self._resolver is None:  # needs a running loop
            self._resolver = ThreadedResolver()
        found = await self._resolver.resolve(host, port, family)
        if (host.lower(), port) in self._allow:
            self._open |= {(_plain(result["host"]), port) for result in found}
        return found

    async def close(self) -> None:
        """Nothing is held open."""

    def open_socket(self, address: Any) -> socket.socket:
        """A socket for aiohttp's (family, type, proto, canonname, sockaddr), or BlockedAddress."""
        family, kind, proto, _, sockaddr = address
        if family not in (socket.AF_INET, socket.AF_INET6):
            raise BlockedAddress
        _check(sockaddr[0], sockaddr[1], self._open)
        return socket.socket(family=family, type=kind, proto=proto)


def _check(host_ip: str, port: int, exceptions: set[tuple[str, int]]) -> None:
    address = parse_ip(host_ip)
    if address is None:
        raise BlockedAddress
    if is_public(address) or (str(address), port) in exceptions:
        return
    raise BlockedAddress


def _addresses(allow: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """The exceptions that are addresses, in the one spelling `_check` compares."""
    return {(_plain(host), port) for host, port in allow if parse_ip(host) is not None}


def _plain(host: str) -> str:
    return str(parse_ip(host) or host)
