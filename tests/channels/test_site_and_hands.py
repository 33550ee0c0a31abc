"""Faults on our own site, and what a person does by hand."""

from __future__ import annotations

import errno

import pytest

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import channels, outbox
from tests.channels.hours import rows, settle
from tests.conftest import Clock
from tests.writing import Site, corrected, published, ways_out

SENT, UNCERTAIN = DeliveryState.SENT, DeliveryState.UNCERTAIN
NUMBERS = (
    errno.ENOSPC,
    errno.EDQUOT,
    errno.EROFS,
    errno.EACCES,
    errno.EIO,
    errno.EMFILE,
    errno.ENOENT,
    errno.ESTALE,
)


@pytest.mark.parametrize(
    "error",
    [*(OSError(n, "disk") for n in NUMBERS), TimeoutError(), RuntimeError("a template broke")],
    ids=repr,
)
async def test_our_own_site_is_rendered_again_until_it_stands(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, clock: Clock, error: Exception
) -> None:
    class Breaks(Site):
        async def __call__(self, public_id: str) -> None:
            if not self.rendered:
                self.rendered.append("broke")
                raise error
            await super().__call__(public_id)

    site = Breaks()
    async with ways_out(ctx, site) as out:
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await settle(ctx, db, out, clock)
    assert [d.state for d in await rows(db, told.public_id, "site")] == [SENT, SENT]
    assert site.rendered == ["broke", told.public_id, told.public_id]


async def test_what_is_done_by_hand_waits_for_the_person_each_time_and_in_order(
    ctx: Context, db: Database, editor: Actor, issuer: Actor, sysadmin: Actor, clock: Clock
) -> None:
    async with ways_out(ctx, Site()) as out:
        async with db.write() as session:
            await channels.add(ctx, session, "大喇叭", "todo", "", sysadmin)
        told = await published(ctx, db, editor, issuer)
        await corrected(ctx, db, told.public_id, editor, issuer, fact="四十三项指标全部达标。")
        for expected in ([UNCERTAIN, DeliveryState.PENDING], [SENT, UNCERTAIN], [SENT, SENT]):
            await settle(ctx, db, out, clock)
            found = await rows(db, told.public_id, "大喇叭")
            assert [d.state for d in found] == expected
            doubt = [d for d in found if d.state == UNCERTAIN]
            if doubt:
                async with db.write() as session:
                    await outbox.resolve(ctx, session, doubt[0].id, "sent", editor)
