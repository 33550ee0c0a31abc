"""Relaying an official warning from its CAP message, and ending it with its issuer's cancellation."""

from __future__ import annotations

from pydantic import Field

from service.store import pieces as store
from service.usecases import warnings
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.pieces import Saved, with_tag
from service.web.api.review import Published
from service.web.api.shapes import Nothing, Sent, Shown


class Ended(Shown):
    """The tombstones of what was relayed."""

    items: list[Published]


async def relay(call: Call) -> Answer:
    """Begin the piece; the one already begun, if somebody has."""
    piece = await warnings.relay(call.ctx, call.session, call.id, call.by)
    await call.session.flush()
    return with_tag(piece, await store.revision(call.session, piece.id, piece.revision))


async def end(call: Call) -> object:
    """Take down what was relayed."""
    return {"items": list(await warnings.end(call.ctx, call.session, call.id, call.by))}


class Closing(Sent):
    """The words for the public; the prepared ones when empty."""

    reason: str = Field(default="", max_length=2000)


async def close(call: Call) -> object:
    """Take down what its time or its issuer has ended."""
    return await warnings.close(call.ctx, call.session, call.public_id, call.sent(Closing).reason, call.by)


ENDPOINTS = (
    Endpoint(
        "POST", "/warnings/{id}/relay", "warning.relay", "Relay an authority's CAP message word for word; id is that of the evidence",
        "piece.write", relay, answer=Saved, body=Nothing, status=201, errors=(404, 409), etag=True,
    ),
    Endpoint(
        "POST", "/warnings/{id}/end", "warning.end", "Take down what was relayed, after its issuer's cancellation", "piece.retract", end,
        answer=Ended, body=Nothing, status=201, errors=(404, 409), after="publish.after_commit",
    ),
    Endpoint(
        "POST", "/publications/{public_id}/end", "publication.end", "Take down a relayed warning that is over, with the prepared words or your own",
        "piece.retract", close, answer=Published, body=Closing, status=201, errors=(404, 409), after="publish.after_commit",
    ),
)  # fmt: skip
