"""Texts in an incident: what quiet times prepared, and what waits until it is over."""

from __future__ import annotations

import pytest

from content.incident_rules import BadIncident
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import held, incident_help, prepared, publish
from tests.usecases.test_incidents import active, ready, stood_down
from tests.writing import EXPLAINER, REBUTTAL, approved, published, written


async def test_prepared_explainers_of_the_hazard_open_as_drafts_once(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    body = EXPLAINER.model_copy(update={"hazard": "flood", "regions": ("360900",)})
    await published(ctx, db, editor, issuer, body=body, kind="explainer")
    incident = await active(ctx, db, editor, issuer)
    async with db.write() as s:
        first, *packaged = await incident_help.prepare(ctx, s, incident.id, editor)
    assert (first.incident_id, first.title, first.state) == (incident.id, EXPLAINER.title, "draft")
    stock = [one.body.title for one in await prepared.explaining("flood")]
    assert [one.title for one in packaged] == stock[: len(packaged)]
    assert packaged
    async with db.write() as s:
        assert await incident_help.prepare(ctx, s, incident.id, editor) == []


async def test_only_the_chosen_texts_are_opened(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    body = EXPLAINER.model_copy(update={"hazard": "flood"})
    await published(ctx, db, editor, issuer, body=body, kind="explainer")
    incident = await active(ctx, db, editor, issuer)
    async with db.read() as s:
        wanted, *others = await incident_help.ready(s, incident.hazard)
    assert others
    async with db.write() as s:
        made = await incident_help.prepare(ctx, s, incident.id, editor, [wanted.name])
    assert [one.title for one in made] == [wanted.body.title]
    with pytest.raises(BadIncident):
        async with db.write() as s:
            await incident_help.prepare(ctx, s, incident.id, editor, [])


async def test_what_is_held_is_listed_only_while_an_incident_is_active(
    ctx: Context, db: Database, editor: Actor, issuer: Actor
) -> None:
    piece = await ready(ctx, db, editor, issuer)
    async with db.read() as s:
        assert await held.listing(s) == []
    incident = await active(ctx, db, editor, issuer)
    said = REBUTTAL.model_copy(update={"verdict": None, "fact": "正在核实。"})
    holding, revision = await written(ctx, db, editor, said, "holding")
    await approved(ctx, db, holding, revision, editor, issuer)
    async with db.read() as s:
        assert [one.id for one in await held.listing(s)] == [piece.id]
        assert not await publish.is_held(s, holding)
    await stood_down(ctx, db, incident, editor)
    async with db.read() as s:
        assert await held.listing(s) == []
