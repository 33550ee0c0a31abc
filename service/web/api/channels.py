"""Channels (渠道): add one (its secret is answered once), switch it, try it out. Addresses are masked: some are passwords."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import Field

from service.store.tables import Channel
from service.usecases import channels
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, MaybeReason, Nothing, Page, Paged, Plain, Sent, Shown, Version


class NewChannel(Sent):
    """A way out. Without `secret` one is made where the kind needs it."""

    name: str = Field(min_length=1, max_length=100)
    kind: str = Field(max_length=32)
    url: str = Field(default="", max_length=2000)
    secret: str = Field(default="", max_length=500)
    settings: dict[str, Any] = Field(default={})


class ChannelChanges(Sent):
    """What is not sent stays."""

    url: str | None = Field(default=None, max_length=2000)
    secret: str | None = Field(default=None, max_length=500)
    settings: dict[str, Any] | None = None
    version: Version = None


class ChannelOut(Shown):
    """A channel. `url` is masked."""

    id: UUID
    name: str
    kind: Plain
    url: str
    settings: dict[str, Any]
    enabled: bool
    health: Plain
    reason: str
    failures: int
    last_success: datetime | None
    version: int


class Made(Shown):
    """The new channel, and its secret this one time."""

    channel: ChannelOut
    secret: str | None


class Tried(Shown):
    """How a marked test message fared."""

    ok: bool
    code: str
    error: str


def shown(channel: Channel) -> dict[str, Any]:
    """A channel as the API shows it."""
    return channel.model_dump(exclude={"secret"}) | {"url": channels.masked(channel.url)}


async def listing(call: Call) -> Listed:
    """By name."""
    wanted = call.asked(Paged)
    after = unpack(wanted.cursor, str)[0] if wanted.cursor else ""
    rows = sorted(await channels.listing(call.session), key=lambda row: row.name)
    rows = [row for row in rows if row.name > after]
    part = rows[: wanted.limit]
    return Listed([shown(row) for row in part], pack(part[-1].name) if len(rows) > wanted.limit else None)


async def add(call: Call) -> dict[str, Any]:
    """A new channel."""
    sent = call.sent(NewChannel)
    channel, secret = await channels.add(
        call.ctx, call.session, sent.name, sent.kind, sent.url, call.by,
        secret=sent.secret or None, settings=sent.settings,
    )  # fmt: skip
    return {"channel": shown(channel), "secret": secret}


async def edit(call: Call) -> dict[str, Any]:
    """Change address, secret or settings."""
    sent = call.sent(ChannelChanges)
    channel = await channels.edit(
        call.ctx, call.session, call.id, call.by,
        url=sent.url, secret=sent.secret, settings=sent.settings, version=sent.version,
    )  # fmt: skip
    return shown(channel)


async def enable(call: Call) -> dict[str, Any]:
    """Switch on."""
    return shown(await channels.enable(call.ctx, call.session, call.id, call.by))


async def disable(call: Call) -> dict[str, Any]:
    """Switch off."""
    reason = call.sent(MaybeReason).reason
    return shown(await channels.disable(call.ctx, call.session, call.id, call.by, reason))


async def test(call: Call) -> object:
    """Send a message that says it is a test."""
    return await channels.test(call.ctx, call.house.db, call.house.part("outlets"), call.id, call.by)


ENDPOINTS = (
    Endpoint("GET", "/channels", "channels", "All channels", "channel.read", listing, answer=Page[ChannelOut], query=Paged),
    Endpoint(
        "POST", "/channels", "channels.add", "Add a channel", "channel.edit", add,
        answer=Made, body=NewChannel, status=201, errors=(409,),
    ),
    Endpoint(
        "PATCH", "/channels/{id}", "channel.edit", "Change a channel", "channel.edit", edit,
        answer=ChannelOut, body=ChannelChanges, errors=(404, 409),
    ),
    Endpoint("POST", "/channels/{id}/enable", "channel.enable", "Switch a channel on", "channel.edit", enable, answer=ChannelOut, body=Nothing, errors=(404, 409)),
    Endpoint("POST", "/channels/{id}/disable", "channel.disable", "Switch a channel off", "channel.edit", disable, answer=ChannelOut, body=MaybeReason, errors=(404, 409)),
    Endpoint("POST", "/channels/{id}/test", "channel.test", "Send a marked test message", "channel.edit", test, answer=Tried, body=Nothing, errors=(404,), own=True),
)  # fmt: skip
