"""The interface of a WeChat official account (公众号): one POST each, with a token that is asked for once a try and never stored.

`stable_token` gives the same token to everybody who asks within its two hours, so processes need not share one, and no
other programme of the city that uses the same account is thrown out. A token that the account refuses is renewed once.

Every answer is HTTP 200; `errcode` says whether it is one. Not idempotent by itself; see each caller.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from aiohttp import ClientSession
from yarl import URL

from service.channels.errors import Permanent, Temporary, Unknown
from service.channels.http import post

STALE_TOKEN = frozenset({40001, 40014, 42001})
BUSY = {  # how long to wait
    -1: timedelta(minutes=1),  # "system busy"
    45009: timedelta(hours=1),  # the day's quota
    45011: timedelta(minutes=1),  # too many a minute
    53501: timedelta(minutes=10),  # publishing too often
}


class Refused(Exception):
    """The account's own no."""

    def __init__(self, code: int, words: str) -> None:
        super().__init__(code, words)
        self.code, self.words = code, words


@dataclass(frozen=True)
class WechatApi:
    """One account. `base`: https://api.weixin.qq.com, or the relay of a city whose servers may not go out."""

    base: str
    appid: str
    secret: str
    http: ClientSession
    now: Callable[[], datetime]
    tokens: list[str] = field(default_factory=list)  # the one of this try, once it is there

    async def call(
        self, path: str, body: Mapping[str, Any], unclear: frozenset[int] = frozenset()
    ) -> dict[str, Any]:
        """What the account answers to `POST /cgi-bin/{path}`. Codes in `unclear` leave open whether it was done.

        Temporary before the request itself was sent, so also when no token could be had.
        """
        token = self.tokens[-1] if self.tokens else await self._token(renewed=False)
        try:
            return await self._post(path, body, token)
        except Refused as no:
            if no.code not in STALE_TOKEN:
                raise _meant(no, unclear) from no
        token = await self._token(renewed=True)
        try:
            return await self._post(path, body, token)
        except Refused as no:
            raise _meant(no, unclear) from no

    async def _token(self, renewed: bool) -> str:
        asked = {
            "grant_type": "client_credential",
            "appid": self.appid,
            "secret": self.secret,
            "force_refresh": renewed,
        }
        try:
            answer = await self._post("stable_token", asked)
        except Refused as no:
            raise _meant(no, frozenset()) from no
        except Unknown as error:  # no token, nothing done
            raise Temporary(error.code, "no token") from error
        token = answer.get("access_token")
        if not isinstance(token, str) or not token:
            raise Temporary("no_token")
        self.tokens.append(token)
        return token

    async def _post(self, path: str, body: Mapping[str, Any], token: str = "") -> dict[str, Any]:
        url = URL(self.base.rstrip("/") + f"/cgi-bin/{path}")
        if token:
            url = url.update_query(access_token=token)
        raw = json.dumps(body, ensure_ascii=False).encode()  # \\uXXXX would be shown as such
        answer = (
            await post(self.http, str(url), raw, {"Content-Type": "application/json"}, self.now())
        ).json()
        code = answer.get("errcode", 0)
        if not isinstance(code, int) or isinstance(code, bool):
            raise Unknown("no_code")
        if code:
            raise Refused(code, str(answer.get("errmsg") or "")[:200])
        return answer


def _meant(no: Refused, unclear: frozenset[int]) -> Temporary | Permanent | Unknown:
    name = f"errcode_{no.code}"
    if no.code in unclear:
        return Unknown(name, no.words)
    if no.code in BUSY:
        return Temporary(name, no.words, retry_after=BUSY[no.code])
    return Permanent(name, no.words)
