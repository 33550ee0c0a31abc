"""`user add · list · disable · enable · reset`: accounts, by whoever has a shell on this machine."""

from __future__ import annotations

import json
from typing import Annotated

import typer
from sqlmodel.ext.asyncio.session import AsyncSession

from service.cli.opening import operator, run
from service.context import Context
from service.errors import NotFound
from service.store import accounts as store
from service.store.engine import Database
from service.store.tables import User
from service.usecases import accounts

app = typer.Typer(help="Accounts: add, list, disable, enable, reset.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(help="The login name.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def add(
    name: Name,
    role: Annotated[
        list[str], typer.Option("--role", help="editor, issuer, expert, sysadmin, secadmin, auditor.")
    ],
    display_name: Annotated[str, typer.Option("--display-name", help="As shown to colleagues.")] = "",
    as_json: AsJson = False,
) -> None:
    """Make an account and print its one-time set-up link."""

    async def work(ctx: Context, database: Database) -> tuple[User, str]:
        async with database.write() as session:
            user, token = await accounts.create_user(ctx, session, name, role, operator(), display_name)
        return user, f"{ctx.settings.public_url}/setup/{token}"

    _show_link(*run(work), as_json)


@app.command("list")
def listing(as_json: AsJson = False) -> None:
    """All accounts."""

    async def work(_ctx: Context, database: Database) -> list[User]:
        async with database.read() as session:
            return list(await accounts.listing(session, operator(), limit=10_000))

    for user in run(work):
        state = (
            "disabled" if user.disabled_at else "ready" if user.password_hash else "waits for its password"
        )
        if as_json:
            print(json.dumps({"name": user.name, "roles": user.roles, "state": state}, ensure_ascii=False))
        else:
            print(f"{user.name:24} {', '.join(user.roles):20} {state}")


@app.command()
def disable(name: Name, reason: Annotated[str, typer.Option("--reason", help="Why.")] = "") -> None:
    """Lock an account out; its sessions end at once."""

    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            user = await _named(session, name)
            await accounts.disable(ctx, session, user.id, operator(), reason)

    run(work)
    print(f"{name} is disabled")


@app.command()
def enable(name: Name) -> None:
    """Let an account in again, also after too many wrong passwords."""

    async def work(ctx: Context, database: Database) -> None:
        async with database.write() as session:
            user = await _named(session, name)
            await accounts.enable(ctx, session, user.id, operator())

    run(work)
    print(f"{name} is enabled")


@app.command()
def reset(name: Name, as_json: AsJson = False) -> None:
    """Take password and second factor away and print a new set-up link."""

    async def work(ctx: Context, database: Database) -> tuple[User, str]:
        async with database.write() as session:
            user = await _named(session, name)
            user, token = await accounts.reset(ctx, session, user.id, operator())
        return user, f"{ctx.settings.public_url}/setup/{token}"

    _show_link(*run(work), as_json)


def _show_link(user: User, link: str, as_json: bool) -> None:
    if as_json:
        print(json.dumps({"name": user.name, "roles": user.roles, "setup": link}, ensure_ascii=False))
    else:
        print(f"{user.name} ({', '.join(user.roles)}): set the password within 72 hours at\n{link}")


async def _named(session: AsyncSession, name: str) -> User:
    user = await store.by_name(session, accounts.normal_name(name))
    if user is None:
        raise NotFound(f"there is no account called '{name}'")
    return user
