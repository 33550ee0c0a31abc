"""The queue: what wants an editor, most urgent first, with the reasons; and live news that something changed."""

from __future__ import annotations

import asyncio
import contextlib

from aiohttp import web
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.taxonomy import HAZARDS, TOPICS
from content.cases import CaseKind
from service.errors import Invalid, NotFound
from service.store import shelf, warnings
from service.store.clocks import unseen
from service.store.hub import Hub
from service.store.tables import Source
from service.usecases import cases, clock_board
from service.usecases.bulk_dismissal import Outcome, outcome
from service.usecases.case_reading import LOCAL, SIGNALS, queue_counts, queue_tally
from service.web.desk.queue_query import AGE_CODES, LONGEST, PAGE, VIEWS, Asked, address, asked
from service.web.forms import form
from service.web.keys import actor, house
from service.web.paths import as_uuid
from service.web.staff import done, staff_page
from service.web.templating import TEMPLATES

BEAT = 20.0  # seconds between signs of life, so that proxies keep the line open
NEWS = frozenset({"queue", "assignments", "deliveries"})
BESIDE = {"signal": SIGNALS, "topic": tuple(TOPICS), "hazard": tuple(HAZARDS), "age": AGE_CODES}


async def show(request: web.Request) -> web.Response:
    """One page of a view with its filters, and beside each choice how many cases it would leave."""
    here, query, who = house(request), request.query, actor(request)
    now, city = here.ctx.now(), request.app[TEMPLATES].city
    counties = [county.code for county in city.counties]
    wanted = asked(query, who, now, [city.code, *counties])
    async with here.db.read() as session:
        if wanted.view.source and await session.get(Source, wanted.view.source) is None:
            wanted = wanted.without("source")
        page, lost = await _page(session, wanted, query.get("cursor"))
        counts = await queue_counts(session, who.id)
        beside = await queue_tally(session, wanted.view, {**BESIDE, "region": [LOCAL, *counties]}, now)
        readings = await clock_board.of_cases(here.ctx, session, [row.case for row in page.rows])
        alarms = await unseen(session)
        warned = await warnings.unseen(session)
        stale = await shelf.count_due(session, now)
        batch = await _batch(session, query.get("batch"))
    return staff_page(
        request,
        "desk/queue.html",
        page=page,
        asked=wanted,
        ignored=[*wanted.ignored, *lost],
        beside=beside,
        view=wanted.view,
        views=VIEWS,
        here=address(wanted.kept, cursor="" if lost else query.get("cursor", "")),
        address=lambda **more: address(wanted.kept, **more),
        ticked=query.get("tick") == "all",
        batch=batch,
        mine=batch is not None and batch.by == who.id,
        counts=counts,
        clocks={case: clock_board.urgent(found) for case, found in readings.items()},
        alarms=alarms - len(warned),
        warned=warned,
        stale=stale,
        now=now,
    )


async def _page(
    session: AsyncSession, wanted: Asked, cursor: str | None
) -> tuple[cases.QueuePage, list[tuple[str, str]]]:
    """The page that the cursor leads to; the first, and what was wrong, when it leads nowhere."""
    try:
        return await cases.queue(session, wanted.view, cursor), []
    except Invalid:
        return await cases.queue(session, wanted.view), [("cursor", (cursor or "")[:LONGEST])]


async def _batch(session: AsyncSession, name: str | None) -> Outcome | None:
    """What became of the batch that the address names, if there is one."""
    try:
        return await outcome(session, as_uuid(name)) if name else None
    except NotFound:
        return None


async def open_case(request: web.Request) -> web.StreamResponse:
    """A case for what an editor heard elsewhere."""
    here, fields = house(request), await form(request)
    async with here.db.write() as session:
        case = await cases.open_by_hand(
            here.ctx,
            session,
            fields.get("title", ""),
            fields.get("kind", CaseKind.QUESTION),
            fields.get("text", ""),
            actor(request),
            url=fields.get("url", ""),
        )
    return done(request, f"/desk/cases/{case.id}", "opened")


async def events(request: web.Request) -> web.StreamResponse:
    """Server-sent events: `change` when the queue, an assignment or a delivery changed. Carries no content."""
    stream = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await stream.prepare(request)
    # The page was closed, or the service stops.
    with contextlib.suppress(ConnectionError, asyncio.CancelledError):
        await _tell(stream, house(request).db.hub)
    return stream


async def _tell(stream: web.StreamResponse, hub: Hub) -> None:
    await stream.write(b"retry: 5000\n\n")
    with hub.listen() as news:
        while True:
            try:
                async with asyncio.timeout(BEAT):
                    told = await news.get()
            except TimeoutError:
                await stream.write(b": beat\n\n")
                continue
            if told.topic in NEWS:
                await stream.write(f"event: change\ndata: {told.topic}\n\n".encode())
                await asyncio.sleep(1)  # a batch of changes is one piece of news
                while not news.empty():
                    news.get_nowait()


def routes() -> list[web.RouteDef]:
    """The routes of the queue."""
    return [
        web.get(PAGE, show, name="desk.queue"),
        web.post(PAGE + "/cases", open_case, name="desk.cases.open"),
        web.get(PAGE + "/events", events, name="desk.events"),
    ]
