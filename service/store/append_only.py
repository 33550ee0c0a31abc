"""Triggers that refuse to change what someone saw, said or approved, on SQLite and on PostgreSQL.

An owner of the database can drop a trigger; the audit chain is what then tells. TRUNCATE is refused on PostgreSQL too.
"""

from __future__ import annotations

from collections.abc import Iterable

FROZEN = (
    "evidence",
    "revisions",
    "piece_acts",
    "approvals",
    "publications",
    "attempts",
    "audit_entries",
    "answers",
    "opinion_decisions",
    "incident_acts",
    "incident_cases",
    "desk_labels",
)
NO_UPDATE = ("items",)  # old items are purged, never edited

_FUNCTION = """
CREATE OR REPLACE FUNCTION qingyuan_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def statements(dialect: str, frozen: Iterable[str], no_update: Iterable[str] = ()) -> list[str]:
    """The DDL that makes the triggers of these tables, in order. Migrations name the tables that they made."""
    if dialect == "postgresql":
        return [_FUNCTION, *_postgresql(frozen, "UPDATE OR DELETE"), *_postgresql(no_update, "UPDATE")]
    both = [_sqlite(table, event) for table in frozen for event in ("UPDATE", "DELETE")]
    return both + [_sqlite(table, "UPDATE") for table in no_update]


def stays(dialect: str, table: str, column: str) -> str:
    """The DDL of a trigger that refuses to change one column (an exercise is never turned into the real thing)."""
    if dialect == "postgresql":
        return (
            f"CREATE TRIGGER {table}_{column}_stays BEFORE UPDATE ON {table} FOR EACH ROW "
            f"WHEN (OLD.{column} IS DISTINCT FROM NEW.{column}) EXECUTE FUNCTION qingyuan_append_only()"
        )
    return (
        f"CREATE TRIGGER {table}_{column}_stays BEFORE UPDATE OF {column} ON {table} "
        f"WHEN OLD.{column} <> NEW.{column} BEGIN SELECT RAISE(ABORT, '{table}.{column} stays'); END"
    )


def _postgresql(tables: Iterable[str], events: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_{name} BEFORE {when} ON {table} "
        f"FOR EACH {each} EXECUTE FUNCTION qingyuan_append_only()"
        for table in tables
        for name, when, each in (("append_only", events, "ROW"), ("no_truncate", "TRUNCATE", "STATEMENT"))
    ]


def _sqlite(table: str, event: str) -> str:
    return (
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
    )
