"""Write to those who asked and left a mail address, once, when their question is answered or closed.

    claim   told = sending          commit
    send    the operator's SMTP server
    mark    sent, failed: the address is deleted | doubt: nobody knows, so nothing is repeated | free again: surely unsent

Addresses are opened here only, are logged nowhere and stand in no audit entry. Without an SMTP server nothing happens.
"""

from __future__ import annotations

from datetime import timedelta
from email.message import EmailMessage
from email.utils import format_datetime, formataddr
from typing import Any

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content import tip_letters as words
from content.permissions import SERVICE
from content.publications import PublicationType
from content.render.told import told
from content.tip_letters import Letter
from service.channels.errors import ChannelError, Temporary, Unknown
from service.channels.post import post
from service.context import Context
from service.errors import Invalid
from service.store import audit, publications
from service.store import tip_letters as store
from service.store.engine import Database
from service.store.tables import Tip
from service.store.tips import ANSWERED
from service.usecases.speaking import house

AT_A_TIME = 50
RETRACTED_WAIT = timedelta(hours=6)  # the answer was taken back: wait for the next one
log = structlog.get_logger()


async def owed(ctx: Context, session: AsyncSession, limit: int = AT_A_TIME) -> list[Tip]:
    """Who is to be told now."""
    now = ctx.now()
    return list(await store.owed(session, now, now - words.GRACE, now - words.CLOSED_GRACE, limit))


async def send_due(ctx: Context, db: Database) -> int:
    """Tell whom an outcome is owed; how many letters were tried."""
    if not ctx.settings.smtp_url:
        return 0
    async with db.write() as session:
        await store.lose(session, ctx.now() - words.LOST)
    async with db.read() as session:
        waiting = await owed(ctx, session)
    made = 0
    for tip in waiting:
        made += await _tell(ctx, db, tip)
    return made


async def _tell(ctx: Context, db: Database, tip: Tip) -> int:
    address = _address(ctx, tip)
    async with db.write() as session:
        if not address:  # a phone number, or a key that is no more: the status page tells
            await store.mark(session, tip.id, store.FAILED)
            return 0
        letter = await _letter(ctx, session, tip)
        if letter is None:
            await store.mark(session, tip.id, None, tell_at=ctx.now() + RETRACTED_WAIT)
            return 0
        if not await store.claim(session, tip.id, ctx.now()):
            return 0
    outcome, code = await _send(ctx, tip, letter, address)
    async with db.write() as session:
        await _mark(ctx, session, tip, outcome, code)
    return 1


def _address(ctx: Context, tip: Tip) -> str:
    try:
        return words.address_of(str(ctx.keys.decrypt(tip.contact or b"", bound_to=str(tip.id))))
    except Invalid:
        return ""


async def _letter(ctx: Context, session: AsyncSession, tip: Tip) -> Letter | None:
    """The words; None while the answer is one that was taken back."""
    if tip.state != ANSWERED:
        return words.closed(house(ctx), tip.created_at)
    answer = await publications.latest(session, tip.public_id or "")
    if answer is None or answer.type == PublicationType.RETRACT:
        return None
    return words.answered(told(answer), house(ctx), tip.created_at)


async def _send(ctx: Context, tip: Tip, letter: Letter, address: str) -> tuple[str | None, str]:
    """What became of it; None: it surely did not go out, and may be tried again."""

    def write(sender: str) -> EmailMessage:
        mail = EmailMessage()
        mail["Subject"] = letter.subject
        mail["From"] = formataddr((house(ctx).desk, sender))
        mail["To"] = address
        mail["Date"] = format_datetime(ctx.now())
        mail["Message-ID"] = f"<tip-{tip.id}@{sender.rpartition('@')[2]}>"
        mail["Auto-Submitted"] = "auto-generated"
        mail.set_content(letter.text)
        return mail

    try:
        return store.SENT, (await post(ctx.settings.smtp_url, (address,), write)).code
    except Unknown as error:
        return store.DOUBT, error.code
    except Temporary as error:
        return None, error.code
    except ChannelError as error:
        return store.FAILED, error.code


async def _mark(ctx: Context, session: AsyncSession, tip: Tip, outcome: str | None, code: str) -> None:
    changes: dict[str, Any] = {}
    if outcome is None:
        again = words.next_try(tip.tell_tries + 1, ctx.now())
        outcome, changes = (None, {"tell_at": again}) if again else (store.FAILED, {})
    if outcome in (store.SENT, store.FAILED):
        changes["contact"] = None
    await store.mark(session, tip.id, outcome, **changes)
    log.info("asker_told", tip=str(tip.id), outcome=outcome or "later", code=code)
    if outcome is not None:
        after = {"outcome": outcome, "state": tip.state}
        await audit.record(ctx, session, SERVICE, "tip.told", "tip", tip.id, after=after)
