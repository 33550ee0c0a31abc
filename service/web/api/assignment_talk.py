"""What is said about an assignment: the expert asks back or names a colleague; the desk replies, confirms or refuses."""

from __future__ import annotations

from pydantic import Field

from service.usecases import asking_back, handing_over
from service.web.api.assignments import AskBackOut, AssignmentOut, HandOverOut
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Nothing, Sent


class Question(Sent):
    """What the expert wants to know before answering, or the desk's reply to that."""

    text: str = Field(min_length=1, max_length=2000)


class Colleague(Sent):
    """Who should answer instead: the whole name, and the unit where two share one."""

    name: str = Field(min_length=1, max_length=100)
    unit: str = Field(default="", max_length=200)
    reason: str = Field(min_length=1, max_length=500)


class Note(Sent):
    """Why not; the expert reads it."""

    note: str = Field(min_length=1, max_length=500)


async def ask(call: Call) -> object:
    """The expert asks back."""
    return await asking_back.ask(call.ctx, call.session, call.id, call.sent(Question).text, call.by)


async def reply(call: Call) -> object:
    """The desk replies."""
    return await asking_back.reply(call.ctx, call.session, call.id, call.sent(Question).text, call.by)


async def propose(call: Call) -> object:
    """The expert names a colleague."""
    sent = call.sent(Colleague)
    return await handing_over.propose(
        call.ctx, call.session, call.id, sent.name, sent.unit, sent.reason, call.by
    )


async def confirm(call: Call) -> object:
    """The desk agrees; the new assignment."""
    return await handing_over.confirm(call.ctx, call.session, call.id, call.by)


async def refuse(call: Call) -> object:
    """The desk does not."""
    return await handing_over.refuse(call.ctx, call.session, call.id, call.sent(Note).note, call.by)


MINE, ASK = "assignment.answer", "assignment.offer"
ENDPOINTS = (
    Endpoint(
        "POST", "/assignments/{id}/ask-back", "assignment.ask_back", "Ask the desk before answering", MINE, ask,
        answer=AskBackOut, body=Question, status=201, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/ask-backs/{id}/reply", "ask_back.reply", "Reply to an expert's question", ASK, reply,
        answer=AskBackOut, body=Question, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/assignments/{id}/hand-over", "assignment.hand_over", "Name a colleague who should answer", MINE, propose,
        answer=HandOverOut, body=Colleague, status=201, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/hand-overs/{id}/confirm", "hand_over.confirm", "Ask the colleague instead", ASK, confirm,
        answer=AssignmentOut, body=Nothing, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/hand-overs/{id}/refuse", "hand_over.refuse", "Keep the question with the first expert", ASK, refuse,
        answer=HandOverOut, body=Note, errors=(404, 409),
    ),
)  # fmt: skip
