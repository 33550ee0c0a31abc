"""`keys rotate`: change the keys of this installation, by whoever has a shell on this machine."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

import typer

from service.cli.opening import operator, run
from service.context import Context
from service.store.engine import Database
from service.usecases import key_rotation

app = typer.Typer(help="Keys of this installation: rotate.", no_args_is_help=True)


class Rotatable(StrEnum):
    CONTACT = "contact"


@app.callback()
def _keys() -> None:
    """Keys of this installation."""


@app.command()
def rotate(
    name: Annotated[
        Rotatable, typer.Argument(help="contact: seals contact data, second factors, channel secrets.")
    ],
) -> None:
    """Seal everything with a new key. Stop the service first. When it was killed, run it again: it goes on."""

    async def work(ctx: Context, database: Database) -> int:
        return await key_rotation.rotate(ctx, database, operator())

    count = run(work)
    print(f"{name}: {count} values are sealed with the new key; make a backup now")
