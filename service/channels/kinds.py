"""The kinds of channel there are, what each needs, and how its adapter is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.channels.protocol import ChannelConfig, OutChannel, Transports
from service.channels.site import SiteChannel
from service.channels.webhook import WebhookChannel
from service.errors import Invalid

Opener = Callable[[ChannelConfig, Transports, Callable[[], datetime]], OutChannel]


@dataclass(frozen=True)
class Kind:
    """`idempotent`: the other side recognises a repeat. `per_minute`: the most messages it takes; None: no limit named."""

    name: str
    open: Opener
    idempotent: bool = False
    needs_url: bool = True
    makes_secret: bool = False
    per_minute: int | None = None


def _site(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return SiteChannel(config.name, through.render)


def _webhook(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return WebhookChannel(config.name, config.url, config.secret, through.http, now)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("site", _site, idempotent=True, needs_url=False),
        Kind("webhook", _webhook, idempotent=True, makes_secret=True),
    )
}


def kind_of(name: str) -> Kind:
    """The kind with this name, or Invalid naming those there are."""
    if name not in KINDS:
        raise Invalid(f"there is no kind of channel called '{name}'; there are {', '.join(KINDS)}")
    return KINDS[name]


def open_channel(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    """The adapter for a channel."""
    return kind_of(config.kind).open(config, through, now)
