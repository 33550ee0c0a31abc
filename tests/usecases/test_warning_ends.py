"""A relayed warning that is over: who relayed it hears at once, finds the closing words, and nobody publishes it any more."""

from __future__ import annotations

from typing import Any

import pytest

from content.alarms import Alarm
from content.permissions import Actor
from content.publications import Publication
from content.warning_ends import End, Ended, StillInForce, WarningOver
from service.context import Context
from service.store import deliveries
from service.store.engine import Database
from service.usecases import alarms, triage, warning_ends, warnings
from tests.conftest import Clock
from tests.sinks import sink
from tests.usecases.newsroom import ShippedAssessor, a_source, arrive, story
from tests.usecases.sending import add
from tests.usecases.test_alarms import Robots, standing, the_desk_is_told_by
from tests.usecases.test_warnings import cap, heard, out, relayed

OVER = "宜春市气象台解除暴雨橙色预警信号"


async def told(ctx: Context, db: Database, editor: Actor, issuer: Actor) -> Publication:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    return await out(ctx, db, piece, editor, issuer)


async def how(ctx: Context, db: Database, publication: Publication) -> Ended | None:
    async with db.read() as session:
        return await warning_ends.ended(ctx, session, publication.piece_id, publication.snapshot["body"])


async def codes(db: Database) -> list[str]:
    return [one.clock for one in await standing(db)]


async def test_a_cancellation_is_told_at_once_until_somebody_takes_the_warning_down(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    robots: Any = Robots()
    await the_desk_is_told_by(ctx, database, sysadmin)
    out_there = await told(ctx, database, editor, issuer)
    await alarms.look(ctx, database, robots)
    assert await how(ctx, database, out_there) is None
    await heard(ctx, database, editor, cap(2, "Cancel"), title=OVER)
    [alarm] = await standing(database)
    assert (alarm.subject, alarm.clock, alarm.subject_id) == ("warning", End.CANCELLED, out_there.piece_id)
    for _ in range(2):
        await alarms.look(ctx, database, robots)
    [message] = robots.heard
    assert "1 条转发的预警有变" in message.told.body.title
    assert "发布单位已解除" in message.told.body.fact
    assert "宜春市气象台发布暴雨橙色预警信号" in message.told.body.fact
    found = await how(ctx, database, out_there)
    assert found is not None
    assert (found.why, found.words) == (End.CANCELLED, "宜春市气象台已于2026年11月24日8时2分解除这条预警。")
    async with database.write() as session:
        await alarms.see(ctx, session, alarm.id, editor)
    await alarms.look(ctx, database, robots)
    assert await codes(database) == [End.CANCELLED], "knowing is not enough: it still stands"
    async with database.write() as session:
        last = await warnings.close(ctx, session, out_there.public_id, "", editor)
    assert (last.type, last.reason, last.snapshot["ended"]) == ("retract", found.words, True)
    await alarms.look(ctx, database, robots)
    assert await codes(database) == []


async def test_an_expiry_is_told_once_and_rests_when_somebody_knows(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    robots: Any = Robots()
    await the_desk_is_told_by(ctx, database, sysadmin)
    out_there = await told(ctx, database, editor, issuer)
    clock.move(hours=5, minutes=29)
    await alarms.look(ctx, database, robots)
    assert await codes(database) == []
    clock.move(minutes=1)
    for _ in range(3):
        await alarms.look(ctx, database, robots)
    [alarm] = await standing(database)
    assert alarm.clock == End.EXPIRED
    assert len(robots.heard) == 1
    assert "转发的预警已过有效期" in robots.heard[0].told.body.fact
    found = await how(ctx, database, out_there)
    assert found is not None
    assert found.words == "这条预警的有效期已于2026年11月24日14时30分结束。最新情况以宜春市气象台的消息为准。"
    async with database.write() as session:
        await alarms.see(ctx, session, alarm.id, editor)
    for _ in range(2):
        await alarms.look(ctx, database, robots)
    assert await codes(database) == []
    assert len(robots.heard) == 1


async def test_an_expiry_of_long_ago_is_no_news(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    await told(ctx, db, editor, issuer)
    clock.move(days=4)
    await alarms.look(ctx, db, None)
    assert await codes(db) == []


async def test_an_update_is_told_until_it_is_relayed(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    first = await told(ctx, db, editor, issuer)
    update = await heard(ctx, db, editor, cap(2, "Update"), title="宜春市气象台变更暴雨预警信号")
    assert await codes(db) == [End.UPDATED]
    async with db.write() as session:
        with pytest.raises(StillInForce):
            await warnings.close(ctx, session, first.public_id, "", editor)
    piece, _ = await relayed(ctx, db, editor, update)
    await out(ctx, db, piece, editor, issuer)
    await alarms.look(ctx, db, None)
    assert await codes(db) == []


async def official(ctx: Context, db: Database, by: Actor, title: str, text: str) -> None:
    """A text of the weather office, not a message for machines."""
    source = await a_source(ctx, db, by, "宜春气象", True)
    await arrive(ctx, db, source, story(title, text))
    await triage.triage_pending(ctx, db, ShippedAssessor(rules_only=True))


async def test_an_official_text_about_the_end_of_such_a_warning_asks_for_a_comparison(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    out_there = await told(ctx, db, editor, issuer)
    await official(ctx, db, editor, "宜春市气象台解除高温橙色预警信号", "宜春市气象台解除高温橙色预警信号。")
    assert await codes(db) == []
    await official(ctx, db, editor, OVER, "宜春市气象台2026年11月24日10时解除暴雨橙色预警信号。")
    assert await codes(db) == [End.PERHAPS]
    found = await how(ctx, db, out_there)
    assert found is not None
    assert found.words == "", "nobody has said yet that it is this one"


async def test_nobody_elses_cancellation_and_no_test_raises_anything(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    await told(ctx, db, editor, issuer)
    await heard(ctx, db, editor, cap(2, "Cancel", sender="别处气象局"), title="测试消息")
    await heard(ctx, db, editor, cap(2, "Cancel", status="Test"), title="测试消息二")
    assert await codes(db) == []


async def test_a_text_under_way_is_told_too_and_is_not_published_any_more(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    await heard(ctx, db, editor, cap(2, "Cancel"), title=OVER)
    assert await codes(db) == [End.CANCELLED]
    await alarms.look(ctx, db, None)
    assert await codes(db) == [End.CANCELLED]
    with pytest.raises(WarningOver):
        await out(ctx, db, piece, editor, issuer)
    [alarm] = await standing(db)
    async with db.write() as session:
        await alarms.see(ctx, session, alarm.id, editor)
    await alarms.look(ctx, db, None)
    assert await codes(db) == []


async def test_a_warning_whose_time_is_over_is_not_published(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock
) -> None:
    piece, _ = await relayed(ctx, db, editor, await heard(ctx, db, editor, cap(1)))
    clock.move(hours=6)
    with pytest.raises(WarningOver):
        await out(ctx, db, piece, editor, issuer)


async def test_a_warning_in_force_is_not_closed(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    out_there = await told(ctx, db, editor, issuer)
    async with db.write() as session:
        with pytest.raises(StillInForce):
            await warnings.close(ctx, session, out_there.public_id, "不想要了", editor)


async def test_every_channel_that_had_it_hears_the_closing_words(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with sink() as receiver:
        await add(ctx, db, sysadmin, "县里", receiver.url)
    out_there = await told(ctx, db, editor, issuer)
    async with db.write() as session:
        for row in await deliveries.of_publication(session, out_there.public_id):
            await deliveries.move(session, row, ctx, "sent")
    clock.move(hours=6)
    async with db.write() as session:
        last = await warnings.close(ctx, session, out_there.public_id, "", editor)
    async with db.read() as session:
        rows = [
            d for d in await deliveries.of_publication(session, out_there.public_id) if d.type == "retract"
        ]
    assert {row.channel_name for row in rows} >= {"县里"}
    assert all(row.expires_at is None for row in rows)
    assert last.reason.startswith("这条预警的有效期已于")


def test_an_alarm_tells_who_relayed_it() -> None:
    body = {"title": "宜春市气象台发布暴雨橙色预警信号"}
    assert warning_ends.title_of(body, "李编辑") == "宜春市气象台发布暴雨橙色预警信号（李编辑转发）"
    assert (
        len(warning_ends.title_of({"title": "长" * 600}, "李编辑"))
        < Alarm.model_fields["title"].metadata[0].max_length
    )
