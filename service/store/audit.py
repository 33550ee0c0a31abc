"""The audit log's store: append under a lock, and a signed head in a second place.

    record   lock, read head, seal, insert          inside the caller's transaction
    commit   head-to-be is written beside the data  before: if this fails, so does the change (503)
             and takes the place of the old head    after

Does not decide what is worth recording; every use case that changes something calls `record`.
"""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import event, text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session
from sqlmodel import col, insert, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry, seal
from content.body import canonical_json
from content.permissions import Actor
from service.context import Context
from service.errors import Unavailable

_numbers = itertools.count()
LOCK = 0x51494E47  # of the chain's end, for PostgreSQL's advisory locks


@dataclass(frozen=True)
class Head:
    """Where the chain ended when somebody last looked."""

    seq: int
    hash: str

    def signature(self, key: bytes) -> str:
        """HMAC-SHA256 over number and hash."""
        return hmac.new(key, f"{self.seq}:{self.hash}".encode(), hashlib.sha256).hexdigest()

    def signed(self, key: bytes) -> bytes:
        """What stands in the file."""
        return canonical_json({"seq": self.seq, "hash": self.hash, "signature": self.signature(key)}) + b"\n"


async def record(
    ctx: Context,
    session: AsyncSession,
    by: Actor,
    act: str,
    subject: str,
    subject_id: object,
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
    reason: str = "",
) -> AuditEntry:
    """Append one entry in the caller's transaction; Unavailable when that cannot be done. No personal data in it."""
    await session.flush()  # so that an error of the caller's own rows is not taken for ours
    try:
        entry = _entry(ctx, by, act, subject, subject_id, before, after, reason)
        newest = await _locked_head(session)
        _not_cut(ctx, newest)
        seal(entry, newest)
        await session.exec(insert(AuditEntry).values(**entry.model_dump()))
    except DBAPIError as error:
        raise Unavailable("the audit log cannot be written, so nothing was changed") from error
    session.info["audit_last"] = entry
    ahead = head_path(ctx).with_suffix(f".{ctx.worker}.{next(_numbers)}")
    session.info["audit_head"] = (ahead, head_path(ctx), Head(entry.seq, entry.hash).signed(ctx.keys.audit))
    return entry


def _not_cut(ctx: Context, newest: AuditEntry | None) -> None:
    """A log that ends before its signed head was cut: nothing is added that would hide it. Unavailable says so."""
    head = read_head(head_path(ctx), ctx.keys.audit)
    if head is not None and head.seq > (newest.seq if newest else 0):
        raise Unavailable("the audit log ends before its signed head; run `qingyuan audit verify`")


def _entry(
    ctx: Context,
    by: Actor,
    act: str,
    subject: str,
    subject_id: object,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
    reason: str,
) -> AuditEntry:
    return AuditEntry(
        seq=0,
        at=ctx.now(),
        actor_id=by.id,
        actor_name=by.name,
        act=act,
        subject=subject,
        subject_id=str(subject_id),
        before=_plain(before),
        after=_plain(after),
        reason=_plain(reason),
        previous="",
        hash="",
    )


def _plain(value: Any) -> Any:
    """The value as it will come back from the database: JSON types only, no half characters, no NUL."""
    raw = json.dumps(value, ensure_ascii=False, default=str).encode("utf-8", "replace")
    return json.loads(raw.replace(b"\\u0000", b""))


async def _locked_head(session: AsyncSession) -> AuditEntry | None:
    """The newest entry. Nobody appends after it before this transaction ends (SQLite: BEGIN IMMEDIATE holds)."""
    if "audit_last" in session.info:  # of this very transaction
        last: AuditEntry = session.info["audit_last"]
        return last
    if session.get_bind().dialect.name == "postgresql":
        await (await session.connection()).execute(
            text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": LOCK}
        )
    newest = select(AuditEntry).order_by(col(AuditEntry.seq).desc()).limit(1)
    return (await session.exec(newest.execution_options(populate_existing=True))).first()


def head_path(ctx: Context) -> Path:
    """Where the signed head lies."""
    return ctx.settings.data_dir / "audit-head.json"


def read_head(path: Path, key: bytes) -> Head | None:
    """The head as last signed; None when there is no file, Unavailable when it was not signed by `key`."""
    try:
        raw = json.loads(path.read_bytes())
        head = Head(int(raw["seq"]), str(raw["hash"]))
        signature = str(raw["signature"])
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError):
        raise Unavailable("audit-head.json is damaged") from None
    if not hmac.compare_digest(head.signature(key), signature):
        raise Unavailable("audit-head.json was not signed with this installation's key")
    return head


@event.listens_for(Session, "before_commit")
def _write_ahead(session: Session) -> None:
    if "audit_head" not in session.info:
        return
    ahead, _, body = session.info["audit_head"]
    try:
        ahead.write_bytes(body)
    except OSError as error:
        raise Unavailable("the audit head cannot be written, so nothing was changed") from error


@event.listens_for(Session, "after_commit")
def _take_place(session: Session) -> None:
    session.info.pop("audit_last", None)
    if "audit_head" in session.info:
        ahead, path, _ = session.info.pop("audit_head")
        os.replace(ahead, path)


@event.listens_for(Session, "after_soft_rollback")
def _drop(session: Session, _previous: object) -> None:
    """After a rollback, also one to a savepoint: what was remembered may not exist. The head then lags, which is allowed."""
    session.info.pop("audit_last", None)
    if "audit_head" in session.info:
        ahead, _, _ = session.info.pop("audit_head")
        ahead.unlink(missing_ok=True)
