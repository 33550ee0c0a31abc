"""What the people at the desk want to bring out, and how they press on after every crash.

Each item is looked up afresh before each act, so a person who finds an act undone does it, and one who finds it done goes on.
Every third item belongs to the incident, every fourth goes out by itself at its moment, two of five are corrected, one of
seven is retracted, every ninth relays an official warning.
"""

from __future__ import annotations

import asyncio
import json
import os
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, func, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.permissions import Actor
from content.piece_states import PieceState
from content.pieces import Piece, PieceKind
from content.publications import PublicationType
from content.review import Text
from service import crash
from service.context import Context
from service.errors import QingyuanError
from service.store import pieces as rows
from service.store import publications
from service.store.engine import Database
from service.usecases import pieces, publish, review, scheduling
from tests.writing import REBUTTAL

AT_ONCE = 3
BACKLOG = 30  # unfinished deliveries; the desk writes no faster than the house sends
WHY = "与汛情有关，等不到响应结束。"


@dataclass(frozen=True)
class Desk:
    """Who works there, for which incident, and the warnings that wait to be relayed (pieces begun)."""

    editor: Actor
    issuer: Actor
    incident: UUID
    warnings: tuple[UUID, ...]
    diary: Path  # a line for everything that the house confirmed


@dataclass(frozen=True)
class Item:
    """One thing to bring out."""

    number: int
    warning: UUID | None = None

    @property
    def title(self) -> str:
        return f"水质检测第{self.number}号公告达标"

    @property
    def incident(self) -> bool:
        return self.number % 3 == 0

    @property
    def scheduled(self) -> bool:
        return self.number % 4 == 1

    @property
    def corrected(self) -> bool:
        return self.warning is None and self.number % 5 in (1, 2)

    @property
    def retracted(self) -> bool:
        return self.number % 7 == 3


@dataclass
class Diary:
    """What was confirmed to a person: (number, act, public id, version), kept through every crash."""

    path: Path
    begun: set[int] = field(default_factory=set)
    done: set[int] = field(default_factory=set)

    def __post_init__(self) -> None:
        for line in self.path.read_text("utf-8").splitlines() if self.path.exists() else ():
            self._count(json.loads(line))

    def note(self, number: int, did: str, **more: Any) -> None:
        """One line, whole or not at all."""
        entry = {"number": number, "did": did, **more}
        handle = os.open(self.path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
        os.write(handle, json.dumps(entry).encode() + b"\n")
        os.close(handle)
        self._count(entry)

    def _count(self, entry: dict[str, Any]) -> None:
        self.begun.add(entry["number"])
        self.done |= {entry["number"]} if entry["did"] == "done" else set()


def item(desk: Desk, number: int) -> Item:
    nth, ninth = divmod(number, 9)
    return Item(number, desk.warnings[nth] if ninth == 4 and nth < len(desk.warnings) else None)


async def work(ctx: Context, db: Database, desk: Desk, more: bool) -> None:
    """Bring out one item after the other, `AT_ONCE` side by side. Without `more`, only what was begun."""
    diary = Diary(desk.diary)
    while True:
        open_items = sorted(diary.begun - diary.done)
        if more and len(open_items) < AT_ONCE and await _backlog(db) < BACKLOG:
            number = max(diary.begun, default=-1) + 1
            diary.note(number, "begun")
            open_items.append(number)
        for number in open_items:
            try:
                if await act(ctx, db, desk, item(desk, number), diary):
                    diary.note(number, "done")
            except QingyuanError as error:  # the house says no for now: the person comes back
                if error.status not in (409, 503):
                    raise
        await asyncio.sleep(0.005)


async def _backlog(db: Database) -> int:
    going = (DeliveryState.PENDING, DeliveryState.SENDING, DeliveryState.WAITING, DeliveryState.UNCERTAIN)
    async with db.read() as session:
        query = select(func.count()).select_from(Delivery).where(col(Delivery.state).in_(going))
        return (await session.exec(query)).one()


async def act(ctx: Context, db: Database, desk: Desk, item: Item, diary: Diary) -> bool:
    """The next act for this item, seen in the database; whether there is none left."""
    async with db.write() as session:
        piece = await _first(session, item)
        if piece is None:
            body = REBUTTAL.model_copy(update={"title": item.title})
            incident = desk.incident if item.incident else None
            made = await pieces.create(ctx, session, None, "rebuttal", desk.editor, incident_id=incident)
            await pieces.save(ctx, session, made.id, body, desk.editor, made.revision)
            return False
        if piece.public_id is None:
            return await _bring_out(ctx, db, session, desk, item, piece, diary)
        return await _follow_up(ctx, db, session, desk, item, piece.public_id, diary)


async def _first(session: AsyncSession, item: Item) -> Piece | None:
    if item.warning:
        return await rows.load(session, item.warning)
    query = select(Piece).where(Piece.title == item.title, Piece.kind == PieceKind.REBUTTAL)
    return (await session.exec(query)).first()


async def _bring_out(
    ctx: Context, db: Database, session: AsyncSession, desk: Desk, item: Item, piece: Piece, diary: Diary
) -> bool:
    text = await rows.revision(session, piece.id, piece.revision)
    if piece.state == PieceState.DRAFT:
        await review.submit(ctx, session, piece.id, text.number, text.sha256, desk.editor)
    elif piece.state == PieceState.IN_REVIEW:
        await review.approve(ctx, session, piece.id, text.number, text.sha256, desk.issuer)
    elif item.scheduled and piece.corrects is None:
        if piece.publish_at is None:
            at, which = ctx.now() + timedelta(milliseconds=200), Text(text.number, text.sha256)
            await scheduling.schedule(ctx, session, piece.id, at, which, desk.issuer, override=WHY)
    else:
        told = await publish.publish(ctx, session, piece.id, desk.issuer, WHY)
        await session.commit()
        crash.point("publish.after_commit")
        diary.note(item.number, str(told.type), page=told.public_id, version=told.version)
    return False


async def _follow_up(
    ctx: Context, db: Database, session: AsyncSession, desk: Desk, item: Item, public_id: str, diary: Diary
) -> bool:
    versions = await publications.versions(session, public_id)
    types = {version.type for version in versions}
    if item.corrected and PublicationType.CORRECT not in types:
        query = select(Piece).where(Piece.corrects == public_id)
        piece = (await session.exec(query)).first()
        if piece is not None:
            return await _bring_out(ctx, db, session, desk, item, piece, diary)
        begun = await publish.start_correction(ctx, session, public_id, desk.editor)
        body = (await pieces.page(ctx, session, begun.id)).body
        changes = {"fact": "四十三项指标全部达标。", "correction_note": "检测项目数应为四十三项。"}
        await pieces.save(
            ctx, session, begun.id, body.model_copy(update=changes), desk.editor, begun.revision
        )
        return False
    if item.retracted and PublicationType.RETRACT not in types:
        told = await publish.retract(ctx, session, public_id, "检测数据有误，正在复核。", desk.editor)
        await session.commit()
        diary.note(item.number, "retract", page=public_id, version=told.version)
        return False
    return True
