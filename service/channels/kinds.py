"""The kinds of channel there are, what each needs, and how its adapter is made."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from service.channels.dingtalk import DingtalkChannel
from service.channels.email import EmailChannel
from service.channels.feishu import FeishuChannel
from service.channels.protocol import ChannelConfig, OutChannel, Transports
from service.channels.site import SiteChannel
from service.channels.sms import SmsChannel
from service.channels.todo import TodoChannel
from service.channels.webhook import WebhookChannel
from service.channels.websub import WebsubChannel
from service.channels.wechat import COVER, WechatChannel
from service.channels.wechat_api import WechatApi
from service.channels.wecom import WecomChannel
from service.errors import Invalid

OFFICIAL_ACCOUNTS = "https://api.weixin.qq.com"
Opener = Callable[[ChannelConfig, Transports, Callable[[], datetime]], OutChannel]


@dataclass(frozen=True)
class Kind:
    """`idempotent`: the other side recognises a repeat. `per_minute`: the most messages it takes; None: no limit named.

    `by_hand`: a person does it, so waiting for one is not a failure. `stepped`: it takes several requests, and what was
    kept between them says whether a try may be repeated (`content.handover`).
    """

    name: str
    open: Opener
    idempotent: bool = False
    needs_url: bool = True
    makes_secret: bool = False
    per_minute: int | None = None
    by_hand: bool = False
    stepped: bool = False


def _site(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return SiteChannel(config.name, through.render)


def _webhook(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return WebhookChannel(config.name, config.url, config.secret, through.http, now)


def _wecom(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return WecomChannel(config.name, config.url, through.http, now)


def _dingtalk(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    keyword = str(config.settings.get("keyword", ""))
    return DingtalkChannel(config.name, config.url, config.secret, through.http, now, keyword)


def _feishu(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return FeishuChannel(config.name, config.url, config.secret, through.http, now)


def _email(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return EmailChannel(config.name, through.smtp_url, tuple(config.settings.get("to", ())))


def _sms(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    to = tuple(config.settings.get("to", ()))
    return SmsChannel(config.name, config.url, config.secret, to, through.http, now)


def _websub(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return WebsubChannel(config.name, config.url, through.http, now)


def _wechat(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    appid = str(config.settings.get("appid", ""))
    api = WechatApi(config.url or OFFICIAL_ACCOUNTS, appid, config.secret, through.http, now)
    return WechatChannel(config.name, api, str(config.settings.get("cover") or COVER))


def _todo(config: ChannelConfig, through: Transports, now: Callable[[], datetime]) -> OutChannel:
    return TodoChannel(config.name)


KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (
        Kind("site", _site, idempotent=True, needs_url=False),
        Kind("webhook", _webhook, idempotent=True, makes_secret=True),
        Kind("email", _email, needs_url=False),
        Kind("wecom", _wecom, per_minute=18),
        Kind("dingtalk", _dingtalk, per_minute=18),
        Kind("feishu", _feishu, per_minute=90),
        Kind("sms", _sms, makes_secret=True),
        Kind("wechat", _wechat, needs_url=False, stepped=True),
        Kind("websub", _websub, idempotent=True),
        Kind("todo", _todo, needs_url=False, by_hand=True),
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
