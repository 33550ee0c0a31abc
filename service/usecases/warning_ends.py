"""A relayed warning that is over (预警已解除、已过期): who relayed it hears of it at once, wherever its text stands.

    heed      an authority's cancellation or update comes in   → an alarm for each text that relays it    in triage's transaction
    running   what waits for somebody                          → lines of the board; an expiry raises its alarm from there
    ended     one text                                         → why it is over, since when, the closing words prepared
    refuse    a text that is over                              → is not published any more

Takes nothing down: `warnings.close` does, by a person.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import warning_ends as rules
from content.alarms import Alarm
from content.clocks import Clock, Reading, Standing
from content.pieces import Piece, PieceKind
from content.sightings import Sighting
from content.warning_ends import SUBJECT, Body, End, Ended, WarningOver
from service.context import Context
from service.feeds.cap import CapAlert
from service.store import warnings as store
from service.store.accounts import names_of
from service.store.clocks import UNFINISHED
from service.store.notify import announce
from service.usecases import city_facts
from service.usecases.board_lines import Running, put

MEMORY = timedelta(days=60)
Raised = Mapping[tuple[UUID, str], Alarm]
_ACTS = {"Cancel": End.CANCELLED, "Update": End.UPDATED}


async def heed(
    ctx: Context, s: AsyncSession, sighting: Sighting, alert: CapAlert | None, taken_back: bool
) -> int:
    """Raise an alarm for every text that relays what this message ends or updates; how many. `taken_back`: its words say so."""
    named = alert if alert is not None and alert.message_type in _ACTS else None
    if named is None and not taken_back:
        return 0
    why, at = (_ACTS[named.message_type], named.sent) if named else (End.PERHAPS, sighting.seen_at)
    mine = [(one, row.body) for one, row in await store.pieces(s) if _means(sighting, named, row.body)]
    known = await store.alarms(s, [one.id for one, _ in mine])
    up = {one.id for one, _ in await store.standing(s, ctx.now() - MEMORY)}
    names, now, made = await names_of(s, {one.author_id for one, _ in mine}), ctx.now(), 0
    for piece, body in mine:
        if (piece.id in up or piece.state in UNFINISHED) and (piece.id, why) not in known:
            title = title_of(body, names.get(piece.author_id, ""))
            await put(ctx, s, _line(piece, why, at, title, "", now))
            made += 1
    if made:
        await announce(s, "queue", "alarms")
    return made


def _means(sighting: Sighting, alert: CapAlert | None, body: Body) -> bool:
    if alert is not None:
        return rules.names(body, alert.sender) in {name for _, name, _ in alert.references} - {""}
    found = sighting.assessment.emergency if sighting.assessment else None
    if sighting.assessment is None or found is None or not found.hazard:
        return False
    issuer = found.warning.issuer if found.warning else None
    return rules.like(body, issuer, found.hazard, tuple(sighting.assessment.regions))


def title_of(body: Body, who: str) -> str:
    """The warning's title, and who relayed it: that person is to hear of it first."""
    return f"{str(body.get('title', ''))[:400]}" + (f"（{who}转发）" if who else "")


async def running(ctx: Context, s: AsyncSession) -> list[Running]:
    """What waits for somebody: what stands and is over, and texts under way whose warning was ended."""
    now = ctx.now()
    up = await store.standing(s, now - MEMORY)
    raised = await store.alarms(s, [piece.id for piece, _ in up])
    names = await names_of(s, {piece.author_id for piece, _ in up})
    found = []
    for piece, publication in up:
        body = publication.snapshot["body"]
        for why, at in _open(piece.id, body, raised, now):
            title = title_of(body, names.get(piece.author_id, ""))
            path = f"/desk/publications/{publication.public_id}#ended"
            found.append(_line(piece, why, at, title, path, now))
    return found + await _under_way(s, {piece.id for piece, _ in up}, now)


def _open(piece_id: UUID, body: Body, raised: Raised, now: datetime) -> Iterator[tuple[End, datetime]]:
    """What of the four asks for somebody: a cancellation until it is acted on, the others until somebody knows."""
    for why in rules.TOLD:
        alarm = raised.get((piece_id, why))
        if alarm is not None and (alarm.seen_at is None or why == End.CANCELLED):
            yield why, alarm.due_at
    over, told = rules.lapsed(body, now), raised.get((piece_id, End.EXPIRED))
    if over is None or (piece_id, End.CANCELLED) in raised or over < now - rules.RECENT:
        return
    if told is None or told.seen_at is None:
        yield End.EXPIRED, over


async def _under_way(s: AsyncSession, up: Collection[UUID], now: datetime) -> list[Running]:
    waiting = [one for one in await store.unseen(s) if one.subject_id not in up]
    if not waiting:
        return []
    known = {piece.id: piece for piece, _ in await store.pieces(s) if piece.state in UNFINISHED}
    return [
        _line(
            known[one.subject_id],
            End(one.clock),
            one.due_at,
            one.title,
            f"/desk/pieces/{one.subject_id}",
            now,
        )
        for one in waiting
        if one.subject_id in known
    ]


def _line(piece: Piece, why: End, at: datetime, title: str, path: str, now: datetime) -> Running:
    reading = Reading(
        Clock(why, 1, "ended", "closed"), Standing.OVERDUE, at, None, min(at - now, timedelta(0))
    )
    return Running(SUBJECT, piece.id, title, path, reading, piece.exercise)


async def ended(ctx: Context, s: AsyncSession, piece_id: UUID, body: Body) -> Ended | None:
    """Why the warning of this text is over, since when, with the closing words; None while it is in force."""
    raised = await store.alarms(s, [piece_id])
    zone = city_facts.zone(ctx)
    since = {why: raised[piece_id, why].due_at for why in rules.TOLD if (piece_id, why) in raised}
    if over := rules.lapsed(body, ctx.now()):
        since[End.EXPIRED] = over
    found = next(((why, since[why]) for why in End if why in since), None)
    return Ended(*found, rules.closing_words(*found, body, zone)) if found else None


async def of_piece(ctx: Context, s: AsyncSession, piece: Piece, body: Body) -> Ended | None:
    """The same for any piece: what relays no warning is never over."""
    return await ended(ctx, s, piece.id, body) if piece.kind == PieceKind.WARNING else None


async def refuse(ctx: Context, s: AsyncSession, piece_id: UUID, body: Body) -> None:
    """Raise WarningOver for a text whose warning is over beyond doubt."""
    found = await ended(ctx, s, piece_id, body)
    if found is not None and found.why in rules.STRICT:
        raise WarningOver(since=found.at.isoformat())
