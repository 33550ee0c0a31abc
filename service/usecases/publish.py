"""Let out what was approved, correct it, take it back. Each is one transaction: snapshot, deliveries, audit entry.

    publish   approved piece → Publication + one Delivery a channel; its case and the tips behind it are answered
    retract   one person, with a reason → tombstone + deliveries to wherever the text went

Sends nothing itself: the outbox does, after the commit.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import publishing, review, scheduling
from content.case_states import CASE, CaseEvent
from content.incident_rules import Held, holds
from content.permissions import Actor, require
from content.piece_states import PieceEvent
from content.pieces import Piece, PieceAct, PieceKind
from content.publications import Publication, PublicationType, verdict_of
from content.publishing import Stamp
from service import crash
from service.context import Context
from service.errors import NotFound
from service.store import audit, cases, incidents, publications
from service.store import pieces as store
from service.store.notify import announce
from service.usecases import assignments, copies, labelling, shelf_life, tips, warning_ends
from service.usecases.addressing import address
from service.usecases.case_acts import act
from service.usecases.pieces import start_correction

__all__ = ["looked_at", "publish", "publish_correction", "retract", "start_correction", "unseen_retractions"]

SECOND_LOOK = timedelta(minutes=30)
LOOKED = "looked"


async def publish(
    ctx: Context, session: AsyncSession, piece_id: UUID, by: Actor, override: str = ""
) -> Publication:
    """Publish an approved piece: a new one, the verdict in place of a holding statement, or a correction.

    Held while an incident is active and the piece is everyday work, unless `override` says why it must go out now.
    """
    require(by, "piece.publish")
    piece = await store.load(session, piece_id)
    scheduling.not_before(scheduling.read(piece.schedule), ctx.now())
    held = await is_held(session, piece)
    if held and not override.strip():
        raise Held()
    current = await store.revision(session, piece.id, piece.revision)
    if piece.kind == PieceKind.WARNING:
        await warning_ends.refuse(ctx, session, piece.id, current.body)
    approval = await store.approval(session, piece)
    touched = await store.hands_on(session, piece)
    to = review.publish(piece.state, review.text_of(current), approval, touched)
    sequence = await publications.next_sequence(session)
    previous = await publications.latest(session, piece.corrects) if piece.corrects else None
    authors = list(dict.fromkeys(r.author_name for r in await store.revisions(session, piece.id)))
    stamp = _stamp(ctx, piece.corrects or ctx.new_public_id(), sequence, by)
    assert approval is not None  # review.publish has seen it
    publication = publishing.issue(piece, current, approval, previous, authors, stamp)
    fresh = {} if piece.corrects else {"public_id": publication.public_id}
    due = shelf_life.first_due(ctx, publication)
    await store.move(session, piece, ctx, to, locked_by=None, autosave=None, review_due=due, **fresh)
    await store.add_act(ctx, session, piece, PieceEvent.PUBLISH, by, current.sha256)
    if held:
        await audit.record(
            ctx, session, by, "piece.unhold", "piece", piece.id, reason=override.strip()[:1000]
        )
    await _release(ctx, session, publication, piece, by)
    return publication


async def is_held(session: AsyncSession, piece: Piece) -> bool:
    """Whether a text waits for the end of an incident, unless somebody says why it must not."""
    return holds(
        await incidents.active(session),
        incident=piece.incident_id is not None,
        exercise=piece.exercise,
        corrects=piece.corrects is not None,
        kind=piece.kind,
    )


publish_correction = publish  # the same way: a correction is a piece like any other


async def retract(
    ctx: Context, session: AsyncSession, public_id: str, reason: str, by: Actor, ended: bool = False
) -> Publication:
    """Take back what was published. One person is enough; a second one looks within half an hour.

    `ended`: it was right, and its issuer or its time has ended it (a relayed warning).
    """
    require(by, "piece.retract")
    sequence = await publications.next_sequence(session)
    previous = await publications.current(session, public_id)
    stamp = _stamp(ctx, public_id, sequence, by)
    publication = publishing.retract(previous, reason.strip(), stamp, ended)
    piece = await store.load(session, previous.piece_id)
    await store.add_act(ctx, session, piece, PieceEvent.RETRACT, by, previous.sha256, reason.strip())
    await _release(ctx, session, publication, None, by)
    return publication


def _stamp(ctx: Context, public_id: str, sequence: int, by: Actor) -> Stamp:
    if by.id is None:
        raise NotFound
    return Stamp(id=ctx.new_id(), public_id=public_id, sequence=sequence, now=ctx.now(), by_id=by.id)


async def _release(
    ctx: Context, session: AsyncSession, publication: Publication, piece: Piece | None, by: Actor
) -> None:
    """Store the version with its deliveries, move what it supersedes, answer who asked, record."""
    session.add(publication)
    await session.flush()
    went = await address(ctx, session, publication)
    await _supersede(ctx, session, publication, piece)
    if publication.type == PublicationType.RETRACT:
        await _ask_again(ctx, session, publication, by)
    else:
        await _answer(ctx, session, publication, by)
        await copies.go_out(ctx, session, publication)
    for topic in ("deliveries", "site", "queue"):
        await announce(session, topic, publication.public_id)
    after = {
        "public_id": publication.public_id,
        "version": publication.version,
        "sequence": publication.sequence,
        "revision": publication.revision,
        "sha256": publication.sha256,
        "channels": [delivery.channel_name for delivery in went],
    }
    done, subject = f"piece.{publication.type}", publication.public_id
    await audit.record(ctx, session, by, done, "publication", subject, after=after, reason=publication.reason)
    crash.point("publish.before_commit")


async def _supersede(
    ctx: Context, session: AsyncSession, publication: Publication, newest: Piece | None
) -> None:
    for piece in await store.of_publication(session, publication.public_id):
        if newest is not None and piece.id == newest.id:
            continue
        if publication.version > 1 and (
            to := publishing.follow(piece.state, PublicationType(publication.type))
        ):
            await store.move(session, piece, ctx, to)


async def _answer(ctx: Context, session: AsyncSession, publication: Publication, by: Actor) -> None:
    """The case is answered, unless this is only to say that it is being looked into; so are the tips behind it."""
    if (
        publication.case_id is None
        or publication.snapshot["kind"] == PieceKind.HOLDING
        or publication.exercise
    ):
        return
    case, public_id = await cases.standing(session, publication.case_id), publication.public_id
    await tips.answered(ctx, session, case.id, public_id)
    await labelling.conclude(ctx, session, case, verdict_of(publication), by)
    if CASE.allows(case.state, CaseEvent.ANSWER):
        more = {"publication": public_id}
        await act(ctx, session, case, CaseEvent.ANSWER, by, "case.answer", more=more, answered_with=public_id)
        await assignments.withdraw_all(ctx, session, case.id, assignments.CASE_ANSWERED, by)


async def _ask_again(ctx: Context, session: AsyncSession, publication: Publication, by: Actor) -> None:
    """What was answered with the retracted text has no answer any more and is back in the queue."""
    for case in await publications.answered_cases(session, publication.public_id):
        if CASE.allows(case.state, CaseEvent.REOPEN):
            free: dict[str, None] = {"claimed_by": None, "claimed_at": None, "answered_with": None}
            reason = publication.reason
            await labelling.take_back(ctx, session, case)
            await act(ctx, session, case, CaseEvent.REOPEN, by, "case.reopen", reason=reason, **free)


async def looked_at(ctx: Context, session: AsyncSession, public_id: str, by: Actor) -> PieceAct:
    """The second look at a retraction, by somebody else than who retracted."""
    require(by, "piece.retract")
    publication = await publications.current(session, public_id)
    if publication.type != PublicationType.RETRACT or by.id == publication.by_id:
        raise NotFound
    piece = await store.load(session, publication.piece_id)
    look = await store.add_act(ctx, session, piece, LOOKED, by, publication.sha256)
    await audit.record(ctx, session, by, "piece.looked", "publication", public_id)
    return look


async def unseen_retractions(session: AsyncSession, now: datetime) -> Sequence[tuple[Publication, timedelta]]:
    """Retractions that no second person has looked at, with the time left for it (negative: late)."""
    waiting = []
    for publication in await publications.retractions(session):
        acts = await store.acts(session, publication.piece_id)
        if not any(done.act == LOOKED for done in acts):
            waiting.append((publication, publication.issued_at + SECOND_LOOK - now))
    return waiting
