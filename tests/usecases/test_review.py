"""Approval: exactly this text, by somebody else, once."""

from __future__ import annotations

import asyncio

import pytest

from content.errors import (
    ContentError,
    IllegalTransition,
    Incomplete,
    NotAllowed,
    SelfApproval,
    StaleRevision,
)
from content.permissions import Actor
from content.piece_states import PieceState
from content.pieces import Approval, Piece, Revision
from service.context import Context
from service.errors import Conflict
from service.store import pieces as store
from service.store.engine import Database
from service.usecases import pieces, review
from tests.conftest import actor
from tests.writing import REBUTTAL, approved, submitted, written


async def approve(ctx: Context, db: Database, revision: Revision, by: Actor) -> Approval:
    async with db.write() as session:
        return await review.approve(ctx, session, revision.piece_id, revision.number, revision.sha256, by)


async def state(db: Database, piece: Piece) -> str:
    async with db.read() as session:
        return (await store.load(session, piece.id)).state


async def test_an_approval_names_the_very_text(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    approval = await approved(ctx, database, piece, revision, editor, issuer)
    assert (approval.revision, approval.sha256) == (revision.number, revision.sha256)
    assert approval.approver_id == issuer.id
    assert await state(database, piece) == PieceState.APPROVED


async def test_an_incomplete_text_is_not_handed_in_and_says_what_it_lacks(
    ctx: Context, db: Database, editor: Actor
) -> None:
    body = REBUTTAL.model_copy(update={"sources": (), "verdict": None})
    piece, revision = await written(ctx, db, editor, body)
    with pytest.raises(Incomplete) as refusal:
        await submitted(ctx, db, piece, revision, editor)
    lacking: object = refusal.value.details["problems"]
    assert isinstance(lacking, list)
    assert {p["field"] for p in lacking} == {"sources", "verdict"}
    assert await state(db, piece) == PieceState.DRAFT


async def test_nobody_approves_what_they_began_wrote_or_submitted(
    ctx: Context, database: Database, editor: Actor
) -> None:
    began = actor("甲", "editor", "issuer")
    wrote = actor("乙", "editor", "issuer")
    handed_in = actor("丙", "editor", "issuer")
    piece, first = await written(ctx, database, began)
    async with database.write() as session:
        body = REBUTTAL.model_copy(update={"todo": "烧开再喝。"})
        second = await pieces.save(ctx, session, piece.id, body, wrote, first.number)
    async with database.write() as session:
        body = REBUTTAL.model_copy(update={"todo": "放心饮用。"})
        third = await pieces.save(ctx, session, piece.id, body, editor, second.number)
    await submitted(ctx, database, piece, third, handed_in)
    for somebody in (began, wrote, handed_in):
        with pytest.raises(SelfApproval):
            await approve(ctx, database, third, somebody)
    assert await state(database, piece) == PieceState.IN_REVIEW
    await approve(ctx, database, third, actor("丁", "editor", "issuer"))


async def test_who_handed_it_in_once_does_not_approve_it_later(
    ctx: Context, db: Database, editor: Actor
) -> None:
    helper = actor("丙", "editor", "issuer")
    issuer = actor("丁", "issuer")
    piece, revision = await written(ctx, db, editor)
    await submitted(ctx, db, piece, revision, helper)
    async with db.write() as session:
        await review.return_(ctx, session, piece.id, revision.number, revision.sha256, "补充来源", issuer)
    async with db.write() as session:
        revision = await pieces.save(ctx, session, piece.id, REBUTTAL, editor, revision.number)
    await submitted(ctx, db, piece, revision, editor)
    with pytest.raises(SelfApproval):
        await approve(ctx, db, revision, helper)


@pytest.mark.parametrize("what", ["revision", "sha256"])
async def test_approving_another_text_than_the_one_that_stands_there_is_refused(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, what: str
) -> None:
    piece, revision = await written(ctx, db, editor)
    await submitted(ctx, db, piece, revision, editor)
    number = revision.number - 1 if what == "revision" else revision.number
    sha256 = "0" * 64 if what == "sha256" else revision.sha256
    with pytest.raises(StaleRevision):
        async with db.write() as session:
            await review.approve(ctx, session, piece.id, number, sha256, issuer)
    with pytest.raises(StaleRevision):
        async with db.write() as session:
            await review.return_(ctx, session, piece.id, number, sha256, "补充来源", issuer)


async def test_a_colleagues_edit_before_the_click_is_not_approved_unseen(
    ctx: Context, database: Database, editor: Actor, second_editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, database, editor)
    await submitted(ctx, database, piece, revision, editor)
    async with database.write() as session:
        body = REBUTTAL.model_copy(update={"fact": "自来水有毒。"})
        changed = await pieces.save(ctx, session, piece.id, body, second_editor, revision.number)
    await submitted(ctx, database, piece, changed, second_editor)
    with pytest.raises(StaleRevision):
        await approve(ctx, database, revision, issuer)


async def test_of_fifty_approvals_at_once_one_wins(ctx: Context, database: Database, editor: Actor) -> None:
    piece, revision = await written(ctx, database, editor)
    await submitted(ctx, database, piece, revision, editor)
    issuers = [actor(f"签发{n}", "issuer") for n in range(50)]
    outcomes = await asyncio.gather(
        *(approve(ctx, database, revision, somebody) for somebody in issuers), return_exceptions=True
    )
    won = [o for o in outcomes if isinstance(o, Approval)]
    assert len(won) == 1
    assert all(isinstance(o, Approval | IllegalTransition | Conflict) for o in outcomes), outcomes
    async with database.read() as session:
        page = await pieces.page(ctx, session, piece.id)
    assert [a.act for a in page.acts] == ["submit", "approve"]
    assert page.approval is not None
    assert page.approval.approver_id == won[0].approver_id


async def test_an_edit_and_an_approval_at_once_never_leave_an_unread_text_approved(
    ctx: Context, database: Database, editor: Actor, issuer: Actor
) -> None:
    for turn in range(5):
        piece, revision = await written(ctx, database, editor)
        await submitted(ctx, database, piece, revision, editor)

        async def edit(base: Revision = revision, turn: int = turn) -> None:
            body = REBUTTAL.model_copy(update={"fact": f"第{turn}次改动。"})
            async with database.write() as session:
                await pieces.save(ctx, session, base.piece_id, body, editor, base.number)

        await asyncio.gather(edit(), approve(ctx, database, revision, issuer), return_exceptions=True)
        async with database.read() as session:
            page = await pieces.page(ctx, session, piece.id)
        if page.piece.state == PieceState.APPROVED:
            assert page.revision.sha256 == revision.sha256
        else:
            assert page.piece.state == PieceState.DRAFT
            assert page.approval is None


async def test_returning_wants_a_reason_and_an_approval_can_be_taken_back(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, db, editor)
    await approved(ctx, db, piece, revision, editor, issuer)
    seen = (piece.id, revision.number, revision.sha256)
    with pytest.raises(Incomplete):
        async with db.write() as session:
            await review.return_(ctx, session, *seen, "  ", issuer)
    async with db.write() as session:
        await review.return_(ctx, session, *seen, "来源链接打不开", issuer)
    assert await state(db, piece) == PieceState.RETURNED
    with pytest.raises(ContentError):
        await approve(ctx, db, revision, issuer)


async def test_a_returned_text_is_handed_in_again_only_as_a_new_revision(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, db, editor)
    await submitted(ctx, db, piece, revision, editor)
    async with db.write() as session:
        await review.return_(ctx, session, piece.id, revision.number, revision.sha256, "再核实", issuer)
    with pytest.raises(IllegalTransition):
        await submitted(ctx, db, piece, revision, editor)
    async with db.write() as session:
        again = await pieces.save(ctx, session, piece.id, REBUTTAL, editor, revision.number)
    assert again.number == revision.number + 1
    await approved(ctx, db, piece, again, editor, issuer)


async def test_editors_do_not_approve_and_issuers_do_not_submit(
    ctx: Context, db: Database, editor: Actor, second_editor: Actor, issuer: Actor
) -> None:
    piece, revision = await written(ctx, db, editor)
    with pytest.raises(NotAllowed):
        await submitted(ctx, db, piece, revision, issuer)
    await submitted(ctx, db, piece, revision, editor)
    with pytest.raises(NotAllowed):
        await approve(ctx, db, revision, second_editor)
