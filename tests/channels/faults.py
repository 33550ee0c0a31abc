"""Every fault that a channel's other side can show, and what must come of it.

`again`   certainly not taken: tried again by itself
`doubt`   nobody knows: a channel that knows a repeat tries again, on any other a person looks first
`failed`  a clear no: a person looks
`yes`     the status line has said yes, and that is believed
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from tests.channels.robots import said
from tests.sinks import Behaviour, answers, hangs_up, never_answers, status

KNOWS, ROBOT, GATEWAY, ACCOUNT = ("webhook", "websub"), ("wecom", "dingtalk", "feishu"), ("sms",), ("wechat",)
KINDS = (*KNOWS, *ROBOT, *GATEWAY, *ACCOUNT)


@dataclass(frozen=True)
class Fault:
    """How the other side misbehaves once. `taken`: it did what was asked before. `means`: per kind, else `usually`."""

    behave: Behaviour
    usually: str
    taken: bool = False
    means: dict[str, str] = field(default_factory=dict)

    def outcome(self, kind: str) -> str:
        """What must come of it; empty: no such fault on this kind."""
        found = self.means.get(kind, self.usually)
        return "again" if found == "doubt" and kind in KNOWS else found


def raw(*pieces: bytes, pause: float = 0.0) -> Behaviour:
    """These bytes instead of an answer, and the end of the connection."""

    async def behave(request: web.Request) -> web.StreamResponse:
        assert isinstance(request.transport, asyncio.Transport)
        for piece in pieces:
            if request.transport.is_closing():
                break
            request.transport.write(piece)
            await asyncio.sleep(pause)
        request.transport.close()
        return web.Response()

    return behave


def inside(kind_codes: dict[str, int]) -> Behaviour:
    """A 200 with this kind's own code inside."""

    async def behave(request: web.Request) -> web.StreamResponse:
        kind = request.path.split("/")[1]
        return said(kind_codes[kind], "no", "code" if kind == "feishu" else "errcode")

    return behave


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
LARGE = b'{"errcode":0,"code":0,"words":"' + b"x" * 3_000_000 + b'"}'
BELIEVED = dict.fromkeys((*KNOWS, *GATEWAY), "yes")
ABSENT = dict.fromkeys((*KNOWS, *GATEWAY), "")
RATES = {"wecom": 45009, "dingtalk": 130101, "feishu": 11232, "wechat": 45011}
NOES = {"wecom": 93000, "dingtalk": 310000, "feishu": 19021, "wechat": 48001}

FAULTS: dict[str, Fault] = {
    "too many, come in 7 s": Fault(status(429, {"Retry-After": "7"}), "again"),
    "too early or too slow": Fault(status(408), "again"),
    "broken inside": Fault(status(500), "again"),
    "no backend": Fault(status(502), "again"),
    "down for now": Fault(status(503, {"Retry-After": "nonsense"}), "again"),
    "gateway gave up waiting": Fault(status(504), "doubt"),
    "bad request": Fault(status(400), "failed"),
    "not allowed": Fault(status(401), "failed"),
    "no longer there": Fault(status(410), "failed"),
    "too large": Fault(status(413), "failed"),
    "somewhere else": Fault(status(307, {"Location": "http://127.0.0.1:9/elsewhere"}), "failed"),
    "hangs up, not taken": Fault(hangs_up, "doubt"),
    "hangs up, taken": Fault(hangs_up, "doubt", taken=True),
    "silence, not taken": Fault(never_answers, "doubt"),
    "silence, taken": Fault(never_answers, "doubt", taken=True),
    "answers byte by byte": Fault(
        raw(*[HEAD[i : i + 1] for i in range(40)], pause=0.05), "doubt", taken=True
    ),
    "speaks no HTTP": Fault(raw(b"220 mail.example.org ESMTP\r\n"), "doubt"),
    "half a yes": Fault(raw(HEAD + b'Content-Length: 30\r\n\r\n{"errcode":'), "doubt", True, BELIEVED),
    "a page to log in": Fault(answers("<html>请先登录</html>"), "doubt", means=ABSENT),
    "a yes without end": Fault(
        raw(HEAD + b"Content-Length: %d\r\n\r\n" % len(LARGE), LARGE), "doubt", True, BELIEVED
    ),
    "busy inside 200": Fault(inside(RATES), "again", means=ABSENT),
    "no inside 200": Fault(inside(NOES), "failed", means=ABSENT),
}

# Answers of robots that are neither yes nor no.
SHAPES: dict[str, Behaviour] = {
    "a word": answers("ok"),
    "nothing": answers(""),
    "a list": answers([0]),
    "no code": answers({"errmsg": "ok"}),
    "a word for a code": answers({"errcode": "0", "code": "0"}),
}

# Told apart by one piece of code for all kinds, so shown on one.
OTHERS: dict[str, Behaviour] = {
    "425": status(425),
    "429": status(429),
    "429 with a date": status(429, {"Retry-After": "Tue, 24 Nov 2026 02:00:00 GMT"}),
}

# For one step of a channel that takes several.
TEMPORARY: dict[str, Behaviour] = {
    "429": status(429, {"Retry-After": "7"}),
    "503": status(503, {"Retry-After": "nonsense"}),
}
PERMANENT: dict[str, Behaviour] = {
    "400": status(400),
    "404": status(404),
    "redirect": status(302, {"Location": "http://127.0.0.1:9/elsewhere"}),
}
AMBIGUOUS: dict[str, Behaviour] = {
    "hangs up": hangs_up,
    "never answers": never_answers,
    "504": status(504),
    "half an answer": FAULTS["half a yes"].behave,
    "no HTTP": FAULTS["speaks no HTTP"].behave,
}
