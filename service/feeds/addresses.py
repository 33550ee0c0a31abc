"""Which IP addresses are on the public internet: our own table, because the standard library's flags are not a guard.

`ipaddress.is_private` is False for a cloud's metadata service (100.100.100.200) and `is_global` is True for NAT64, 6to4
and multicast, all of which lead back inside. Does not resolve names and knows nothing of ports.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

# IPv4 is open except for these.
CLOSED_V4: tuple[tuple[IPv4Network, str], ...] = tuple(
    (IPv4Network(network), why)
    for network, why in (
        ("0.0.0.0/8", "this host"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "carrier-grade NAT, some clouds' metadata"),
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "a cloud's host agent"),
        ("169.254.0.0/16", "link-local, metadata"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "protocol assignments, metadata"),
        ("192.0.2.0/24", "documentation"),
        ("192.31.196.0/24", "AS112"),
        ("192.52.193.0/24", "AMT relay"),
        ("192.88.99.0/24", "6to4 relay"),
        ("192.168.0.0/16", "private"),
        ("192.175.48.0/24", "AS112"),
        ("198.18.0.0/15", "benchmarking"),
        ("198.51.100.0/24", "documentation"),
        ("203.0.113.0/24", "documentation"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved, broadcast"),
    )
)

# IPv6 is closed except for global unicast, which has these holes. Outside it lie loopback, mapped and translated
# IPv4 (::ffff:0:0/96, 64:ff9b::/96, 64:ff9b:1::/48), unique local, link-local, site-local and multicast.
OPEN_V6 = IPv6Network("2000::/3")
CLOSED_V6: tuple[tuple[IPv6Network, str], ...] = tuple(
    (IPv6Network(network), why)
    for network, why in (
        ("2001::/23", "protocol assignments: Teredo, ORCHID, AMT"),
        ("2001:db8::/32", "documentation"),
        ("2002::/16", "6to4: carries an IPv4 address"),
        ("2620:4f:8000::/48", "AS112"),
        ("3fff::/20", "documentation"),
    )
)


def parse_ip(text: str) -> IPv4Address | IPv6Address | None:
    """The address that `text` spells strictly (no octal, no short forms), or None. A zone (`%eth0`) is kept off."""
    try:
        return ip_address(text.partition("%")[0])
    except ValueError:
        return None


def is_public(address: IPv4Address | IPv6Address) -> bool:
    """Whether a connection to `address` leaves for the public internet."""
    if isinstance(address, IPv4Address):
        return not any(address in network for network, _ in CLOSED_V4)
    return address in OPEN_V6 and not any(address in network for network, _ in CLOSED_V6)
