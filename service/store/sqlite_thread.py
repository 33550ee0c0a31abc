"""SQLite in a thread, one crossing a statement: execute, fetch and close happen there in one go.

aiosqlite crosses over for the cursor, the statement, its rows and the cursor's end: four wake-ups of the event loop, which
cost more than most statements do. Results are read whole, as SQLAlchemy reads them anyway; nothing is streamed.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence
from typing import Any, Self

import aiosqlite
from aiosqlite.core import Connection

CHUNK = 64  # rows at a time of aiosqlite's own cursors, which are not used


class WholeCursor:
    """What SQLAlchemy's adapter wants of a cursor. Filled by one crossing; holds nothing of SQLite's afterwards."""

    def __init__(self, connection: ThreadConnection) -> None:
        self._connection = connection
        self._rows: list[Any] = []
        self.description: Any = None
        self.rowcount = -1
        self.lastrowid: int | None = None
        self.arraysize = 1

    async def __aenter__(self) -> Self:
        return self

    async def execute(self, sql: str, parameters: Any = ()) -> Self:
        """Run one statement and read its rows."""
        return await self._whole(sqlite3.Cursor.execute, sql, parameters)

    async def executemany(self, sql: str, parameters: Any) -> Self:
        """Run one statement for each of many sets of parameters."""
        return await self._whole(sqlite3.Cursor.executemany, sql, parameters)

    async def fetchall(self) -> Sequence[Any]:
        """The rows, once."""
        rows, self._rows = self._rows, []
        return rows

    async def close(self) -> None:
        """Nothing is open."""

    async def _whole(self, act: Callable[..., Any], sql: str, parameters: Any) -> Self:
        await self._connection._execute(self._fill, act, sql, parameters)  # type: ignore[no-untyped-call]
        return self

    def _fill(self, act: Callable[..., Any], sql: str, parameters: Any) -> None:
        """In the thread."""
        cursor = self._connection._conn.cursor()
        try:
            act(cursor, sql, parameters)
            self._rows = cursor.fetchall() if cursor.description else []
            self.description, self.rowcount, self.lastrowid = (
                cursor.description,
                cursor.rowcount,
                cursor.lastrowid,
            )
        finally:
            cursor.close()


class ThreadConnection(Connection):
    """aiosqlite's connection with cursors that cross once."""

    def cursor(self) -> WholeCursor:  # type: ignore[override]
        """A new cursor; costs nothing yet."""
        return WholeCursor(self)


def connector(path: str, timeout: float) -> Callable[[], Any]:
    """A function that opens the file in a new thread. `timeout`: seconds to wait for a lock."""

    async def connect() -> aiosqlite.Connection:
        connection = ThreadConnection(
            lambda: sqlite3.connect(path, timeout=timeout, check_same_thread=False), CHUNK
        )
        connection._thread.daemon = True  # a connection that nobody closed does not hold the process back
        try:
            return await connection
        except sqlite3.Error:
            connection._thread.join(1.0)  # has been told to end: it must not speak to a loop that is gone
            raise

    return connect
