"""Pieces (稿件): write, with an ETag of the revision read; comments; what changed between revisions."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from content.body import PieceBody
from content.piece_states import PieceState
from content.pieces import Piece, Revision
from service.store import pieces as store
from service.usecases import pieces
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.faults import StaleTag
from service.web.api.shapes import Listed, Page, Paged, Plain, Sent, Shown


class PieceQuery(Paged):
    """In one state, or about one case."""

    state: PieceState | None = None
    case: UUID | None = None


class NewPiece(Sent):
    """What kind, about which case (or none), and perhaps a first text."""

    kind: Literal["rebuttal", "explainer", "holding"]
    case_id: UUID | None = None
    body: PieceBody | None = None
    exercise: bool = False


class Comment(Sent):
    """A remark for colleagues."""

    note: str = Field(min_length=1, max_length=2000)


class DiffQuery(Sent):
    """From which revision to which."""

    a: int = Field(ge=1, le=2**31 - 1)
    b: int = Field(ge=1, le=2**31 - 1)


class PieceOut(Shown):
    """A piece in a list."""

    id: UUID
    kind: Plain
    state: Plain
    title: str
    case_id: UUID | None
    corrects: str | None
    public_id: str | None
    author_id: UUID
    revision: int
    exercise: bool
    publish_at: datetime | None
    updated_at: datetime


class RevisionOut(Shown):
    """Who wrote which text when."""

    number: int
    sha256: str
    author_name: str
    created_at: datetime


class ActOut(Shown):
    """What was done with which revision."""

    act: str
    revision: int
    by_name: str
    at: datetime
    note: str


class WholePiece(Shown):
    """A piece with its newest text. `hands`: who may not approve it. The answer's ETag is what If-Match wants."""

    piece: PieceOut
    revision: int
    sha256: str
    body: PieceBody
    revisions: list[RevisionOut]
    acts: list[ActOut]
    approved: bool
    problems: list[dict[str, Any]]
    hands: list[UUID]


class Saved(Shown):
    """The revision that now is the newest. An unchanged text makes no new one."""

    piece: PieceOut
    revision: int
    sha256: str


class SpanOut(Shown):
    """Some words that stayed, went or came."""

    kind: Plain
    text: str


class Difference(Shown):
    """What changed in one field."""

    field: str
    spans: list[SpanOut]


class Differences(Shown):
    """Field by field; unchanged ones are left out."""

    items: list[Difference]


def tag_of(revision: Revision) -> str:
    """The ETag of a piece with this newest revision."""
    return f'"{revision.number}-{revision.sha256[:16]}"'


def with_tag(piece: Piece, revision: Revision, status: int | None = None) -> Answer:
    """A piece after writing, with its ETag."""
    value = {"piece": piece, "revision": revision.number, "sha256": revision.sha256}
    return Answer(value, status, headers={"ETag": tag_of(revision)})


async def listing(call: Call) -> Listed:
    """Last changed first."""
    wanted = call.asked(PieceQuery)
    before = unpack(wanted.cursor, UUID)[0] if wanted.cursor else None
    states = (wanted.state,) if wanted.state else ()
    rows = await pieces.listing(call.session, states, wanted.case, before, wanted.limit + 1)
    shown = rows[: wanted.limit]
    return Listed(shown, pack(shown[-1].id) if len(rows) > wanted.limit else None)


async def show(call: Call) -> Answer:
    """One piece."""
    found = await pieces.page(call.ctx, call.session, call.id)
    value = {
        "piece": found.piece,
        "revision": found.revision.number,
        "sha256": found.revision.sha256,
        "body": found.body,
        "revisions": found.revisions,
        "acts": found.acts,
        "approved": found.approval is not None,
        "problems": [problem.as_dict() for problem in found.problems],
        "hands": sorted(found.hands),
    }
    return Answer(value, headers={"ETag": tag_of(found.revision)})


async def create(call: Call) -> Answer:
    """Begin a piece."""
    sent = call.sent(NewPiece)
    piece = await pieces.create(
        call.ctx, call.session, sent.case_id, sent.kind, call.by, sent.body, exercise=sent.exercise
    )
    await call.session.flush()
    return with_tag(piece, await store.revision(call.session, piece.id, piece.revision))


async def save(call: Call) -> Answer:
    """Keep a text as the next revision, if the one in If-Match is still the newest."""
    piece = await store.load(call.session, call.id)
    current = await store.revision(call.session, piece.id, piece.revision)
    wanted = [part.strip() for part in call.request.headers.get("If-Match", "").split(",")]
    if (
        tag_of(current) not in wanted
    ):  # "*" would mean: whatever it is, which is what this is there to prevent
        raise StaleTag(current=piece.revision)
    revision = await pieces.save(
        call.ctx, call.session, call.id, call.sent(PieceBody), call.by, current.number
    )
    return with_tag(await store.load(call.session, call.id), revision)


async def comment(call: Call) -> object:
    """Say something about the newest revision."""
    return await pieces.comment(call.ctx, call.session, call.id, call.sent(Comment).note, call.by)


async def diff(call: Call) -> dict[str, Any]:
    """What changed."""
    wanted = call.asked(DiffQuery)
    found = await pieces.diff(call.session, call.id, wanted.a, wanted.b)
    return {"items": found}


ENDPOINTS = (
    Endpoint("GET", "/pieces", "pieces", "Pieces, last changed first", "desk.read", listing, answer=Page[PieceOut], query=PieceQuery),
    Endpoint(
        "POST", "/pieces", "pieces.create", "Begin a piece", "piece.write", create,
        answer=Saved, body=NewPiece, status=201, errors=(404,), etag=True,
    ),
    Endpoint(
        "GET", "/pieces/{id}", "piece", "One piece with its newest text", "desk.read", show,
        answer=WholePiece, errors=(404,), etag=True,
    ),
    Endpoint(
        "PUT", "/pieces/{id}", "piece.save", "Keep a text as the next revision", "piece.write", save,
        answer=Saved, body=PieceBody, errors=(404, 409, 412, 428), etag=True, if_match=True,
    ),
    Endpoint(
        "POST", "/pieces/{id}/comments", "piece.comment", "Say something for colleagues", "piece.comment", comment,
        answer=ActOut, body=Comment, status=201, errors=(404,),
    ),
    Endpoint(
        "GET", "/pieces/{id}/diff", "piece.diff", "What changed between two revisions", "desk.read", diff,
        answer=Differences, query=DiffQuery, errors=(404,),
    ),
)  # fmt: skip
