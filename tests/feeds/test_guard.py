"""No way leads from the service to an inside address."""

import socket

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.feeds.addresses import is_public, parse_ip
from service.feeds.errors import BlockedAddress
from service.feeds.guard import Guard, check_address, guarded_session
from service.feeds.policy import FetchPolicy
from tests.feeds.conftest import FeedServer

CLOSED = (
    "0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.8.9.10 169.254.169.254 168.63.129.16 172.16.0.1 "
    "172.31.255.255 192.0.0.192 192.0.2.1 192.88.99.1 192.168.1.1 198.18.0.1 198.51.100.7 203.0.113.9 224.0.0.1 "
    "239.255.255.255 240.0.0.1 255.255.255.255 :: ::1 ::ffff:127.0.0.1 ::ffff:8.8.8.8 ::127.0.0.1 64:ff9b::7f00:1 "
    "64:ff9b:1::a00:1 100::1 2001::1 2001:0:1::1 2001:10::1 2001:db8::1 2002:7f00:1::1 3fff::1 5f00::1 fc00::1 "
    "fd00:ec2::254 fe80::1 fe80::1%eth0 fec0::1 ff02::1"
)
OPEN = "1.1.1.1 8.8.8.8 100.63.255.255 100.128.0.0 172.15.0.1 172.32.0.1 223.255.255.255 2400:3200::1 2606:4700::1111"
ODD = "localhost 0177.0.0.1 0x7f000001 2130706433 127.1 ::ffff:0x7f.1 1.2.3.4.5 ①②⑦.0.0.1"


@pytest.mark.parametrize("address", [*CLOSED.split(), *ODD.split()])
def test_inside_addresses_and_odd_spellings_are_refused(address: str) -> None:
    with pytest.raises(BlockedAddress):
        check_address(address, 80, FetchPolicy())


@pytest.mark.parametrize("address", OPEN.split())
def test_public_addresses_pass(address: str) -> None:
    check_address(address, 443, FetchPolicy())


def test_an_exception_opens_one_port_of_one_address() -> None:
    policy = FetchPolicy(allow=frozenset({("127.0.0.1", 8099), ("::1", 8099)}))
    check_address("127.0.0.1", 8099, policy)
    check_address("0:0:0:0:0:0:0:1", 8099, policy)
    for address, port in (("127.0.0.1", 8098), ("127.0.0.2", 8099), ("::ffff:127.0.0.1", 8099)):
        with pytest.raises(BlockedAddress):
            check_address(address, port, policy)


@given(st.ip_addresses(v=6))
def test_no_ipv6_outside_global_unicast_is_public(address: object) -> None:
    parsed = parse_ip(str(address))
    assert parsed is not None
    if not str(parsed).startswith(("2", "3")):
        assert not is_public(parsed)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0"])
async def test_the_session_does_not_reach_a_server_on_this_machine(
    feed_server: FeedServer, host: str
) -> None:
    feed_server.gives("/x", b"secret")
    async with guarded_session(FetchPolicy()) as session:
        with pytest.raises((BlockedAddress, aiohttp.ClientError)):
            await session.get(f"http://{host}:{feed_server.port}/x")
    assert feed_server.seen == []


async def test_a_name_that_leads_inside_is_refused_where_it_connects(
    feed_server: FeedServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As with DNS rebinding: whatever the name resolved to before, the socket's address counts."""

    async def inside(self: Guard, host: str, port: int = 0, family: int = 0) -> list[dict[str, object]]:
        found = {
            "hostname": host,
            "host": "127.0.0.1",
            "port": port,
            "family": socket.AF_INET,
            "proto": 0,
            "flags": 0,
        }
        return [found]

    monkeypatch.setattr(Guard, "resolve", inside)
    async with guarded_session(FetchPolicy()) as session:
        with pytest.raises(BlockedAddress):
            await session.get(f"http://public.example.cn:{feed_server.port}/")
    assert feed_server.seen == []


async def test_an_exception_by_name_opens_the_addresses_of_that_name(feed_server: FeedServer) -> None:
    feed_server.gives("/x", b"hello")
    policy = FetchPolicy(allow=frozenset({("localhost", feed_server.port)}))
    address = f"http://localhost:{feed_server.port}/x"
    async with guarded_session(policy) as session, session.get(address) as answer:
        assert await answer.read() == b"hello"


async def test_proxies_of_the_environment_are_ignored(
    feed_server: FeedServer, session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    feed_server.gives("/x", b"hello")
    async with session.get(feed_server.url("/x")) as answer:
        assert answer.status == 200


async def test_cookies_are_not_kept(feed_server: FeedServer, session: aiohttp.ClientSession) -> None:
    address = feed_server.gives("/x", b"", Set_Cookie="who=you")
    for _ in range(2):
        async with session.get(address):
            pass
    assert "Cookie" not in feed_server.seen[1].headers
