"""Submit, return, approve, publish (送审、退回、签发、发布), correct and retract. Each names the exact text it means."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from pydantic import AwareDatetime, Field

from content.review import Text
from service.store import pieces as store
from service.usecases import publish as publishing
from service.usecases import review, scheduling, shelf_life
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.pieces import PieceOut, Saved, with_tag
from service.web.api.shapes import Nothing, Plain, Reason, Sent, Shown


class TextNamed(Sent):
    """The text that is meant: number and sha256 of its revision."""

    revision: int = Field(ge=1, le=2**31 - 1)
    sha256: str = Field(pattern=r"^[0-9a-f]{64}$")


class Noted(TextNamed):
    """The text that is meant, and a word about it."""

    note: str = Field(default="", max_length=2000)


class Release(Sent):
    """While an incident is active everyday texts wait; `override` says why this one must go out now."""

    override: str = Field(default="", max_length=1000)


class Moment(TextNamed):
    """When exactly this approved text goes out by itself. Under `embargo` nobody publishes it before."""

    at: AwareDatetime
    embargo: bool = False
    override: str = Field(default="", max_length=1000)


class StillRight(Sent):
    """Somebody has looked and it still holds; `until` is the next review (absent: by the house's rule)."""

    until: date | None = None
    note: str = Field(default="", max_length=500)


class Reviewed(Shown):
    """When it is looked at again."""

    public_id: str
    review_due: datetime


class ApprovalOut(Shown):
    """Who approved exactly which text."""

    id: UUID
    piece_id: UUID
    revision: int
    sha256: str
    approver_id: UUID
    approver_name: str
    at: datetime


class Published(Shown):
    """The version that the public sees now."""

    public_id: str
    version: int
    sequence: int
    type: Plain
    revision: int
    sha256: str
    reason: str
    issued_at: datetime


async def submit(call: Call) -> object:
    """Hand in."""
    sent = call.sent(TextNamed)
    return await review.submit(call.ctx, call.session, call.id, sent.revision, sent.sha256, call.by)


async def approve(call: Call) -> object:
    """Approve exactly this text."""
    sent = call.sent(Noted)
    return await review.approve(
        call.ctx, call.session, call.id, sent.revision, sent.sha256, call.by, sent.note
    )


async def return_(call: Call) -> object:
    """Give it back."""
    sent = call.sent(Noted)
    return await review.return_(
        call.ctx, call.session, call.id, sent.revision, sent.sha256, sent.note, call.by
    )


async def publish(call: Call) -> object:
    """Let it out."""
    return await publishing.publish(
        call.ctx, call.session, call.id, call.by, override=call.sent(Release).override
    )


async def schedule(call: Call) -> object:
    """Let it out later."""
    sent = call.sent(Moment)
    return await scheduling.schedule(
        call.ctx, call.session, call.id, sent.at, Text(sent.revision, sent.sha256), call.by, sent.embargo, sent.override
    )  # fmt: skip


async def unschedule(call: Call) -> object:
    """Not by itself after all."""
    return await scheduling.unschedule(call.ctx, call.session, call.id, call.by)


async def correct(call: Call) -> Answer:
    """Begin a correction."""
    piece = await publishing.start_correction(call.ctx, call.session, call.public_id, call.by)
    await call.session.flush()
    return with_tag(piece, await store.revision(call.session, piece.id, piece.revision))


async def retract(call: Call) -> object:
    """Take it back."""
    return await publishing.retract(call.ctx, call.session, call.public_id, call.sent(Reason).reason, call.by)


async def looked(call: Call) -> Answer:
    """The second look at a retraction."""
    await publishing.looked_at(call.ctx, call.session, call.public_id, call.by)
    return Answer(status=204)


async def still_right(call: Call) -> dict[str, object]:
    """It still holds."""
    sent = call.sent(StillRight)
    piece = await shelf_life.still_right(
        call.ctx, call.session, call.public_id, sent.until, call.by, sent.note
    )
    return {"public_id": call.public_id, "review_due": piece.review_due}


HERE, STALE = "/pieces/{id}", (403, 404, 409)
OUT = "/publications/{public_id}"
ENDPOINTS = (
    Endpoint("POST", f"{HERE}/submit", "piece.submit", "Hand in for approval", "piece.write", submit, answer=PieceOut, body=TextNamed, errors=STALE),
    Endpoint(
        "POST", f"{HERE}/approve", "piece.approve", "Approve exactly this text, as a second person", "piece.approve", approve,
        answer=ApprovalOut, body=Noted, status=201, errors=STALE,
    ),
    Endpoint("POST", f"{HERE}/return", "piece.give_back", "Give a text back with a note", "piece.approve", return_, answer=PieceOut, body=Noted, errors=STALE),
    Endpoint(
        "POST", f"{HERE}/publish", "piece.publish", "Publish what was approved", "piece.publish", publish,
        answer=Published, body=Release, status=201, errors=STALE, after="publish.after_commit",
    ),
    Endpoint(
        "POST", f"{HERE}/schedule", "piece.schedule", "Publish what was approved at a chosen moment", "piece.publish", schedule,
        answer=PieceOut, body=Moment, errors=STALE,
    ),
    Endpoint("POST", f"{HERE}/unschedule", "piece.unschedule", "Take a chosen moment back", "piece.publish", unschedule, answer=PieceOut, body=Nothing, errors=STALE),
    Endpoint(
        "POST", f"{OUT}/correct", "publication.correct", "Begin a correction", "piece.correct", correct,
        answer=Saved, body=Nothing, status=201, errors=(404, 409), etag=True,
    ),
    Endpoint(
        "POST", f"{OUT}/retract", "publication.retract", "Take back what was published", "piece.retract", retract,
        answer=Published, body=Reason, status=201, errors=(404, 409), after="publish.after_commit",
    ),
    Endpoint(
        "POST", f"{OUT}/reviewed", "publication.reviewed", "Say that a published text still holds, and until when", "piece.correct",
        still_right, answer=Reviewed, body=StillRight, errors=(404,),
    ),
    Endpoint(
        "POST", f"{OUT}/looked", "publication.looked", "Confirm the second look at a retraction", "piece.retract", looked,
        body=Nothing, status=204, errors=(404,),
    ),
)  # fmt: skip
