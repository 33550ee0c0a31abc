"""Relayed warnings: word for word from the authority's CAP message, updated by its update, ended by its cancellation."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest

from content.body import PieceBody
from content.errors import NotAllowed
from content.permissions import Actor
from content.pieces import Piece
from content.publications import Publication
from content.warnings import NotVerbatim
from service.context import Context
from service.errors import Invalid
from service.store import deliveries, publications
from service.store import pieces as rows
from service.store.engine import Database
from service.usecases import pieces, publish, triage, warnings
from tests.conftest import Clock
from tests.sinks import sink
from tests.usecases.newsroom import ShippedAssessor, a_source, arrive, story
from tests.usecases.sending import add
from tests.writing import approved

TEXT = "未来三小时袁州区、万载县降雨量将达五十毫米以上，可能引发山洪。"
TODO = "停止户外活动，远离山洪沟口，低洼处的群众立即转移。"


def cap(
    number: int, kind: str = "Alert", sender: str = "宜春市气象局", status: str = "Actual", **changes: str
) -> str:
    """A message as the city's weather office sends it."""
    earlier = f"{sender},3609_{number - 1},2026-11-24T08:{number - 1:02}:00+08:00"
    references = f"<references>{earlier}</references>" if kind != "Alert" else ""
    told = {
        "description": TEXT,
        "instruction": TODO,
        "headline": "宜春市气象台发布暴雨橙色预警信号",
        **changes,
    }
    return (
        f'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"><identifier>3609_{number}</identifier><sender>{sender}</sender>'
        f"<sent>2026-11-24T08:{number:02}:00+08:00</sent><status>{status}</status><msgType>{kind}</msgType><scope>Public</scope>"
        f"{references}<info><language>zh-CN</language><category>Met</category><event>暴雨</event><urgency>Immediate</urgency>"
        "<severity>Severe</severity><certainty>Likely</certainty><onset>2026-11-24T09:00:00+08:00</onset>"
        "<expires>2026-11-24T14:30:00+08:00</expires><senderName>宜春市气象台</senderName>"
        f"<headline>{told['headline']}</headline><description>{told['description']}</description>"
        f"<instruction>{told['instruction']}</instruction><area><areaDesc>袁州区、万载县</areaDesc></area></info></alert>"
    )


async def heard(
    ctx: Context,
    db: Database,
    by: Actor,
    message: str,
    authority: bool = True,
    title: str = "宜春市气象台发布暴雨橙色预警信号",
) -> UUID:
    """The message arrives and stands before the editors; the evidence's id."""
    source = await a_source(ctx, db, by, "宜春气象", authority)
    [item] = await arrive(ctx, db, source, story(title, TEXT, cap=message))
    await triage.triage_pending(ctx, db, ShippedAssessor(rules_only=True))
    return item


async def relayed(ctx: Context, db: Database, by: Actor, evidence: UUID) -> tuple[Piece, PieceBody]:
    async with db.write() as session:
        piece = await warnings.relay(ctx, session, evidence, by)
    async with db.read() as session:
        return piece, (await pieces.page(ctx, session, piece.id)).body


async def out(ctx: Context, db: Database, piece: Piece, editor: Actor, issuer: Actor) -> Publication:
    async with db.read() as session:
        revision = await rows.revision(session, piece.id, piece.revision)
    await approved(ctx, db, piece, revision, editor, issuer)
    async with db.write() as session:
        return await publish.publish(ctx, session, piece.id, issuer)


async def test_the_draft_says_what_the_issuer_says_and_nothing_else(
    ctx: Context, db: Database, editor: Actor
) -> None:
    piece, body = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    assert (piece.kind, piece.state, piece.exercise) == ("warning", "draft", False)
    assert body.title == "宜春市气象台发布暴雨橙色预警信号"
    assert body.warning == {
        "type": "暴雨", "level": "橙色", "start": "2026年11月24日9时", "area": "袁州区、万载县", "cautions": TEXT, "measures": TODO,
        "issuer": "宜春市气象台", "issued_at": "2026年11月24日8时1分", "identifier": "3609_1", "sender": "宜春市气象局",
        "sent": "2026-11-24T00:01:00+00:00", "expires": "2026-11-24T06:30:00+00:00",
    }  # fmt: skip
    assert body.scope == "有效至2026年11月24日14时30分"
    assert body.sources[0].publisher == "宜春市气象台"
    assert body.sources[0].sha256
    async with db.read() as session:
        found = await pieces.page(ctx, session, piece.id)
    assert [p for p in found.problems if p.severity == "must"] == []


async def test_relaying_twice_gives_the_piece_that_was_begun(
    ctx: Context, db: Database, editor: Actor
) -> None:
    evidence = await heard(ctx, db, editor, cap(1))
    first, _ = await relayed(ctx, db, editor, evidence)
    assert (await relayed(ctx, db, editor, evidence))[0].id == first.id


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "宜春暴雨要来了"}, {"sources": ()},
        {"warning": {"cautions": "雨不大，不用担心。"}}, {"warning": {"identifier": "x"}}, {"warning": {"note": "加一句"}},
        {"warning": {"expires": "2027-01-01T00:00:00+08:00"}},
    ],
)  # fmt: skip
async def test_no_word_of_it_can_be_changed(
    ctx: Context, db: Database, editor: Actor, changes: dict[str, Any]
) -> None:
    piece, body = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    if "warning" in changes:
        changes = {"warning": {**(body.warning or {}), **changes["warning"]}}
    async with db.write() as session:
        with pytest.raises(NotVerbatim):
            await pieces.save(ctx, session, piece.id, body.model_copy(update=changes), editor, piece.revision)


async def test_what_the_issuer_left_out_may_be_filled_in_and_mended(
    ctx: Context, db: Database, editor: Actor
) -> None:
    evidence = await heard(ctx, db, editor, cap(1, instruction=""))
    piece, body = await relayed(ctx, db, editor, evidence)
    assert "measures" not in (body.warning or {})
    revision = piece.revision
    for words in ("请停止户外活动。", "请停止户外活动，远离沟口。"):
        filled = {**(body.warning or {}), "measures": words}
        async with db.write() as session:
            saved = await pieces.save(
                ctx, session, piece.id, body.model_copy(update={"warning": filled}), editor, revision
            )
        revision = saved.number


@pytest.mark.parametrize(
    ("message", "authority"),
    [(cap(1), False), (cap(2, "Cancel"), True), (cap(1, "Ack"), True), ("<alert/>", True)],
    ids=["no authority", "a cancellation", "an acknowledgement", "no alert"],
)
async def test_nothing_else_is_relayed(
    ctx: Context, db: Database, editor: Actor, message: str, authority: bool
) -> None:
    evidence = await heard(ctx, db, editor, message, authority)
    async with db.write() as session:
        with pytest.raises(Invalid):
            await warnings.relay(ctx, session, evidence, editor)


async def test_an_exercise_stays_one(ctx: Context, db: Database, editor: Actor) -> None:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1, status="Exercise")))
    assert piece.exercise


async def test_nobody_without_a_pen_relays(ctx: Context, db: Database, editor: Actor, issuer: Actor) -> None:
    evidence = await heard(ctx, db, editor, cap(1))
    async with db.write() as session:
        with pytest.raises(NotAllowed):
            await warnings.relay(ctx, session, evidence, issuer)


async def test_an_update_becomes_the_next_version_in_place_and_a_cancellation_ends_it(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    async with sink() as receiver:
        await add(ctx, db, sysadmin, "县里", receiver.url)
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    told = await out(ctx, db, piece, editor, issuer)
    worse = cap(2, "Update", headline="宜春市气象台发布暴雨红色预警信号")
    update, body = await relayed(
        ctx, db, editor, await heard(ctx, db, editor, worse, title="宜春市气象台发布暴雨红色预警信号")
    )
    assert (update.corrects, update.corrects_version) == (told.public_id, 1)
    assert (body.warning or {})["level"] == "红色"
    second = await out(ctx, db, update, editor, issuer)
    assert (second.public_id, second.version, second.type) == (told.public_id, 2, "correct")
    async with db.read() as session:
        sent = [
            d for d in await deliveries.of_publication(session, told.public_id) if d.channel_name == "县里"
        ]
    assert [d.expires_at.isoformat() if d.expires_at else "" for d in sent] == [
        "2026-11-24T06:30:00+00:00"
    ] * 2

    over = await heard(ctx, db, editor, cap(3, "Cancel"), title="宜春市气象台解除暴雨红色预警信号")
    async with db.write() as session:
        [last] = await warnings.end(ctx, session, over, editor)
    assert (last.type, last.public_id) == ("retract", told.public_id)
    assert last.reason == "宜春市气象台已于2026年11月24日8时3分解除这条预警。"
    async with db.write() as session:
        with pytest.raises(Invalid):
            await warnings.end(ctx, session, over, editor)


async def test_another_senders_cancellation_ends_nothing(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    told = await out(ctx, db, piece, editor, issuer)
    other = await heard(ctx, db, editor, cap(2, "Cancel", sender="别处气象局"), title="别处解除暴雨预警")
    async with db.write() as session:
        with pytest.raises(Invalid):
            await warnings.end(ctx, session, other, editor)
    async with db.read() as session:
        assert (await publications.current(session, told.public_id)).type == "publish"


async def test_a_warning_is_not_corrected_by_hand(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    told = await out(ctx, db, piece, editor, issuer)
    async with db.write() as session:
        with pytest.raises(NotVerbatim):
            await publish.start_correction(ctx, session, told.public_id, editor)


async def test_a_warning_that_is_over_is_not_relayed(
    ctx: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    evidence = await heard(ctx, db, editor, cap(1))
    clock.move(hours=6)
    async with db.write() as session:
        with pytest.raises(Invalid, match="over"):
            await warnings.relay(ctx, session, evidence, editor)
