"""`migrate`, `backup`, `restore`, `crashpoints`, `matrix`."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Annotated

import typer

AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def migrate(
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    as_json: AsJson = False,
) -> None:
    """Bring the database to the newest schema; refuses a newer one."""
    from service.cli.opening import prepare
    from service.settings import load
    from service.store import migrate as migrations

    found = prepare(load()).settings
    plan = asyncio.run(migrations.upgrade(found.db_url, dry_run))
    if as_json:
        print(json.dumps({"from": plan.current, "to": plan.newest, "steps": plan.steps, "dry_run": dry_run}))
    elif plan.steps:
        print(f"{'would run' if dry_run else 'ran'} {', '.join(plan.steps)}: now at {plan.newest}")
    else:
        print(f"at {plan.newest}, nothing to do")


def backup(file: Annotated[Path, typer.Argument(help="The file to write; must not exist.")]) -> None:
    """Copy the database, the keys and the public site into one file. The service may go on working."""
    from service.cli.opening import prepare
    from service.settings import load
    from service.usecases import backup as copying

    ctx = prepare(load())
    size = asyncio.run(copying.write(ctx, file))
    print(f"{file}: {size / 2**20:.1f} MiB; it holds the keys: keep it as safe as the service itself")


def restore(file: Annotated[Path, typer.Argument(help="A file that `backup` wrote.")]) -> None:
    """Put a backup into an empty DATA_DIR (or an empty PostgreSQL database). Nothing is sent again by itself."""
    from service import log
    from service.cli.opening import make_folder, operator
    from service.settings import load
    from service.usecases import restoring

    found = load()
    log.configure(found.log)
    make_folder(found.data_dir)
    report = asyncio.run(restoring.read(found, file, operator()))
    print(f"restored; {report.uncertain} deliveries were under way and need a look: `qingyuan outbox list`")


def crashpoints(as_json: AsJson = False) -> None:
    """The points for QINGYUAN_CRASH_AT=point:n."""
    from service.crash import POINTS

    if as_json:
        print(json.dumps(POINTS, indent=1))
        return
    for name, meaning in POINTS.items():
        print(f"{name:24} {meaning}")


def matrix(as_json: AsJson = False) -> None:
    """Who may do what."""
    from content.permissions import ACTS, Role
    from service.web.routes import ACCESS

    if as_json:
        acts = {act: sorted(roles) for act, roles in ACTS.items()}
        print(json.dumps({"acts": acts, "routes": ACCESS}, indent=1))
        return
    print(f"{'act':22}" + "".join(f"{role:>10}" for role in Role))
    for act, roles in ACTS.items():
        print(f"{act:22}" + "".join(f"{'●' if role in roles else '·':>10}" for role in Role))
    print("\nroute                            needs")
    for route, needs in ACCESS.items():
        print(f"{route:32} {needs}")
