"""`outbox list · resolve`: deliveries that need a person, by whoever has a shell on this machine."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import typer

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from service.cli.opening import operator, run
from service.context import Context
from service.store.deliveries import NEEDS_PERSON
from service.store.engine import Database
from service.usecases import outbox

app = typer.Typer(help="Deliveries that need a person: list, resolve.", no_args_is_help=True)
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON lines.")]


class Outcome(StrEnum):
    """What a person found out."""

    SENT = "sent"
    RESEND = "resend"


@app.command("list")
def listing(
    everything: Annotated[bool, typer.Option("--all", help="Also what goes its way by itself.")] = False,
    state: Annotated[list[DeliveryState] | None, typer.Option("--state", help="Only this state.")] = None,
    as_json: AsJson = False,
) -> None:
    """Uncertain and failed deliveries, newest first."""
    states: list[str] = [*state] if state else [] if everything else [*NEEDS_PERSON]

    async def work(_ctx: Context, database: Database) -> list[Delivery]:
        async with database.read() as session:
            return list(await outbox.listing(session, states, limit=10_000))

    for delivery in run(work):
        if as_json:
            print(json.dumps(_fields(delivery), ensure_ascii=False))
        else:
            what = f"{delivery.type:8} {delivery.public_id:14} → {delivery.channel_name}"
            print(f"{delivery.id}  {delivery.state:10} {what}  {delivery.error or ''}".rstrip())


@app.command()
def resolve(
    delivery: Annotated[UUID, typer.Argument(help="The delivery's id, as `outbox list` prints it.")],
    outcome: Annotated[Outcome, typer.Argument(help="sent: the other side has it. resend: it has not.")],
) -> None:
    """Say what became of a delivery: it arrived, or it goes out again."""

    async def work(ctx: Context, database: Database) -> Delivery:
        async with database.write() as session:
            return await outbox.resolve(ctx, session, delivery, outcome.value, operator())

    done = run(work)
    print(f"{done.id} is {done.state}")


def _fields(delivery: Delivery) -> dict[str, Any]:
    return {
        "id": str(delivery.id),
        "state": delivery.state,
        "type": delivery.type,
        "public_id": delivery.public_id,
        "channel": delivery.channel_name,
        "sequence": delivery.sequence,
        "attempts": delivery.attempts,
        "next_attempt_at": delivery.next_attempt_at.isoformat(),
        "error": delivery.error,
    }
