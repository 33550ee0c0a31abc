"""For any sequence of acts by anybody: nothing is published without someone else's approval of that very revision."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID, uuid4

from hypothesis import given, settings
from hypothesis import strategies as st

from content import publishing, review
from content.body import PieceBody
from content.checks import problems
from content.errors import ContentError
from content.permissions import Actor
from content.piece_states import PIECE, PieceState
from content.pieces import Approval, Piece, PieceAct, PieceKind, Revision
from content.publishing import Stamp
from content.review import Text
from tests.writing import REBUTTAL

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
PEOPLE = [Actor(uuid4(), name, frozenset({"editor", "issuer"})) for name in "甲乙丙丁"]
FACTS = ["四十二项达标。", "四十三项达标。", ""]  # the last one is incomplete
ACTS = st.lists(
    st.tuples(
        st.sampled_from(["save", "submit", "approve", "return", "publish"]),
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, len(FACTS) - 1),
        st.integers(-1, 0),  # the newest text, or the one before it
    ),
    max_size=40,
)


@dataclass
class Desk:
    """One piece in memory, moved by the rules only, and what truly happened beside it."""

    piece: Piece
    revisions: list[Revision] = field(default_factory=list)
    acts: list[PieceAct] = field(default_factory=list)
    approvals: list[Approval] = field(default_factory=list)
    published: list[Revision] = field(default_factory=list)

    def act(self, what: str, by: Actor, fact: str, seen: Text) -> None:
        current = self.revisions[-1]
        touched = review.hands(self.piece, self.revisions, self.acts)
        state, here = self.piece.state, review.text_of(current)
        if what == "save":
            self.piece.state = review.edit(state)
            self.write(REBUTTAL.model_copy(update={"fact": fact}), by)
        elif what == "submit":
            found = problems(PieceKind.REBUTTAL, PieceBody.model_validate(current.body))
            self.piece.state = review.submit(state, here, seen, found)
            self.piece.submitted_by = by.id
            self.note("submit", by)
        elif what == "approve":
            self.piece.state = review.approve(state, here, seen, touched, by)
            self.approvals.append(self.approval(seen, by))
        elif what == "return":
            self.piece.state = review.give_back(state, here, seen, "再核实")
        else:
            held = next((a for a in self.approvals if a.revision == current.number), None)
            self.piece.state = review.publish(state, here, held, touched)
            assert held is not None
            stamp = Stamp(uuid4(), "abc", len(self.published) + 1, NOW, self.id_of(by))
            assert publishing.issue(self.piece, current, held, None, (), stamp).sha256 == current.sha256
            self.published.append(current)

    def write(self, body: PieceBody, by: Actor) -> None:
        number = len(self.revisions) + 1
        self.piece.revision = number
        self.revisions.append(
            Revision(
                id=uuid4(), piece_id=self.piece.id, number=number, body=body.model_dump(mode="json"),
                sha256=body.sha256(), author_id=self.id_of(by), author_name=by.name, created_at=NOW,
            )
        )  # fmt: skip

    def note(self, act: str, by: Actor) -> None:
        self.acts.append(
            PieceAct(
                id=uuid4(), piece_id=self.piece.id, act=act, revision=self.piece.revision, sha256="",
                by_id=self.id_of(by), by_name=by.name, at=NOW,
            )
        )  # fmt: skip

    def approval(self, seen: Text, by: Actor) -> Approval:
        return Approval(
            id=uuid4(), piece_id=self.piece.id, revision=seen.revision, sha256=seen.sha256,
            approver_id=self.id_of(by), approver_name=by.name, at=NOW,
        )  # fmt: skip

    def id_of(self, by: Actor) -> UUID:
        assert by.id is not None
        return by.id


def begin() -> Desk:
    author = PEOPLE[0].id
    assert author is not None
    desk = Desk(
        Piece(
            id=uuid4(), kind="rebuttal", state=PIECE.initial, author_id=author, created_at=NOW, updated_at=NOW
        )
    )
    desk.write(REBUTTAL, PEOPLE[0])
    return desk


@settings(max_examples=400)
@given(ACTS)
def test_only_a_complete_text_that_somebody_else_approved_gets_out(
    steps: list[tuple[str, int, int, int]],
) -> None:
    desk = begin()
    for what, who, fact, back in steps:
        seen = review.text_of(desk.revisions[max(len(desk.revisions) - 1 + back, 0)])
        before = desk.piece.state
        try:
            desk.act(what, PEOPLE[who], FACTS[fact], seen)
        except ContentError:
            assert desk.piece.state == before
    assert len(desk.published) <= 1
    for told in desk.published:
        approvers = {
            a.approver_id for a in desk.approvals if (a.revision, a.sha256) == (told.number, told.sha256)
        }
        writers = {r.author_id for r in desk.revisions}
        submitters = {a.by_id for a in desk.acts}
        assert approvers
        assert not approvers & (writers | submitters | {desk.piece.author_id})
        assert told.number == desk.revisions[-1].number
        assert PieceBody.model_validate(told.body).fact
    if desk.piece.state == PieceState.APPROVED:
        assert desk.approvals[-1].sha256 == desk.revisions[-1].sha256
        assert desk.approvals[-1].revision == desk.revisions[-1].number


BODIES = st.builds(
    lambda title, fact, n: REBUTTAL.model_copy(update={"title": title, "fact": fact, "audiences": ("general",) * n}).tidied(),
    st.text(max_size=30), st.text(max_size=60), st.integers(0, 2),
)  # fmt: skip


@given(BODIES, BODIES)
def test_two_texts_have_the_same_hash_only_when_they_say_the_same(a: PieceBody, b: PieceBody) -> None:
    assert (a.sha256() == b.sha256()) is (a == b)
    assert PieceBody.model_validate(a.model_dump(mode="json")).sha256() == a.sha256()
