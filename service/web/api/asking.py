"""The public asks: what is known about a text, and "is this true?" (a tip) with a token to follow the answer."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from pydantic import Field

from service.usecases import tips
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.publications import Summary, summary
from service.web.api.shapes import Region, Sent, Shown
from service.web.clients import client_ip
from service.web.openness import PUBLIC
from service.web.public import looking
from service.web.public.known import LONGEST
from service.web.public.tips import SENDING


class Question(Sent):
    """A text that somebody heard."""

    text: str = Field(min_length=1, max_length=LONGEST)


class Known(Shown):
    """`same` answers this very claim. `known` false means unknown, and unknown is not true (未收录不等于属实)."""

    known: bool
    unknown_means_true: Literal[False] = False
    same: Summary | None
    related: list[Summary]


class NewTip(Sent):
    """A question from the public. `contact` is kept encrypted and forgotten 30 days after the answer."""

    text: str = Field(min_length=tips.SHORTEST, max_length=tips.LONGEST)
    url: str = Field(default="", max_length=2000)
    region: Region | None = None
    contact: str = Field(default="", max_length=tips.LONGEST_CONTACT)


class Taken(Shown):
    """The token is told this once. `status_url` is this API's, `page_url` the page for people."""

    token: str
    status_url: str
    page_url: str


class TipStatus(Shown):
    """How far the question is. `publication` answers it."""

    state: Literal["received", "in_work", "answered", "closed"]
    asked_at: datetime
    text: str
    answered_at: datetime | None
    public_id: str | None


async def check(call: Call) -> dict[str, object]:
    """The nearest published answers. Suggests, never judges."""
    call.request.app[looking.ASKING].take(client_ip(call.request))
    found = await call.request.app[looking.KNOWN].ask(
        call.house.db, call.asked(Question).text, call.ctx.now()
    )
    return {
        "known": found.same is not None,
        "same": summary(call, found.same) if found.same else None,
        "related": [summary(call, one) for one in found.related],
    }


async def submit(call: Call) -> Taken:
    """Take a question."""
    call.request.app[SENDING].take(client_ip(call.request))
    sent = call.sent(NewTip)
    _, token = await tips.submit(call.ctx, call.session, sent.text, sent.url, sent.region, sent.contact)
    base = call.ctx.settings.public_url
    return Taken(token=token, status_url=f"{base}/api/v1/tips/{token}", page_url=f"{base}/tip/{token}")


async def status(call: Call) -> Answer:
    """How far a question is, for whoever has its token."""
    found = await tips.status(call.session, call.request.match_info["token"])
    return Answer(found, headers={"Cache-Control": "no-store"})


ENDPOINTS = (
    Endpoint(
        "GET", "/check", "check", "What is known about a text", PUBLIC, check,
        answer=Known, query=Question, errors=(429,), own=True,
    ),
    Endpoint(
        "POST", "/tips", "tips.submit", "Ask whether something is true", PUBLIC, submit,
        answer=Taken, body=NewTip, status=201, errors=(429,),
    ),
    Endpoint(
        "GET", "/tips/{token}", "tip", "How far a question is", PUBLIC, status, answer=TipStatus, errors=(404,)
    ),
)  # fmt: skip
