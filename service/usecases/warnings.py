"""Relay an official warning (转发预警) from its CAP message, follow its updates, and end it when its issuer does.

    relay   an authority's Alert    → a `warning` piece that says what the issuer says, word for word
            an authority's Update   → the next version of what was relayed before
    end     an authority's Cancel   → what was relayed is taken down as ended, by one person
    close   its time is over        → the same, with the prepared words

A piece still takes a second person's approval. Does not poll, judge or send; nobody can author a warning.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import drafting, warnings
from content.body import SourceRef
from content.cases import CaseLink, Evidence
from content.permissions import Actor, require
from content.pieces import Piece, PieceKind
from content.publications import Publication, PublicationType
from content.warning_ends import End, StillInForce, names
from content.warnings import Official
from service.context import Context
from service.errors import Invalid, NotFound
from service.feeds.cap import CapAlert, parse_cap
from service.feeds.errors import CapError
from service.store import cases, publications
from service.store import warnings as relayed
from service.store.tables import Item
from service.usecases import city_facts, publish, warning_ends
from service.usecases.beginning import begin, new_piece

MESSAGES = {"Alert": "relay", "Update": "relay", "Cancel": "end"}


@dataclass(frozen=True)
class Message:
    """An authority's CAP message in a case. `act`: what can be done with it; `standing`: what of it is public now."""

    evidence_id: UUID
    act: Literal["relay", "end"]
    identifier: str
    standing: str | None


async def of_case(ctx: Context, session: AsyncSession, found: Sequence[Evidence]) -> dict[UUID, Message]:
    """The official messages among a case's evidence that something can be done with, by evidence."""
    shown = {}
    for evidence in found:
        if evidence.authority and evidence.item_id and (alert := await _alert(session, evidence)):
            if (act := MESSAGES.get(alert.message_type)) is None or not alert.infos:
                continue
            names = [alert.identifier] if act == "relay" else [name for _, name, _ in alert.references]
            standing = await _standing(session, alert.sender, names)
            public_id = standing[0].public_id if standing else None
            if act == "relay" and not standing and _over(ctx, alert):
                continue
            kind: Literal["relay", "end"] = "relay" if act == "relay" else "end"
            shown[evidence.id] = Message(evidence.id, kind, alert.identifier, public_id)
    return shown


async def relay(ctx: Context, session: AsyncSession, evidence_id: UUID, by: Actor) -> Piece:
    """Begin the piece that relays this message; the one already begun, if somebody has."""
    require(by, "piece.write")
    evidence, alert = await _official(session, evidence_id)
    if MESSAGES.get(alert.message_type) != "relay":
        raise Invalid("only an alert or an update is relayed")
    if _over(ctx, alert):
        raise Invalid("this warning is over")
    if begun := await _begun(session, alert):
        return begun
    link = (await session.exec(select(CaseLink).where(CaseLink.evidence_id == evidence.id))).one()
    case = await cases.standing(session, link.case_id)
    source = SourceRef(
        title=(evidence.title or alert.identifier)[:300],
        url=drafting.usable(evidence.url),
        publisher=(_official_words(alert).issuer or evidence.source_name)[:200],
        retrieved_at=evidence.seen_at,
        excerpt=evidence.text[:2000],
        sha256=evidence.sha256,
    )
    zone = city_facts.zone(ctx)
    body = warnings.first_words(_official_words(alert), source, case.hazard, tuple(case.regions[:300]), zone)
    earlier = await _standing(session, alert.sender, [name for _, name, _ in alert.references])
    if earlier:
        body = body.model_copy(update={"correction_note": alert.note or "发布单位更新了这条预警。"}).tidied()
    exercise = alert.is_exercise or case.exercise
    piece = new_piece(ctx, PieceKind.WARNING, by, case.id, case.incident_id, exercise)
    start = 0
    if earlier:  # numbers go on from what is replaced
        piece.corrects, piece.corrects_version = earlier[0].public_id, earlier[0].version
        start = earlier[0].revision
    return await begin(ctx, session, piece, body, by, start)


async def end(ctx: Context, session: AsyncSession, evidence_id: UUID, by: Actor) -> Sequence[Publication]:
    """Take back what was relayed of the messages that this one cancels."""
    require(by, "piece.retract")
    _, alert = await _official(session, evidence_id)
    if MESSAGES.get(alert.message_type) != "end":
        raise Invalid("this message cancels nothing")
    standing = await _standing(session, alert.sender, [name for _, name, _ in alert.references])
    if not standing:
        raise Invalid("nothing of what it cancels is public now")
    when = warnings.moment(alert.sent, city_facts.zone(ctx))
    issuer = _official_words(alert).issuer or alert.sender
    reason = f"{issuer}已于{when}解除这条预警。" + (f"\n{alert.note}" if alert.note else "")
    return [
        await publish.retract(ctx, session, one.public_id, reason[:2000], by, ended=True) for one in standing
    ]


async def close(ctx: Context, session: AsyncSession, public_id: str, reason: str, by: Actor) -> Publication:
    """Take down what was relayed of a warning that is over, in these words or, when empty, in the prepared ones."""
    require(by, "piece.retract")
    publication = await publications.current(session, public_id)
    body = publication.snapshot["body"]
    over = await warning_ends.ended(ctx, session, publication.piece_id, body)
    if over is None or over.why == End.UPDATED:  # an update is relayed, not closed
        raise StillInForce
    words = reason.strip() or over.words
    return await publish.retract(ctx, session, public_id, words, by, ended=True)


async def _official(session: AsyncSession, evidence_id: UUID) -> tuple[Evidence, CapAlert]:
    evidence = await session.get(Evidence, evidence_id)
    if evidence is None:
        raise NotFound
    alert = await _alert(session, evidence) if evidence.authority else None
    if alert is None or not alert.infos:
        raise Invalid("this is no official warning message")
    return evidence, alert


async def _alert(session: AsyncSession, evidence: Evidence) -> CapAlert | None:
    item = await session.get(Item, evidence.item_id) if evidence.item_id else None
    try:
        return parse_cap(item.cap) if item is not None and item.cap else None
    except CapError:
        return None


def _over(ctx: Context, alert: CapAlert) -> bool:
    ends = _official_words(alert).expires
    return ends is not None and ends <= ctx.now()


def _official_words(alert: CapAlert) -> Official:
    """The account in Chinese, else the first."""
    info = next((one for one in alert.infos if one.language.lower().startswith("zh")), alert.infos[0])
    return Official(
        identifier=alert.identifier,
        sender=alert.sender,
        sent=alert.sent,
        headline=info.headline,
        event=info.event,
        start=info.onset or info.effective,
        expires=info.expires,
        area="、".join(area.description for area in info.areas if area.description),
        description=info.description,
        instruction=info.instruction,
        issuer=info.sender_name or alert.source or alert.sender,
    )


async def _begun(session: AsyncSession, alert: CapAlert) -> Piece | None:
    """A piece about this very message, on its way or out."""
    named = (
        piece
        for piece, row in await relayed.pieces(session)
        if names(row.body, alert.sender) == alert.identifier
    )
    return next(named, None)


async def _standing(session: AsyncSession, sender: str, identifiers: Sequence[str]) -> list[Publication]:
    """What is public now of these messages of this sender: nobody else's cancels or updates it."""
    if not identifiers:
        return []
    found: dict[str, Publication] = {}
    for piece, row in await relayed.pieces(session):
        public_id = piece.public_id or piece.corrects
        if public_id and names(row.body, sender) in identifiers:
            latest = await publications.latest(session, public_id)
            if latest is not None and latest.type != PublicationType.RETRACT:
                found.setdefault(public_id, latest)
    return list(found.values())
