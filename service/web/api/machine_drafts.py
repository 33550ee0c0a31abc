"""Drafts that a language model wrote beside a text (机器草稿): ask for one, read them, take a paragraph over.

Nothing of a draft is in the text before an editor takes it, and then the revision is that editor's. Drafts are kept.
"""

from __future__ import annotations

from datetime import datetime
from typing import Literal
from uuid import UUID

from pydantic import Field

from service.store import pieces
from service.usecases import machine_drafts
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.pieces import Saved, with_tag
from service.web.api.shapes import Listed, Nothing, Page, Plain, Sent, Shown


class Place(Sent):
    """Which paragraph: the field it is for, and its number there, from 0."""

    field: str = Field(min_length=1, max_length=32)
    number: int = Field(ge=0, le=1000)


class TakenOut(Shown):
    """A paragraph that somebody took over, and the revision that has it."""

    field: str
    number: int
    revision: int


class DraftOut(Shown):
    """What a language model was asked for and what it said. `machine_made` is always true: show it with the words.

    `state`: asked, working, done, failed; `fault` says why it failed. `paragraphs`: by field of the body. `revision`: the
    text it was asked beside. `prompt_sha256`: of what was sent.
    """

    id: UUID
    piece_id: UUID
    machine_made: Literal[True] = True
    state: Plain
    fault: str
    model: str
    revision: int
    asked_name: str
    asked_at: datetime
    finished_at: datetime | None
    prompt_sha256: str
    paragraphs: dict[str, list[str]]
    taken: list[TakenOut]


async def listing(call: Call) -> Listed:
    """Newest first."""
    await pieces.load(call.session, call.id)
    return Listed(await machine_drafts.of_piece(call.session, call.id))


async def ask(call: Call) -> object:
    """Ask; the one under way, if there is one."""
    return await machine_drafts.ask(call.ctx, call.session, call.id, call.by)


async def take(call: Call) -> Answer:
    """One paragraph becomes part of the text."""
    place = call.sent(Place)
    revision = await machine_drafts.take(call.ctx, call.session, call.id, place.field, place.number, call.by)
    return with_tag(await pieces.load(call.session, revision.piece_id), revision)


ENDPOINTS = (
    Endpoint(
        "GET", "/pieces/{id}/drafts", "piece.drafts", "What a machine drafted beside a piece, newest first", "desk.read", listing,
        answer=Page[DraftOut], errors=(404,),
    ),
    Endpoint(
        "POST", "/pieces/{id}/drafts", "piece.drafts.ask", "Ask a machine for a draft beside the newest text", "piece.write", ask,
        answer=DraftOut, body=Nothing, status=202, errors=(404, 409),
    ),
    Endpoint(
        "POST", "/drafts/{id}/take", "draft.take", "Take one paragraph of a machine's draft over into the text", "piece.write", take,
        answer=Saved, body=Place, errors=(404, 409), etag=True,
    ),
)  # fmt: skip
