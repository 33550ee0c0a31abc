"""Deliveries (投递): what goes where, every attempt, and a person's decision about an uncertain one."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from content.delivery_states import DeliveryState
from service.store import deliveries as store
from service.usecases import outbox
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Call, Endpoint
from service.web.api.shapes import Listed, Page, Paged, Plain, Sent, Shown


class Which(Paged):
    """In one state, to one channel. Without a state: all."""

    state: DeliveryState | None = None
    channel: UUID | None = None


class Decision(Sent):
    """What a person found: it was `sent`, send it again (`resend`), or call it off (`cancel`)."""

    outcome: Literal["sent", "resend", "cancel"]
    reason: str = Field(default="", max_length=2000)


class DeliveryOut(Shown):
    """One version of a publication on its way to one channel. The id is the webhook-id of every try."""

    id: UUID
    public_id: str
    sequence: int
    type: Plain
    channel_id: UUID
    channel_name: str
    state: Plain
    attempts: int
    next_attempt_at: datetime
    expires_at: datetime | None
    remote_id: str | None
    error: str | None
    updated_at: datetime


class AttemptOut(Shown):
    """What one try led to."""

    number: int
    started_at: datetime
    finished_at: datetime
    outcome: Plain
    code: str
    detail: dict[str, Any]


class WholeDelivery(Shown):
    """A delivery with its attempts. `blocked_by_newer`: a newer version has gone there, so it is not sent again."""

    delivery: DeliveryOut
    attempts: list[AttemptOut]
    blocked_by_newer: bool


async def listing(call: Call) -> Listed:
    """Newest first."""
    wanted = call.asked(Which)
    before = unpack(wanted.cursor, UUID)[0] if wanted.cursor else None
    last = await store.load(call.session, before) if before else None
    states = (wanted.state,) if wanted.state else tuple(DeliveryState)
    rows = await outbox.listing(call.session, states, wanted.channel, last, wanted.limit + 1)
    part = rows[: wanted.limit]
    return Listed(part, pack(part[-1].id) if len(rows) > wanted.limit else None)


async def show(call: Call) -> object:
    """One delivery."""
    return await outbox.page(call.session, call.id)


async def resolve(call: Call) -> object:
    """A person has looked."""
    sent = call.sent(Decision)
    if sent.outcome == "cancel":
        return await outbox.cancel(call.ctx, call.session, call.id, call.by, sent.reason)
    return await outbox.resolve(call.ctx, call.session, call.id, sent.outcome, call.by)


ENDPOINTS = (
    Endpoint("GET", "/deliveries", "deliveries", "Deliveries, newest first", "delivery.read", listing, answer=Page[DeliveryOut], query=Which),
    Endpoint("GET", "/deliveries/{id}", "delivery", "One delivery with every attempt", "delivery.read", show, answer=WholeDelivery, errors=(404,)),
    Endpoint(
        "POST", "/deliveries/{id}/resolve", "delivery.resolve", "Decide about a delivery", "delivery.resolve", resolve,
        answer=DeliveryOut, body=Decision, errors=(404, 409),
    ),
)  # fmt: skip
