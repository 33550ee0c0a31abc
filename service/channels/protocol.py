"""What every channel is: one small adapter to one outside service.

Does not retry, store or decide; the outbox does. Does not log what it sends.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable

from aiohttp import ClientSession

from content.messages import Message


@dataclass(frozen=True)
class Sent:
    """The other side took it. `code` is its own word for that, `remote_id` its name for the message."""

    code: str = "ok"
    remote_id: str = ""
    detail: dict[str, Any] = field(default_factory=dict)


class OutChannel(Protocol):
    """One way out. `idempotent`: the other side recognises `key`, so repeating after an unknown outcome is safe."""

    @property
    def name(self) -> str: ...

    @property
    def idempotent(self) -> bool: ...

    async def send(self, message: Message, key: str) -> Sent:
        """Hand over the message, or raise Temporary, Permanent or Unknown."""
        ...


async def keep_nothing(_kept: Mapping[str, Any]) -> None:
    """For one who has no delivery to keep anything beside."""


@dataclass(frozen=True)
class Stage:
    """What an earlier try of the same delivery left, and how to leave something for the next one.

    `keep` replaces what was kept and is durable when it returns; it raises Temporary when nothing could be kept.
    `earlier`: the other side's names of earlier versions that it took, oldest first.
    """

    kept: Mapping[str, Any] = field(default_factory=dict)
    earlier: tuple[str, ...] = ()
    keep: Callable[[Mapping[str, Any]], Awaitable[None]] = keep_nothing


@runtime_checkable
class Stepped(Protocol):
    """A way out that takes several requests, and may take minutes (see `content.handover`)."""

    async def send_on(self, message: Message, key: str, stage: Stage) -> Sent:
        """Go on from where the last try ended. Raises as `send`, and Underway while the other side is at work."""
        ...

    async def try_out(self, message: Message, key: str) -> Sent:
        """See whether the way is open, without anybody being told anything."""
        ...


@dataclass(frozen=True)
class ChannelConfig:
    """A channel's row as its adapter needs it, the secret opened."""

    name: str
    kind: str
    url: str = ""
    secret: str = ""
    settings: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Transports:
    """What adapters send through. `http` is the guarded session; `render` makes one publication's public files anew."""

    http: ClientSession
    render: Callable[[str], Awaitable[None]]
    smtp_url: str = ""
    sender: str = ""  # the name of the desk, for letters
