"""Clocks that run out are told once, on the desk and through the desk's own channels."""

from __future__ import annotations

from typing import Any

import pytest
from aiohttp import web

from content.alarms import Alarm
from content.cases import Case, CaseKind
from content.errors import NotAllowed
from content.permissions import Actor
from content.routing import Outlet, takes
from service.channels.errors import Permanent, Temporary
from service.channels.protocol import Sent
from service.context import Context
from service.errors import Invalid
from service.store import clocks as store
from service.store.engine import Database
from service.usecases import alarms, audit, cases, channels, clock_board, incidents, publish
from tests.conftest import Clock
from tests.sinks import sink
from tests.usecases.test_incidents import active
from tests.writing import Site, published, ways_out


class Robots:
    """Stands in for channels: notes what each was told, or fails as it was told to."""

    def __init__(self, *faults: BaseException | None) -> None:
        self.heard: list[Any] = []
        self.faults = list(faults)

    def open(self, config: Any) -> Any:
        robots = self

        class Way:
            async def send(self, message: Any, key: str) -> Sent:
                robots.heard.append(message)
                if robots.faults and (fault := robots.faults.pop(0)):
                    raise fault
                return Sent()

        return Way()


async def a_case(ctx: Context, db: Database, by: Actor, title: str = "网传停水三天") -> Case:
    async with db.write() as s:
        return await cases.open_by_hand(ctx, s, title, CaseKind.RUMOR, "群里都在传，大家快囤水！", by)


async def the_desk_is_told_by(ctx: Context, db: Database, by: Actor, **more: Any) -> None:
    async with db.write() as s:
        url = "https://robot.example.cn/send"
        await channels.add(ctx, s, "值班群", "wecom", url, by, settings={"desk": True, **more})


async def standing(db: Database) -> list[Alarm]:
    async with db.read() as s:
        return list(await store.open_alarms(s))


async def test_a_clock_that_nears_its_end_is_told_once(
    ctx: Context, database: Database, clock: Clock, editor: Actor, sysadmin: Actor
) -> None:
    robots: Any = Robots()
    case = await a_case(ctx, database, editor)
    await the_desk_is_told_by(ctx, database, sysadmin)
    assert await alarms.look(ctx, database, robots) == 0
    clock.move(minutes=95)
    assert await alarms.look(ctx, database, robots) == 1
    assert robots.heard == []  # gathered with what comes in the next ten minutes
    clock.move(minutes=10)
    for _ in range(2):
        assert await alarms.look(ctx, database, robots) == 0
    (message,) = robots.heard
    assert "时限提醒：1 项" in message.told.body.title
    assert "网传停水三天" in message.told.body.fact
    assert message.url.endswith("/desk/clocks")
    (alarm,) = await standing(database)
    assert (alarm.subject_id, alarm.clock, alarm.told) == (case.id, "case_response", {"值班群": "sent"})
    async with database.read() as s:
        acts = [entry.act async for entry in audit.entries(s)]
    assert acts.count("clock.alarm") == 1


async def test_taking_a_case_on_ends_its_alarm(
    ctx: Context, db: Database, clock: Clock, editor: Actor
) -> None:
    case = await a_case(ctx, db, editor)
    clock.move(minutes=130)
    await alarms.look(ctx, db, None)
    async with db.write() as s:
        await cases.claim(ctx, s, case.id, editor)
    await alarms.look(ctx, db, None)
    assert await standing(db) == []
    async with db.read() as s:
        codes = [one.reading.clock.code for one in await clock_board.board(ctx, s)]
    assert codes == ["case_publication"]


async def test_a_busy_channel_is_tried_again_and_a_refusing_one_is_not(
    ctx: Context, db: Database, clock: Clock, editor: Actor, sysadmin: Actor
) -> None:
    await a_case(ctx, db, editor)
    await the_desk_is_told_by(ctx, db, sysadmin)
    clock.move(minutes=95)
    await alarms.look(ctx, db, None)
    clock.move(minutes=10)
    robots: Any = Robots(Temporary("http_503"), Permanent("http_404"))
    told = []
    for _ in range(3):
        await alarms.look(ctx, db, robots)
        told.append((await standing(db))[0].told["值班群"])
    assert told == ["again", "permanent", "permanent"]
    assert len(robots.heard) == 2


async def test_a_process_that_dies_while_telling_does_not_tell_twice(
    ctx: Context, db: Database, clock: Clock, editor: Actor, sysadmin: Actor
) -> None:
    await a_case(ctx, db, editor)
    await the_desk_is_told_by(ctx, db, sysadmin)
    clock.move(minutes=95)
    await alarms.look(ctx, db, None)
    clock.move(minutes=10)
    robots: Any = Robots(KeyboardInterrupt())
    with pytest.raises(KeyboardInterrupt):
        await alarms.look(ctx, db, robots)
    await alarms.look(ctx, db, robots)
    assert len(robots.heard) == 1
    assert (await standing(db))[0].told == {"值班群": "unknown"}


async def test_an_incident_notes_the_alarm_and_a_correction_has_its_clock(
    ctx: Context, db: Database, clock: Clock, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    incident = await active(ctx, db, editor, issuer)
    await the_desk_is_told_by(ctx, db, sysadmin)
    clock.move(minutes=24)
    robots: Any = Robots()
    await alarms.look(ctx, db, robots)
    assert len(robots.heard) == 1  # an incident waits for nothing
    async with db.read() as s:
        acts = [(a.act, a.details) for a in (await incidents.page(s, incident.id)).acts]
    assert ("alarm", {"clock": "holding"}) in acts
    said = await published(ctx, db, editor, issuer, incident_id=incident.id)
    async with db.write() as s:
        piece = await publish.start_correction(ctx, s, said.public_id, editor)
    clock.move(minutes=100)
    await alarms.look(ctx, db, None)
    assert (piece.id, "correction") in {(one.subject_id, one.clock) for one in await standing(db)}


async def test_a_case_in_an_incident_shows_the_clocks_of_the_incident(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    incident = await active(ctx, db, editor, issuer)
    async with db.read() as s:
        case = await s.get(Case, incident.case_id)
        assert case is not None
        readings = (await clock_board.of_cases(ctx, s, [case]))[case.id]
        urgent = clock_board.urgent(readings)
        board = {(one.subject, one.reading.clock.code) for one in await clock_board.board(ctx, s)}
    assert urgent is not None
    assert urgent.clock.code == "holding"
    assert ("incident", "holding") in board
    assert ("case", "case_response") not in board


async def test_an_exercise_is_told_only_where_exercises_are(
    ctx: Context, db: Database, clock: Clock, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    await the_desk_is_told_by(ctx, db, sysadmin)
    await active(ctx, db, editor, issuer, exercise=True)
    clock.move(minutes=40)
    robots: Any = Robots()
    assert await alarms.look(ctx, db, robots) > 0
    assert robots.heard == []


async def test_a_real_robot_hears_it_with_a_link_to_the_board(
    ctx: Context, db: Database, clock: Clock, editor: Actor, sysadmin: Actor
) -> None:
    await a_case(ctx, db, editor)
    clock.move(minutes=95)
    await alarms.look(ctx, db, None)
    clock.move(minutes=10)

    async def yes(_request: web.Request) -> web.StreamResponse:
        return web.json_response({"errcode": 0, "errmsg": "ok"})

    async with sink(yes) as receiver, ways_out(ctx, Site(), receiver.port) as out:
        async with db.write() as s:
            await channels.add(ctx, s, "值班群", "wecom", receiver.url, sysadmin, settings={"desk": True})
        await alarms.look(ctx, db, out)
    (heard,) = receiver.taken
    words = heard["markdown"]["content"]
    assert "接手处理（网传停水三天）" in words
    assert "/desk/clocks" in words
    assert (await standing(db))[0].told == {"值班群": "sent"}


async def test_somebody_says_that_they_know(
    ctx: Context, db: Database, clock: Clock, editor: Actor, sysadmin: Actor
) -> None:
    await a_case(ctx, db, editor)
    clock.move(minutes=95)
    await alarms.look(ctx, db, None)
    (alarm,) = await standing(db)
    with pytest.raises(NotAllowed):
        async with db.write() as s:
            await alarms.see(ctx, s, alarm.id, sysadmin)
    async with db.write() as s:
        await alarms.see(ctx, s, alarm.id, editor)
    async with db.read() as s:
        assert await store.unseen(s) == 0
    assert len(await standing(db)) == 1


async def test_a_channel_of_the_desk_takes_no_publication(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    said = await published(ctx, db, editor, issuer)
    assert not takes(Outlet("wecom", {"desk": True}), said)
    assert takes(Outlet("wecom", {}), said)
    with pytest.raises(Invalid):
        async with db.write() as s:
            await channels.add(
                ctx, s, "短信", "sms", "https://sms.example.cn", sysadmin, settings={"desk": True}
            )
