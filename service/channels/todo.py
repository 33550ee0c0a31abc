"""What a person does: read out over the village loudspeakers (大喇叭), print, put on the notice board, carry to a meeting.

Sends nothing. The delivery stands in `uncertain` until somebody says that it was done, which is exactly what that state
means: a person knows. Later versions of the same page wait for it.
"""

from __future__ import annotations

from dataclasses import dataclass

from content.messages import Message
from service.channels.errors import Unknown
from service.channels.protocol import Sent


@dataclass(frozen=True)
class TodoChannel:
    """One place where somebody does it by hand."""

    name: str
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """Never sends; asks for a person."""
        raise Unknown("by_hand")
