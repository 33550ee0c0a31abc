"""What the public asks: taken safely, followed by token, forgotten in time."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlmodel import select

from content.audit import AuditEntry
from service.context import Context
from service.errors import Invalid, NotFound
from service.store import tips as store
from service.store.engine import Database
from service.store.tables import Tip
from service.usecases import tips
from tests.conftest import Clock

QUESTION = "听说明月山景区昨晚发生泥石流，是真的吗？"


async def test_the_contact_is_encrypted_and_the_token_is_not_stored(ctx: Context, database: Database) -> None:
    async with database.write() as session:
        tip, token = await tips.submit(
            ctx, session, QUESTION, "https://t.example.cn/1", "360902", "13900001111"
        )
    async with database.read() as session:
        row = (await session.exec(select(Tip))).one()
        (entry,) = (await session.exec(select(AuditEntry))).all()
    assert token not in str(row)
    assert row.contact is not None
    assert b"13900001111" not in row.contact
    assert ctx.keys.decrypt(row.contact, bound_to=str(tip.id)) == "13900001111"
    assert (entry.act, entry.actor_name) == ("tip.submit", "public")
    assert "13900001111" not in entry.model_dump_json()
    assert QUESTION not in entry.model_dump_json()


@pytest.mark.parametrize(
    ("text", "region", "contact"),
    [
        ("？", None, ""),
        ("真" * 4001, None, ""),
        (QUESTION, "3609", ""),
        (QUESTION, "36090٢", ""),
        (QUESTION, None, "1" * 201),
    ],
)
async def test_what_does_not_fit_is_refused(
    ctx: Context, db: Database, text: str, region: str | None, contact: str
) -> None:
    with pytest.raises(Invalid):
        async with db.write() as session:
            await tips.submit(ctx, session, text, "", region, contact)


async def test_hostile_text_and_addresses_are_stored_as_plain_words(ctx: Context, database: Database) -> None:
    async with database.write() as session:
        tip, token = await tips.submit(ctx, session, f"\x00{QUESTION}\ud800<script>", "javascript:alert(1)")
    assert tip.url == ""
    async with database.read() as session:
        assert (await tips.status(session, token)).text == f"{QUESTION}?<script>"


async def test_a_guessed_token_shows_nothing(ctx: Context, db: Database) -> None:
    async with db.write() as session:
        await tips.submit(ctx, session, QUESTION)
    async with db.read() as session:
        for guess in ("", "a" * 32, "x" * 5000, "\ud800" * 20):
            with pytest.raises(NotFound):
                await tips.status(session, guess)


async def test_contacts_are_forgotten_thirty_days_after_the_answer(
    ctx: Context, database: Database, clock: Clock
) -> None:
    async with database.write() as session:
        answered, _ = await tips.submit(ctx, session, QUESTION, contact="甲")
        await tips.submit(ctx, session, QUESTION, contact="乙")
        answered.state, answered.answered_at = "answered", ctx.now()
        session.add(answered)
    for days, kept in ((29, 2), (2, 1)):
        clock.move(days=days)
        async with database.write() as session:
            await store.forget_contacts(session, ctx.now() - timedelta(days=30))
        async with database.read() as session:
            assert sum(t.contact is not None for t in (await session.exec(select(Tip))).all()) == kept
