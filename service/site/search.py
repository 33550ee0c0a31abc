"""Full-text search over what holds now: SQLite FTS5 or PostgreSQL tsvector, over terms of our own cutting.

    sync    the index follows the site: changed pages anew, withdrawn ones out      (at render time, one transaction)
    find    candidates that hold a term of the question, from the index → ranked in Python, the same on both

The tables are made here on first use, not by the migrations: they hold nothing that cannot be made anew.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from typing import Any

from sqlalchemy import CursorResult, text
from sqlmodel.ext.asyncio.session import AsyncSession

from service.site.current import Public
from service.site.ranking import Asked, Document, asked, document, rank
from service.store.engine import Database

CANDIDATES = 1_000
VERSION = 1  # of the terms; raise it when they are cut differently
LOCK = 0x51590003
_SQLITE = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search_index USING fts5("
    "public_id UNINDEXED, mark UNINDEXED, published UNINDEXED, document UNINDEXED, terms, tokenize='unicode61 remove_diacritics 0')",
)
_POSTGRES = (
    "CREATE TABLE IF NOT EXISTS search_index (public_id text PRIMARY KEY, mark text NOT NULL, "
    "published double precision NOT NULL, document text NOT NULL, terms tsvector NOT NULL)",
    "CREATE INDEX IF NOT EXISTS search_index_terms ON search_index USING gin (terms)",
)
_MATCH = {
    "sqlite": "search_index MATCH :question",
    "postgresql": "terms @@ CAST(:question AS tsquery)",
}
_INSERT = {
    "sqlite": ":terms",
    "postgresql": "array_to_tsvector(string_to_array(:terms, ' '))",
}


async def sync(db: Database, public: Public) -> int:
    """Let the index agree with the site; returns how many pages changed in it. Writes nothing when it does already."""
    wanted = {one.public_id: (f"{VERSION}.{one.version}", one) for one in public.standing}
    async with db.read() as session:
        present = await _marks(session, db.dialect)
    if present == {id_: mark for id_, (mark, _) in wanted.items()}:
        return 0
    changed = 0
    async with db.write() as session:
        await _prepare(session, db.dialect)
        present = await _marks(session, db.dialect) or {}
        for gone in present.keys() - wanted.keys():
            await _delete(session, gone)
            changed += 1
        for id_, (mark, one) in wanted.items():
            if present.get(id_) != mark:
                await _delete(session, id_)
                await _insert(session, db.dialect, mark, document(one))
                changed += 1
    return changed


async def find(db: Database, question: str, limit: int = 30) -> list[str]:
    """The public ids of the pages that answer best, best first; nothing for an empty question."""
    wanted = asked(question)
    async with db.read() as session:
        if not wanted.terms or await _marks(session, db.dialect) is None:
            return []
        total = (await _run(session, "SELECT count(*) FROM search_index")).scalar_one()
        rows = await _run(
            session,
            f"SELECT public_id, published, document FROM search_index WHERE {_MATCH[db.dialect]} "  # noqa: S608
            "ORDER BY published DESC LIMIT :most",
            {"question": _query(wanted.terms, db.dialect), "most": CANDIDATES},
        )
        found = [(row[0], float(row[1]), row[2]) for row in rows]
    return (await asyncio.to_thread(_ranked, wanted, found, total))[:limit]


def _ranked(wanted: Asked, rows: Sequence[tuple[str, float, str]], total: int) -> list[str]:
    return rank(wanted, [Document(id_, published, json.loads(raw)) for id_, published, raw in rows], total)


def _query(wanted: Sequence[str], dialect: str) -> str:
    """Any of the terms. They are letters and digits only, so quoting is enough."""
    if dialect == "sqlite":
        return "terms : (" + " OR ".join(f'"{term}"' for term in wanted) + ")"
    return " | ".join(f"'{term}'" for term in wanted)


async def _prepare(session: AsyncSession, dialect: str) -> None:
    if dialect == "postgresql":
        await _run(session, "SELECT pg_advisory_xact_lock(:key)", {"key": LOCK})
    for statement in _SQLITE if dialect == "sqlite" else _POSTGRES:
        await _run(session, statement)


async def _marks(session: AsyncSession, dialect: str) -> dict[str, str] | None:
    """What is in the index; None before it was made."""
    there = {
        "sqlite": "SELECT count(*) FROM sqlite_master WHERE name = 'search_index'",
        "postgresql": "SELECT count(*) FROM pg_tables WHERE tablename = 'search_index' AND schemaname = current_schema()",
    }
    if not (await _run(session, there[dialect])).scalar_one():
        return None
    rows = await _run(session, "SELECT public_id, mark FROM search_index")
    return {row[0]: row[1] for row in rows}


async def _delete(session: AsyncSession, public_id: str) -> None:
    await _run(session, "DELETE FROM search_index WHERE public_id = :id", {"id": public_id})


async def _insert(session: AsyncSession, dialect: str, mark: str, one: Document) -> None:
    every = sorted({term for field in one.fields.values() for term in field})
    await _run(
        session,
        "INSERT INTO search_index (public_id, mark, published, document, terms) "  # noqa: S608
        f"VALUES (:id, :mark, :published, :document, {_INSERT[dialect]})",
        {
            "id": one.id,
            "mark": mark,
            "published": one.published,
            "document": json.dumps(one.fields, ensure_ascii=False),
            "terms": " ".join(every),
        },
    )


async def _run(
    session: AsyncSession, statement: str, values: dict[str, Any] | None = None
) -> CursorResult[*tuple[Any, ...]]:
    return await (await session.connection()).execute(text(statement), values or {})
