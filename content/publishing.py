"""From an approved piece to what the public is told: complete snapshots that are never edited, only superseded.

    issue     piece + approved revision + the version before → Publication (publish | correct)
    retract   the version before + a reason                  → Publication (retract), a tombstone

Does not store, number or send: ids, the sequence and the time come in. No snapshot needs a join to be read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from content.body import PieceBody
from content.diffing import changed_fields
from content.errors import AlreadyPublished, Incomplete, StaleRevision
from content.piece_states import PIECE, PieceEvent, PieceState
from content.pieces import Approval, Piece, PieceKind, Revision
from content.publications import Publication, PublicationType

INCIDENT_PRIORITY = 10
TICK = timedelta(seconds=1)  # feeds show whole seconds


@dataclass(frozen=True)
class Stamp:
    """What the shell gives to a new version: its ids, its place in the order of the house, and the moment."""

    id: UUID
    public_id: str
    sequence: int
    now: datetime
    by_id: UUID


def still_corrects(piece: Piece, previous: Publication | None) -> None:
    """Raise unless the version that the piece was written against is what stands there now."""
    if piece.corrects is None:
        if previous is not None:
            raise AlreadyPublished
        return
    if previous is None or previous.type == PublicationType.RETRACT:
        raise AlreadyPublished("this has been retracted; publish a new piece", public_id=piece.corrects)
    if previous.version != piece.corrects_version:
        raise StaleRevision(current=previous.version, seen=piece.corrects_version)


def issue(
    piece: Piece,
    revision: Revision,
    approval: Approval,
    previous: Publication | None,
    authors: Sequence[str],
    stamp: Stamp,
) -> Publication:
    """The next version of a public id. `authors` are names for the record of the house, not for the public."""
    still_corrects(piece, previous)
    stamp = _after(previous, stamp)
    body = PieceBody.model_validate(revision.body)
    if body.sha256() != approval.sha256:
        raise StaleRevision("what is stored is not what was approved", current=revision.number)
    kind = _kind(piece, previous)
    act = _type(piece, previous)
    published_at = previous.published_at if previous else stamp.now
    snapshot = {
        "kind": kind,
        "body": body.model_dump(mode="json"),
        "published_at": published_at.isoformat(),
        "issued_at": stamp.now.isoformat(),
        "changes": _changes(previous, act, body.correction_note, body, stamp.now),
        "approver": approval.approver_name,
        "approved_at": approval.at.isoformat(),
        "authors": list(authors),
    }
    return _publication(
        stamp,
        previous,
        type=act,
        piece_id=piece.id,
        case_id=piece.case_id,
        incident_id=piece.incident_id,
        revision=revision.number,
        sha256=revision.sha256,
        approval_id=approval.id,
        snapshot=snapshot,
        reason=body.correction_note if act == PublicationType.CORRECT else "",
        exercise=piece.exercise,
        published_at=published_at,
    )


def retract(previous: Publication, reason: str, stamp: Stamp, ended: bool = False) -> Publication:
    """The tombstone: everything that was said, and why it is withdrawn. One person may do this. `ended`: nobody was wrong."""
    if previous.type == PublicationType.RETRACT:
        raise AlreadyPublished("this has been retracted already", public_id=previous.public_id)
    if not reason.strip():
        raise Incomplete(problems=[{"code": "missing", "field": "reason", "severity": "must", "data": {}}])
    stamp = _after(previous, stamp)
    snapshot = dict(previous.snapshot)
    snapshot["issued_at"] = stamp.now.isoformat()
    if ended:
        snapshot["ended"] = True
    snapshot["changes"] = _changes(previous, PublicationType.RETRACT, reason, None, stamp.now)
    return _publication(
        stamp,
        previous,
        type=PublicationType.RETRACT,
        piece_id=previous.piece_id,
        case_id=previous.case_id,
        incident_id=previous.incident_id,
        revision=previous.revision,
        sha256=previous.sha256,
        approval_id=None,
        snapshot=snapshot,
        reason=reason,
        exercise=previous.exercise,
        published_at=previous.published_at,
    )


def _after(previous: Publication | None, stamp: Stamp) -> Stamp:
    """A newer version has a newer moment, also where the clock was set back: readers take the newest for the truth."""
    if previous is None or stamp.now >= previous.issued_at:
        return stamp
    return replace(stamp, now=previous.issued_at + TICK)


def _publication(stamp: Stamp, previous: Publication | None, **fields: Any) -> Publication:
    return Publication(
        id=stamp.id,
        public_id=stamp.public_id,
        version=previous.version + 1 if previous else 1,
        sequence=stamp.sequence,
        references=previous.id if previous else None,
        issued_at=stamp.now,
        by_id=stamp.by_id,
        **fields,
    )


def _kind(piece: Piece, previous: Publication | None) -> str:
    if piece.kind == PieceKind.CORRECTION and previous:
        return str(previous.snapshot["kind"])
    return piece.kind


def _type(piece: Piece, previous: Publication | None) -> PublicationType:
    """A holding statement (正在核实) that becomes the verdict in place is news, not a correction."""
    if previous is None:
        return PublicationType.PUBLISH
    if previous.snapshot["kind"] == PieceKind.HOLDING and piece.kind != PieceKind.CORRECTION:
        return PublicationType.PUBLISH
    return PublicationType.CORRECT


def _changes(
    previous: Publication | None, act: PublicationType, reason: str, body: PieceBody | None, now: datetime
) -> list[dict[str, Any]]:
    """The public history: every version after the first, newest last."""
    if previous is None:
        return []
    before = PieceBody.model_validate(previous.snapshot["body"])
    entry = {
        "at": now.isoformat(),
        "type": str(act),
        "version": previous.version + 1,
        "reason": reason,
        "fields": changed_fields(before, body) if body else [],
    }
    return [*previous.snapshot.get("changes", []), entry]


def follow(state: str, act: PublicationType) -> PieceState | None:
    """The state of an earlier piece of a public id after a newer version of this type, or None when it stays."""
    event = PieceEvent.RETRACT if act == PublicationType.RETRACT else PieceEvent.CORRECT
    return PIECE.next(state, event) if PIECE.allows(state, event) else None


def priority(publication: Publication) -> int:
    """An incident's pieces go before everyday ones."""
    return INCIDENT_PRIORITY if publication.incident_id else 0
