"""Draft the next revision from what the models say and the migrations do not yet: `python -m service.store.migrations.draft "adds x"`.

A draft is read and tidied by a person. Triggers of a new append-only table are added by hand (`service.store.append_only`).
Works on a database of its own in a temporary folder.
"""

from __future__ import annotations

import asyncio
import sys
import tempfile
from pathlib import Path

from alembic import command
from sqlalchemy import Connection

from service.store import migrate
from service.store.engine import make_engine


async def draft(message: str) -> None:
    """Write `versions/<number>_<message>.py`."""
    taken = [int(path.name[:4]) for path in (migrate.SCRIPTS / "versions").glob("[0-9]*_*.py")]
    number = f"{max(taken, default=0) + 1:04}"

    def write(connection: Connection) -> None:
        command.revision(migrate.config(connection), message=message, rev_id=number, autogenerate=True)

    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'draft.sqlite'}"
        await migrate.upgrade(url)
        engine = make_engine(url)
        async with engine.begin() as connection:
            await connection.run_sync(write)
        await engine.dispose()


if __name__ == "__main__":
    asyncio.run(draft(" ".join(sys.argv[1:]) or sys.exit("say in a few words what the revision does")))
