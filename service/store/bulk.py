"""Write many rows of one table at once, past the ORM and past the statement's own treatment of each row.

    rows (dictionaries, all with the same keys)
    | ready    the statement's text and each column's way to the driver, made once for a dialect
    | rows     column by column to tuples; a moment that stands in many rows is written once
    → one statement for all of them

Rows are complete dictionaries; what is missing takes the column's default. Nothing is read back. Loaded objects don't notice.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from weakref import WeakKeyDictionary

from sqlalchemy import Dialect, Table, Update, UpdateBase, bindparam, insert, update
from sqlalchemy.sql.compiler import SQLCompiler
from sqlmodel import SQLModel
from sqlmodel.ext.asyncio.session import AsyncSession

Row = Mapping[str, Any]
Column = list[Any]
_KEY: Final = "the_row"  # the parameter that says which row an UPDATE means


class Shared(dict[str, Any]):
    """A JSON value that goes into rows of several tables: it is written out once. Not changed after that."""

    __slots__ = ("_written",)
    _written: Any

    def written(self, maker: Callable[[Any], Any]) -> Any:
        """What the driver takes. Every JSON column of a dialect makes the same of it."""
        try:
            return self._written
        except AttributeError:
            self._written = maker(self)
            return self._written


@dataclass(frozen=True)
class _Ready:
    """A statement as the driver takes it, and how each of its parameters is made of a row's value."""

    sql: str
    names: tuple[str, ...]
    makers: tuple[Callable[[Any], Any] | None, ...]

    def rows(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """The parameters, a tuple a row."""
        columns = [
            _made([row[name] for row in rows], maker)
            for name, maker in zip(self.names, self.makers, strict=True)
        ]
        return list(zip(*columns, strict=True))


_ready: WeakKeyDictionary[Dialect, dict[tuple[str, ...], _Ready]] = WeakKeyDictionary()


def table_of(model: type[SQLModel]) -> Table:
    """The Core table behind a model."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


async def insert_rows(session: AsyncSession, model: type[SQLModel], rows: Sequence[Row]) -> None:
    """Insert `rows`, all with the same keys, in one statement. No rows, no statement."""
    await _write(session, model, rows, "insert")


async def update_rows(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row], key: str = "id"
) -> None:
    """Set what each of `rows`, all with the same keys, says of the row that has its `key`. No such row, nothing set."""
    named = [{**row, _KEY: row[key]} for row in rows]
    for row in named:
        del row[key]
    await _write(session, model, named, "update", key)


async def rows_hit(session: AsyncSession, statement: UpdateBase) -> int:
    """Execute an UPDATE or DELETE past the ORM; how many rows it hit. Loaded objects don't notice."""
    return (await session.exec(statement.execution_options(synchronize_session=False))).rowcount


async def _write(
    session: AsyncSession, model: type[SQLModel], rows: Sequence[Row], act: str, key: str = ""
) -> None:
    if not rows:
        return
    table = table_of(model)
    connection = await session.connection()
    known = _ready.setdefault(connection.dialect, {})
    name = (act, table.name, key, *rows[0])
    ready = known.get(name)
    if ready is None:
        statement = _keyed(table, key) if act == "update" else insert(table)
        ready = known[name] = _compiled(statement, connection.dialect, list(rows[0]))
    await connection.exec_driver_sql(ready.sql, ready.rows(rows))


def _keyed(table: Table, key: str) -> Update:
    return update(table).where(table.c[key] == bindparam(_KEY, type_=table.c[key].type))


def _compiled(statement: UpdateBase, dialect: Dialect, keys: list[str]) -> _Ready:
    """The statement with a parameter a key and nothing that the ORM or a column's default would add."""
    set_here = [key for key in keys if key != _KEY]
    compiled = statement.compile(dialect=dialect, column_keys=set_here)
    assert isinstance(compiled, SQLCompiler)
    names = tuple(compiled.positiontup or ())
    makers: Mapping[str, Any] = compiled._bind_processors
    if set(names) != set(keys):
        raise ValueError(f"a row needs {sorted(names)}, not {sorted(keys)}")
    return _Ready(str(compiled), names, tuple(makers.get(name) for name in names))


def _made(values: Column, maker: Callable[[Any], Any] | None) -> Column:
    if maker is None:
        return values
    if not isinstance(values[0], datetime):
        return [value.written(maker) if type(value) is Shared else maker(value) for value in values]
    once = {moment: maker(moment) for moment in set(values)}
    return [once[moment] for moment in values]
