"""Administer channels (渠道): add, change, switch off, try out. The secret is shown once, when it is made.

Does not deliver; `service.usecases.deliver` does.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from typing import Any
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession
from yarl import URL

from content.messages import sample
from content.permissions import Actor, require
from content.routing import SITE
from service.channels.errors import ChannelError
from service.channels.kinds import kind_of
from service.channels.outlets import Outlets
from service.channels.protocol import ChannelConfig, Stepped
from service.channels.webhook import new_secret
from service.context import Context
from service.errors import Conflict, Invalid, QingyuanError
from service.store import audit, deliveries
from service.store import channels as store
from service.store.engine import Database
from service.store.notify import announce
from service.store.tables.channels import Channel
from service.usecases.speaking import house

WECHAT = "wechat"
LONG_NAME = 12  # a last part of an address that is longer may be a password
ROUTING = frozenset({"kinds", "topics", "hazards", "regions", "audiences"})
DESK_KINDS = frozenset({"email", "wecom", "dingtalk", "feishu"})
SETTINGS = frozenset(
    {"routing", "exercise", "quiet", "per_minute", "to", "keyword", "appid", "cover", "desk", "experts"}
)


@dataclass(frozen=True)
class TestResult:
    """How a marked test message fared. `code` is the other side's own word."""

    ok: bool
    code: str
    error: str = ""


async def add(
    ctx: Context,
    session: AsyncSession,
    name: str,
    kind: str,
    url: str,
    by: Actor,
    secret: str | None = None,
    settings: Mapping[str, Any] | None = None,
) -> tuple[Channel, str | None]:
    """A new channel, switched on, and its secret in the clear: the one time that it can be read."""
    require(by, "channel.edit")
    wanted = kind_of(kind)
    if await store.by_name(session, name.strip()):
        raise Conflict(f"there is a channel called '{name}' already")
    if not name.strip() or kind == SITE or (name.strip() == SITE):
        raise Invalid("this name or kind is not for a new channel; the site has its channel by itself")
    if wanted.needs_url or url:
        _check_url(url)
    if kind == WECHAT and not ((settings or {}).get("appid") and secret):
        raise Invalid("an official account needs its appid (in the settings) and its secret")
    if (settings or {}).get("desk") and kind not in DESK_KINDS:
        raise Invalid("the desk is told by email or by a chat robot")
    if (settings or {}).get("experts") and kind != "sms":
        raise Invalid("single experts are told by text message; letters need no channel")
    now = ctx.now()
    channel = Channel(
        id=ctx.new_id(),
        name=name.strip(),
        kind=kind,
        url=url,
        settings=_checked(settings or {}),
        created_at=now,
        updated_at=now,
    )
    secret = secret or (new_secret() if wanted.makes_secret else None)
    channel.secret = ctx.keys.encrypt(secret, str(channel.id)) if secret else None
    session.add(channel)
    await audit.record(ctx, session, by, "channel.add", "channel", channel.id, after=_shown(channel))
    return channel, secret


async def edit(
    ctx: Context,
    session: AsyncSession,
    channel_id: UUID,
    by: Actor,
    *,
    url: str | None = None,
    secret: str | None = None,
    settings: Mapping[str, Any] | None = None,
    version: int | None = None,
) -> Channel:
    """Change address, secret or settings. What is left None stays. Exercise mode can't be turned off (or on) later."""
    require(by, "channel.edit")
    channel = await store.load(session, channel_id)
    if version is not None and version != channel.version:
        raise Conflict
    before, changes = _shown(channel), dict[str, Any]()
    if url is not None:
        _check_url(url)
        changes["url"] = url
    if secret:
        changes["secret"] = ctx.keys.encrypt(secret, str(channel.id))
    if settings is not None:
        changes["settings"] = _checked(settings)
        if bool(settings.get("exercise")) != bool(channel.settings.get("exercise")):
            raise Invalid("exercise mode is chosen once; make another channel")
    await store.save(session, channel, ctx, **changes)
    await audit.record(ctx, session, by, "channel.edit", "channel", channel.id, before, _shown(channel))
    return channel


async def disable(
    ctx: Context, session: AsyncSession, channel_id: UUID, by: Actor, reason: str = ""
) -> Channel:
    """Switch a channel off: it gets nothing new, and what waits for it waits on. The site can't be switched off."""
    return await _switch(ctx, session, channel_id, by, on=False, reason=reason)


async def enable(ctx: Context, session: AsyncSession, channel_id: UUID, by: Actor) -> Channel:
    """Switch a channel on again; what waits for it goes out."""
    return await _switch(ctx, session, channel_id, by, on=True)


async def _switch(
    ctx: Context, session: AsyncSession, channel_id: UUID, by: Actor, on: bool, reason: str = ""
) -> Channel:
    require(by, "channel.edit")
    channel = await store.load(session, channel_id)
    if channel.kind == SITE:
        raise Invalid("the public site cannot be switched off")
    before = _shown(channel)
    await store.save(session, channel, ctx, enabled=on)
    act = "channel.enable" if on else "channel.disable"
    await audit.record(ctx, session, by, act, "channel", channel.id, before, _shown(channel), reason)
    await announce(session, "deliveries", str(channel.id))
    return channel


async def listing(session: AsyncSession) -> Sequence[Channel]:
    """All channels by name. Show `masked(channel.url)`, never the address itself: a robot's address is its password."""
    return await store.listing(session)


async def test(ctx: Context, db: Database, outlets: Outlets, channel_id: UUID, by: Actor) -> TestResult:
    """Send a message that says it is a test. Not for the site. Needs no transaction around it."""
    require(by, "channel.edit")
    async with db.read() as session:
        channel = await store.load(session, channel_id)
    if channel.kind == SITE:
        raise Invalid("the public site needs no test message")
    result = await _try(ctx, outlets, channel)
    async with db.write() as session:
        if result.ok:
            await store.note_health(ctx, session, channel_id, "ok", "", 0)
            await deliveries.wake(session, channel_id, ctx.now())
        else:
            reason = f"{result.code} {result.error}".strip()
            await store.note_health(ctx, session, channel_id, "failing", reason, channel.failures + 1)
        after = {"ok": result.ok, "code": result.code}
        await audit.record(ctx, session, by, "channel.test", "channel", channel_id, after=after)
    return result


async def _try(ctx: Context, outlets: Outlets, channel: Channel) -> TestResult:
    message = sample(str(ctx.new_id()), house(ctx), ctx.now())
    try:
        adapter = outlets.open(config_of(ctx, channel))
        say = adapter.try_out if isinstance(adapter, Stepped) else adapter.send
        sent = await say(message, message.key)
    except ChannelError as error:
        return TestResult(False, error.code, str(error))
    except QingyuanError as error:
        return TestResult(False, error.type, str(error))
    return TestResult(True, sent.code)


def config_of(ctx: Context, channel: Channel) -> ChannelConfig:
    """The channel with its secret opened; Invalid when this installation's key does not open it."""
    secret = ctx.keys.decrypt(channel.secret, str(channel.id)) if channel.secret else ""
    return ChannelConfig(channel.name, channel.kind, channel.url, str(secret), dict(channel.settings))


def masked(url: str) -> str:
    """The address without what is a password in it: no query, no user, a long last part cut."""
    try:
        parsed = URL(url)
        bare = parsed.with_user(None).with_query(None).with_fragment(None) if parsed.absolute else parsed
    except ValueError:
        return "…"
    shown, last = bare.human_repr(), bare.name
    if len(last) > LONG_NAME:
        shown = shown[: len(shown) - len(last) + 4] + "…"
    return shown + ("?…" if parsed.query_string else "")


def _shown(channel: Channel) -> dict[str, Any]:
    """What the audit log keeps: no secret and no address that is one."""
    return {
        "name": channel.name,
        "kind": channel.kind,
        "url": masked(channel.url),
        "settings": dict(channel.settings),
        "enabled": channel.enabled,
    }


def _check_url(url: str) -> None:
    try:
        parsed = URL(url)
    except ValueError:
        raise Invalid("this is not an address") from None
    if parsed.scheme not in ("http", "https") or not parsed.host or parsed.user:
        raise Invalid("a channel's address starts with http:// or https:// and has no user in it")


def _checked(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, or Invalid naming what is wrong with them."""
    unknown = set(settings) - SETTINGS | set(settings.get("routing") or {}) - ROUTING
    if unknown:
        raise Invalid(f"unknown channel settings: {', '.join(sorted(unknown))}")
    try:
        if quiet := settings.get("quiet"):
            start, end = (time.fromisoformat(part) for part in quiet)
            if start == end:
                raise ValueError
        if (most := settings.get("per_minute")) is not None and not 0 < int(most) <= 10_000:
            raise ValueError
    except (ValueError, TypeError):
        raise Invalid("quiet is two times such as 22:00 and 07:00; per_minute is a number above 0") from None
    return dict(settings)
