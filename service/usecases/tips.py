"""Tips (线索): somebody of the public asks "is this true?", gets a token, and is told the outcome.

A tip never publishes anything and opens its case at triage, not here. How often one person may ask is the web's business.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Final, Literal
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content.asking import first_link
from content.case_states import CaseState
from content.permissions import Actor
from service.context import Context
from service.errors import Invalid, NotFound
from service.feeds.urls import web_url
from service.store import audit, cases
from service.store import tips as store
from service.store.notify import announce
from service.store.tables import Tip
from service.store.tip_letters import SENT
from service.usecases.item_rows import storable

PUBLIC: Final = Actor(id=None, name="public")
SHORTEST, LONGEST, LONGEST_CONTACT = 4, 4000, 200  # characters
State = Literal["received", "in_work", "answered", "closed"]


@dataclass(frozen=True)
class TipStatus:
    """What the asker may know. `public_id` is the publication that answers."""

    state: State
    asked_at: datetime
    text: str
    answered_at: datetime | None = None
    public_id: str | None = None
    told: bool = False  # by a letter


async def submit(
    ctx: Context,
    s: AsyncSession,
    text: str,
    url: str = "",
    region: str | None = None,
    contact: str = "",
) -> tuple[Tip, str]:
    """Take a question; the token is shown once and kept as its hash. `contact` is encrypted; retention deletes it.

    Without a `url` the first link within the text is taken for it.
    """
    words = storable(text).strip()
    if not SHORTEST <= len(words) <= LONGEST:
        raise Invalid(f"a question has {SHORTEST} to {LONGEST} characters", field="text")
    token = secrets.token_urlsafe(24)
    tip = Tip(
        id=ctx.new_id(),
        token_sha256=_hash(token),
        text=words,
        url=_address(url or first_link(words)),
        region=_region(region),
        created_at=ctx.now(),
    )
    if reach := contact.strip():
        if len(reach) > LONGEST_CONTACT:
            raise Invalid("this contact is too long", field="contact")
        tip.contact = ctx.keys.encrypt(reach, bound_to=str(tip.id))
    s.add(tip)
    await audit.record(ctx, s, PUBLIC, "tip.submit", "tip", tip.id)
    await announce(s, "queue", str(tip.id))
    return tip, token


async def status(s: AsyncSession, token: str) -> TipStatus:
    """How far the question is, or NotFound for a token that nobody was given."""
    if not 16 <= len(token) <= 100:
        raise NotFound
    tip = await store.by_token(s, _hash(token))
    if tip.state == store.ANSWERED:
        written = tip.told == SENT
        return TipStatus("answered", tip.created_at, tip.text, tip.answered_at, tip.public_id, written)
    return TipStatus(await _progress(s, tip), tip.created_at, tip.text, told=tip.told == SENT)


async def answered(ctx: Context, s: AsyncSession, case_id: UUID, public_id: str) -> int:
    """Everybody who asked about this case is answered by the publication; how many there were."""
    return await store.answer(s, case_id, public_id, ctx.now())


async def _progress(s: AsyncSession, tip: Tip) -> State:
    case_id = await store.home(s, tip)
    if case_id is None:
        return "received"
    state = (await cases.load(s, case_id)).state
    if state == CaseState.DISMISSED:
        return "closed"
    return "received" if state == CaseState.QUEUED else "in_work"


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


def _address(raw: str) -> str:
    """An http(s) address, or nothing: what else people paste there belongs into the text."""
    url = storable(web_url(raw.strip()))
    return url if len(url) <= 2000 else ""


def _region(code: str | None) -> str | None:
    if not code:
        return None
    if len(code) != 6 or not (code.isascii() and code.isdigit()):
        raise Invalid("a region is a division code of six digits", field="region")
    return code
