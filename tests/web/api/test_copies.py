"""Copies of a text's sources over the API: what was kept, what is gone, and a look right now."""

from __future__ import annotations

import pytest

from content.copies import Look
from service.context import Context
from service.house import House
from service.store.engine import Database
from tests.usecases.test_copies import SAYS, Pages
from tests.web.api.conftest import API, Program, SignIn
from tests.web.conftest import Rules
from tests.writing import REBUTTAL


@pytest.fixture
def web() -> Pages:
    return Pages()


@pytest.fixture
def house(ctx: Context, db: Database, web: Pages) -> House:
    return House(ctx=ctx, db=db, assessors=Rules(), parts={"source_door": web})


async def piece_of(editor: Program) -> str:
    piece = (await editor.post("/pieces", {"kind": "rebuttal"}, 201))["piece"]["id"]
    text = REBUTTAL.model_dump(mode="json")
    tag = (await editor.client.get(f"{API}/pieces/{piece}")).headers["ETag"]
    assert (await editor.send("PUT", f"/pieces/{piece}", text, If_Match=tag)).status == 200
    return str(piece)


async def test_a_look_keeps_a_copy_and_a_dead_link_is_told(program: SignIn, web: Pages) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    path = f"/pieces/{await piece_of(editor)}/copies"
    (before,) = (await editor.get(path))["items"]
    assert (before["sha256"], before["taken_at"], before["checked_at"]) == ("", None, None)
    await editor.get(f"/copies/{before['id']}", 404)
    (kept,) = (await editor.post(f"{path}/look"))["items"]
    assert (kept["sha256"], kept["fault"], kept["gone"], kept["changed"]) == (SAYS.sha256, "", False, False)
    assert kept["taken_at"] == kept["checked_at"]
    assert web.asked == [kept["url"]] == [REBUTTAL.sources[0].url]
    assert "text" not in kept
    web.says = Look(fault="http_404")
    (dead,) = (await editor.post(f"{path}/look"))["items"]
    assert (dead["fault"], dead["gone"], dead["sha256"]) == ("http_404", True, SAYS.sha256)
    assert (await issuer.get(path))["items"] == [dead]
    assert (await issuer.get(f"/copies/{dead['id']}"))["text"] == SAYS.text


async def test_copies_are_the_desks_and_looking_is_an_editors(program: SignIn, web: Pages) -> None:
    editor, issuer = await program("editor"), await program("issuer")
    path = f"/pieces/{await piece_of(editor)}/copies"
    assert (await issuer.post(f"{path}/look", status=403))["type"] == "forbidden"
    for role in ("sysadmin", "secadmin", "auditor"):
        other = await program(role)
        await other.get(path, 403)
        await other.post(f"{path}/look", status=403)
    assert web.asked == []
    nothing = f"/pieces/{editor.user_id}"
    await editor.get(f"{nothing}/copies", 404)
    await editor.post(f"{nothing}/copies/look", status=404)
