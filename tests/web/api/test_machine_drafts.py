"""Machine drafts over the API: asked for, marked as a machine's, taken over paragraph by paragraph by an editor."""

from __future__ import annotations

from dataclasses import replace

import pytest

from content.permissions import Actor
from service.context import Context
from service.house import House
from service.store.engine import Database
from service.usecases import machine_drafts
from tests.usecases.language_model import served
from tests.web.api.conftest import API, Program, SignIn
from tests.web.conftest import Rules
from tests.writing import REBUTTAL, published

KEY = "an-editors-program-1"
MODEL = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "qwen-plus"}


@pytest.fixture
def model() -> dict[str, str]:
    return MODEL


@pytest.fixture
def house(ctx: Context, db: Database, model: dict[str, str]) -> House:
    settings = ctx.settings.model_copy(update=model)
    return House(ctx=replace(ctx, settings=settings), db=db, assessors=Rules())


async def piece_of(editor: Program) -> str:
    new = {"kind": "rebuttal", "body": REBUTTAL.model_dump(mode="json")}
    return str((await editor.post("/pieces", new, 201))["piece"]["id"])


@pytest.mark.parametrize("model", [{}])
async def test_without_a_language_model_nothing_is_asked(program: SignIn) -> None:
    editor = await program("editor")
    path = f"/pieces/{await piece_of(editor)}/drafts"
    assert (await editor.post(path, status=422))["type"] == "no_model"
    assert (await editor.get(path))["items"] == []
    await editor.get(f"/pieces/{editor.user_id}/drafts", 404)
    for role in ("sysadmin", "secadmin", "auditor"):
        await (await program(role)).get(path, 403)


async def test_a_machines_draft_is_asked_for_once_marked_and_taken_by_an_editor(
    program: SignIn, house: House
) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    piece = await piece_of(editor)
    path = f"/pieces/{piece}/drafts"
    assert (await issuer.post(path, status=403))["type"] == "forbidden"
    asked = await editor.post(path, status=202, Idempotency_Key=KEY)
    assert (asked["state"], asked["machine_made"], asked["model"]) == ("asked", True, "qwen-plus")
    again = await editor.send("POST", path, Idempotency_Key=KEY)
    assert (again.status, again.headers["Idempotency-Replayed"], await again.json()) == (202, "true", asked)
    taking = f"/drafts/{asked['id']}/take"
    await editor.post(taking, {"field": "fact", "number": 0}, 404)  # not there yet
    async with served() as (_, drafter):
        await machine_drafts.work_due(house.ctx, house.db, drafter)
    (done,) = (await issuer.get(path))["items"]
    assert (done["state"], done["machine_made"]) == ("done", True)
    await issuer.post(taking, {"field": "fact", "number": 0}, 403)
    await editor.post(taking, {"field": "fact", "number": 9}, 404)
    text = done["paragraphs"]["fact"][0]
    saved = await editor.send("POST", taking, {"field": "fact", "number": 0})
    assert (saved.status, (await saved.json())["revision"]) == (200, done["revision"] + 1)
    whole = await editor.client.get(f"{API}/pieces/{piece}")
    assert whole.headers["ETag"] == saved.headers["ETag"]
    told = await whole.json()
    assert text in told["body"]["fact"]
    assert told["acts"][-1]["act"] == "took_draft"
    (used,) = (await editor.get(path))["items"]
    assert used["taken"] == [{"field": "fact", "number": 0, "revision": done["revision"] + 1}]


async def test_for_a_text_that_is_out_no_draft_is_asked(
    program: SignIn, house: House, editor: Actor, issuer: Actor
) -> None:
    out = await published(house.ctx, house.db, editor, issuer)
    path = f"/pieces/{out.piece_id}/drafts"
    assert (await (await program("editor")).post(path, status=409))["type"] == "illegal_transition"
