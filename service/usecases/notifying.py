"""Tell experts what waits for them (通知专家): by letter to their own address, or by text message, each thing once.

    notices (offer · reminder · reply) → agreed to messages? still open? → claim → one message with the link → what came of it

A link goes to one person's own mail or telephone, never to a group's robot: whoever has it answers in their name. Text messages
need an `sms` channel that is marked `experts`. Each try is written down before it is made; a try whose outcome nobody knows is not
repeated. Logs and rows hold no address.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import structlog
from sqlmodel.ext.asyncio.session import AsyncSession

from content.messages import Message, to_an_expert
from expert_db.assignments import Assignment
from expert_db.availability import local
from expert_db.notices import Notice, NoticeEvent, NoticeKind, after_a_fault, reachable
from service.channels.errors import ChannelError, Permanent, Temporary, Unknown
from service.channels.outlets import Outlets
from service.channels.protocol import ChannelConfig
from service.context import Context
from service.errors import Conflict, QingyuanError
from service.store import assignments, channels, experts
from service.store import notices as store
from service.store.engine import Database
from service.usecases import assignment_links, city_facts, expert_rows
from service.usecases.channels import config_of
from service.usecases.speaking import house

MARK: Final = "experts"  # the setting of an sms channel that texts to single experts may go through
log = structlog.get_logger()

TITLES: Final = {
    NoticeKind.OFFER: "请您帮忙解答一个问题",
    NoticeKind.REMIND_OFFER: "提醒：有一个问题等您回音",
    NoticeKind.REMIND_ANSWER: "提醒：您接受的问题快到时间了",
    NoticeKind.REPLY: "您的追问有了答复",
}


@dataclass(frozen=True)
class Letter:
    """One claimed message and the way it goes. Holds an address: lives only until it is sent, and never prints it."""

    notice_id: UUID
    way: ChannelConfig
    message: Message

    def __repr__(self) -> str:
        return f"Letter({self.notice_id})"


async def tell(ctx: Context, db: Database, outlets: Outlets) -> int:
    """One round of the job; how many messages were taken by the other side."""
    async with db.read() as session:
        waiting = [one.id for one in await store.due(session, ctx.now())]
        lost = [one.id for one in await store.lost(session, ctx.now())]
    for notice_id in lost:
        await _note(db, notice_id, NoticeEvent.LOSE, "no_answer", None)
    told = 0
    for notice_id in waiting:
        letter = await _claim(ctx, db, notice_id)
        if letter is not None:
            told += await _send(ctx, db, outlets, letter)
    return told


async def _claim(ctx: Context, db: Database, notice_id: UUID) -> Letter | None:
    """The letter, claimed; None when it needs none any more or another worker has it."""
    try:
        async with db.write() as session:
            notice = await store.load(session, notice_id)
            if notice is None:
                return None
            letter, why = await _letter(ctx, session, notice)
            if letter is None:
                await store.move(session, notice, NoticeEvent.SKIP, code=why, told_at=ctx.now())
                return None
            await store.move(
                session,
                notice,
                NoticeEvent.CLAIM,
                way=letter.way.kind,
                tries=notice.tries + 1,
                told_at=ctx.now(),
            )
            return letter
    except (Conflict, QingyuanError):
        return None


async def _letter(ctx: Context, s: AsyncSession, notice: Notice) -> tuple[Letter | None, str]:
    assignment = await assignments.load(s, notice.assignment_id)
    if assignment.state not in assignments.OPEN or (
        notice.kind == NoticeKind.REMIND_OFFER and assignment.accepted_at is not None
    ):
        return None, "over"
    person = await experts.load(s, assignment.expert_id)
    today = local(ctx.now(), city_facts.zone(ctx)).date()
    if not reachable(person.consent, today):
        return None, "no_consent"
    contact = expert_rows.opened(ctx, person)
    way = await _way(ctx, s, contact.email if contact else "", contact.phone if contact else "")
    if way is None:
        return None, "no_address"
    token = await assignment_links.standing(ctx, s, assignment)
    case, _ = await assignments.subject(s, assignment.case_id)
    message = _message(ctx, notice, assignment, token, exercise=bool(case.exercise))
    return Letter(notice.id, way, message), ""


async def _way(ctx: Context, s: AsyncSession, email: str, phone: str) -> ChannelConfig | None:
    """Mail when there is an address and a server, else a text message where there is a gateway for that."""
    if email and ctx.settings.smtp_url:
        return ChannelConfig("experts", "email", settings={"to": (email,)})
    gateways = [one for one in await channels.listing(s) if one.kind == "sms" and one.enabled]
    for gateway in gateways:
        if phone and gateway.settings.get(MARK):
            return replace(config_of(ctx, gateway), settings={**gateway.settings, "to": (phone,)})
    return None


def _message(ctx: Context, notice: Notice, assignment: Assignment, token: str, *, exercise: bool) -> Message:
    speaker = house(ctx)

    def clock(moment: datetime) -> str:
        return f"{moment.astimezone(speaker.zone):%m-%d %H:%M}"

    lines = [assignment.question]
    if assignment.accepted_at is None:
        lines.append(f"请在 {clock(assignment.respond_by)} 前告诉我们能不能接。")
    lines.append(f"请在 {clock(assignment.due_at)} 前答复。")
    title, page = TITLES[NoticeKind(notice.kind)], f"/a/{token}"
    key = str(notice.id)
    return to_an_expert(key, speaker, ctx.now(), title, lines, page, exercise=exercise)


async def _send(ctx: Context, db: Database, outlets: Outlets, letter: Letter) -> bool:
    event, code, again = NoticeEvent.TAKE, "", None
    try:
        sent = await outlets.open(letter.way).send(letter.message, letter.message.key)
        code = sent.code
    except Temporary as error:
        event, again = after_a_fault(await _tries(db, letter.notice_id), ctx.now())
        code = error.code
    except Unknown as error:
        event, code = NoticeEvent.LOSE, error.code
    except (Permanent, ChannelError, QingyuanError) as error:
        event, code = NoticeEvent.FAIL, getattr(error, "code", error.type)
    if event is not NoticeEvent.TAKE:
        log.warning("expert_not_told", notice=str(letter.notice_id), code=code)
    await _note(db, letter.notice_id, event, code, again)
    return event is NoticeEvent.TAKE


async def _tries(db: Database, notice_id: UUID) -> int:
    async with db.read() as session:
        notice = await store.load(session, notice_id)
    return notice.tries if notice else 0


async def _note(db: Database, notice_id: UUID, event: NoticeEvent, code: str, again: datetime | None) -> None:
    async with db.write() as session:
        notice = await store.load(session, notice_id)
        if notice is not None:
            more = {"next_at": again} if again else {}
            await store.move(session, notice, event, code=code[:100], **more)
