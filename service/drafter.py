"""Ask a language model behind an OpenAI-compatible address, and hand back what it said. Off unless the operator sets one.

    Request → POST …/chat/completions → words, or NoDraft(code)

One request, one answer, within limits of time and size; follows no redirect, keeps nothing, retries nothing and trusts
nothing that comes back: `content.machine` reads it.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import aiohttp
from yarl import URL

from service.errors import QingyuanError

ANSWER_BYTES: Final = 256 * 1024
MOST_TOKENS: Final = 1600
PATH: Final = "chat/completions"


class NoDraft(QingyuanError):
    """The language model gave no answer."""

    type = "no_draft"
    status = 502

    def __init__(self, code: str) -> None:
        """`code` stands in the record: refused, busy, timeout, unreachable, too_big, bad_answer, http_NNN."""
        super().__init__()
        self.code = code


@dataclass(frozen=True)
class Drafter:
    """One model. `seconds` is for the whole answer."""

    session: aiohttp.ClientSession
    url: str
    model: str
    key: str = ""
    seconds: float = 90.0

    async def ask(self, messages: list[dict[str, str]]) -> str:
        """What the model says to these messages."""
        asked: dict[str, Any] = {
            "model": self.model,
            "messages": messages,
            "temperature": 0.2,
            "max_tokens": MOST_TOKENS,
            "stream": False,
        }
        try:
            async with asyncio.timeout(self.seconds):
                return _words(await self._post(asked))
        except TimeoutError:
            raise NoDraft("timeout") from None
        except (aiohttp.ClientError, OSError, QingyuanError) as error:
            raise error if isinstance(error, NoDraft) else NoDraft("unreachable") from None

    async def _post(self, asked: Mapping[str, Any]) -> bytes:
        headers = {"Authorization": f"Bearer {self.key}"} if self.key else {}
        limits = aiohttp.ClientTimeout(total=None, sock_read=self.seconds)
        async with self.session.post(
            address(self.url), json=asked, headers=headers, allow_redirects=False, timeout=limits
        ) as response:
            if response.status != 200:
                raise NoDraft(_code(response.status))
            body = bytearray()
            async for chunk in response.content.iter_chunked(16 * 1024):
                body += chunk
                if len(body) > ANSWER_BYTES:
                    raise NoDraft("too_big")
            return bytes(body)


def address(url: str) -> URL:
    """Where to ask: the operator may write the base address or the whole one."""
    base = URL(url.rstrip("/"))
    return base if base.path.endswith(f"/{PATH}") else base / PATH


def _code(status: int) -> str:
    if status in (401, 403):
        return "refused"
    return "busy" if status in (429, 503) else f"http_{status}"


def _words(body: bytes) -> str:
    try:
        said = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        raise NoDraft("bad_answer") from None
    if not isinstance(said, str) or not said.strip():
        raise NoDraft("bad_answer")
    return said
