"""What a receiver's reader understands of a message: which version of which page it is about, whatever the channel."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass

MARKS = {"【更正】": "correct", "【更新】": "correct", "【撤回】": "retract", "【解除】": "retract"}


@dataclass(frozen=True)
class Taken:
    """One message that a receiver took. `act`: publish, correct or retract; `at`: seconds since 1970."""

    channel: str
    key: str
    page: str
    act: str
    at: float


def understood(channel: str, key: str, said: str) -> Taken:
    """`key`: what the receiver could know a repeat by; `said`: the request's body, a letter, or title and address."""
    page = re.search(r"/p/([0-9a-z]{12})", said)
    sent_as = re.search(r'"type": ?"(publish|correct|retract)"', said)
    act = sent_as.group(1) if sent_as else next((a for m, a in MARKS.items() if m in said), "publish")
    return Taken(channel, key, page.group(1) if page else "", act, time.time())
