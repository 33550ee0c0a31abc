"""Our own public site as a channel: sending means rendering. Idempotent, since rendering twice gives the same files."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from content.messages import Message
from service.channels.errors import Temporary
from service.channels.protocol import Sent


@dataclass(frozen=True)
class SiteChannel:
    """Renders one publication and all lists it stands in, through the caller's renderer."""

    name: str
    render: Callable[[str], Awaitable[None]]
    idempotent: bool = True

    async def send(self, message: Message, key: str) -> Sent:
        """Write the files; a full or locked disk is worth another try."""
        try:
            await self.render(message.id)
        except OSError as error:
            raise Temporary("disk", str(error)) from error
        return Sent(code="rendered", remote_id=message.url)
