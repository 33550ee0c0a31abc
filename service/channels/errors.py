"""Why a message did not go out. A channel raises one of these and never returns a failure."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from service.errors import QingyuanError


class ChannelError(QingyuanError):
    """The channel did not take the message."""

    type = "channel"
    status = 502

    def __init__(
        self,
        code: str,
        message: str | None = None,
        *,
        retry_after: timedelta | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """`code` is the other side's own (`http_503`, `errcode_45009`, `unreachable`) and stands in the attempt log."""
        super().__init__(message, **(detail or {}))
        self.code = code
        self.retry_after = retry_after


class Temporary(ChannelError):
    """Try again later; the channel is busy or unreachable, and certainly did not take the message."""

    type = "channel_temporary"


class Permanent(ChannelError):
    """Trying again cannot help; a person must look."""

    type = "channel_permanent"


class Unknown(ChannelError):
    """The message may have arrived or not; the answer never came."""

    type = "channel_unknown"


class Underway(ChannelError):
    """The other side has taken it and is still at work; ask again later, which repeats nothing."""

    type = "channel_underway"
