"""A rebuttal from draft to the webhook, on both databases."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json

from content.delivery_states import DeliveryState
from content.permissions import Actor
from service.context import Context
from service.store import deliveries, publications
from service.store.engine import Database
from service.usecases import channels, deliver, publish
from tests.sinks import sink
from tests.writing import Site, corrected, published, ways_out


async def test_an_approved_rebuttal_reaches_site_and_webhook_once_and_signed(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    site = Site()
    async with sink() as receiver, ways_out(ctx, site, receiver.port) as out:
        async with database.write() as session:
            _, secret = await channels.add(ctx, session, "市融媒体", "webhook", receiver.url, sysadmin)
        told = await published(ctx, database, editor, issuer)
        assert await deliver.deliver_due(ctx, database, out) == 2
        assert await deliver.deliver_due(ctx, database, out) == 0

    assert site.rendered == [told.public_id]
    assert [p["id"] for p in receiver.taken] == [told.public_id]
    headers, body, _ = receiver.asked[0]
    assert secret is not None
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert headers["Idempotency-Key"] == headers["webhook-id"]
    payload = json.loads(body)
    assert payload["sha256"] == told.sha256
    assert payload["type"] == "publish"
    assert payload["references"] is None
    assert payload["url"].endswith(f"/p/{told.public_id}")


async def test_a_correction_and_a_retraction_follow_to_every_channel_in_order(
    ctx: Context, database: Database, editor: Actor, issuer: Actor, sysadmin: Actor
) -> None:
    site = Site()
    async with sink() as receiver, ways_out(ctx, site, receiver.port) as out:
        async with database.write() as session:
            await channels.add(ctx, session, "市融媒体", "webhook", receiver.url, sysadmin)
        first = await published(ctx, database, editor, issuer)
        await corrected(ctx, database, first.public_id, editor, issuer, fact="四十三项指标全部达标。")
        await deliver.deliver_due(ctx, database, out)
        async with database.write() as session:
            await publish.retract(ctx, session, first.public_id, "检测报告被撤回，待重新核实。", editor)
        await deliver.deliver_due(ctx, database, out)

    assert [p["type"] for p in receiver.taken] == ["publish", "correct", "retract"]
    assert {p["id"] for p in receiver.taken} == {first.public_id}
    revisions = [p["revision"] for p in receiver.taken]
    assert revisions == sorted(revisions)
    assert revisions[0] < revisions[1]
    assert receiver.taken[1]["references"] == first.public_id
    assert "待重新核实" in receiver.taken[2]["summary"]
    async with database.read() as session:
        latest = await publications.current(session, first.public_id)
        sent = await deliveries.of_publication(session, first.public_id)
    assert latest.version == 3
    assert [change["type"] for change in latest.snapshot["changes"]] == ["correct", "retract"]
    assert {d.state for d in sent} == {DeliveryState.SENT}
