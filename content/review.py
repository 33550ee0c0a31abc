"""Who may move a piece, and exactly which text moves (四眼原则: a second person looks at what goes out).

    save     → DRAFT         costs an approval that was given
    submit   → IN_REVIEW     only a complete text, and only the newest one
    approve  → APPROVED      only somebody whose hands were not on it; binds to revision number and sha256
    give_back→ RETURNED      with a note

Does not load, save or notify. Every function returns the state that follows, or raises what the rules say.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from content.checks import Problem, blocking
from content.errors import Incomplete, SelfApproval, StaleRevision
from content.permissions import Actor
from content.piece_states import PIECE, PieceEvent, PieceState
from content.pieces import Approval, Piece, PieceAct, Revision


@dataclass(frozen=True)
class Text:
    """One text as somebody saw it: the revision's number and the sha256 of what it says."""

    revision: int
    sha256: str


def text_of(revision: Revision) -> Text:
    """The name of this very text."""
    return Text(revision.number, revision.sha256)


def same_text(current: Text, seen: Text) -> None:
    """Raise StaleRevision unless what was seen is what stands there now."""
    if current != seen:
        raise StaleRevision(current=current.revision, seen=seen.revision)


def hands(piece: Piece, revisions: Iterable[Revision], acts: Iterable[PieceAct]) -> frozenset[UUID]:
    """Everybody whose hands were on the piece: who began it, wrote any revision of it, or submitted it."""
    writers = {revision.author_id for revision in revisions}
    submitters = {act.by_id for act in acts if act.act == PieceEvent.SUBMIT}
    known = {piece.author_id} | writers | submitters
    return frozenset(known | {piece.submitted_by} if piece.submitted_by else known)


def edit(state: str) -> PieceState:
    """The state after a change of the text; an approval or a review under way is lost by it."""
    return PIECE.next(state, PieceEvent.EDIT)


def submit(state: str, current: Text, seen: Text, problems: Sequence[Problem]) -> PieceState:
    """Hand in a text for approval. Raises Incomplete with every problem that must be solved first."""
    after = PIECE.next(state, PieceEvent.SUBMIT)
    same_text(current, seen)
    if must := blocking(problems):
        raise Incomplete(problems=[problem.as_dict() for problem in must])
    return after


def approve(state: str, current: Text, seen: Text, touched: frozenset[UUID], by: Actor) -> PieceState:
    """Approve exactly this text. Raises SelfApproval for anybody who had a hand in it, or who is nobody."""
    if by.id is None or by.id in touched:
        raise SelfApproval
    after = PIECE.next(state, PieceEvent.APPROVE)
    same_text(current, seen)
    return after


def give_back(state: str, current: Text, seen: Text, note: str) -> PieceState:
    """Return a text to its author with a note that says why."""
    after = PIECE.next(state, PieceEvent.RETURN)
    same_text(current, seen)
    if not note.strip():
        raise Incomplete(problems=[Problem("missing", "note").as_dict()])
    return after


def publish(state: str, current: Text, approval: Approval | None, touched: frozenset[UUID]) -> PieceState:
    """Let out what was approved. Checks the approval again, whatever the state says."""
    after = PIECE.next(state, PieceEvent.PUBLISH)
    if approval is None:
        raise StaleRevision("no approval of this revision", current=current.revision)
    same_text(current, Text(approval.revision, approval.sha256))
    if approval.approver_id in touched:
        raise SelfApproval
    return after
