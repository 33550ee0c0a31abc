"""Turn editors' decisions into labels that the classifiers may learn from. Called by the acts themselves.

state      an editor says on the page of a case what its texts are
conclude   a publication answers the case: its verdict says something of the texts that spread the claim
same       two cases were merged
take_back  the act that a label was concluded from was undone

Nothing is learned here: `learning` does that, behind a gate. Exercises teach nothing.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable, Sequence
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers.taxonomy import HAZARDS
from content import permissions
from content.cases import Case, Evidence
from content.desk_labels import SAME, Answer, Basis, Said, of_statement, of_verdict, teaches
from content.permissions import Actor
from content.sightings import SightingKind
from service.context import Context
from service.errors import Invalid
from service.store import cases as store
from service.store import evidence, labels
from service.store.tables import DeskLabel
from service.usecases.case_acts import record, shown

CONCLUDED = (Basis.DISMISSED, Basis.VERDICT, Basis.MERGED)
MOST = 20  # texts of one case: a story that a hundred sites copied is one story


async def state(
    ctx: Context,
    s: AsyncSession,
    case_id: UUID,
    said: str,
    by: Actor,
    hazard: str | None = None,
    basis: Basis = Basis.STATED,
) -> Case:
    """Say what the texts of a case are; Invalid for an unknown code. The case itself does not change."""
    permissions.require(by, "case.triage")
    case = await store.load(s, case_id)
    if said not in set(Said) or (hazard or None) not in {None, *HAZARDS}:
        raise Invalid("unknown statement or hazard", field="said" if said not in set(Said) else "hazard")
    answers = of_statement(Said(said), hazard or None)
    if not case.exercise:
        texts = await _texts(s, case.id)
        await labels.append(
            s, [_row(ctx, text, case, answer, basis, by) for text in texts for answer in answers]
        )
    more = {"said": said, "hazard": hazard or None}
    await record(ctx, s, case, by, "case.label", shown(case), more=more)
    return case


async def conclude(ctx: Context, s: AsyncSession, case: Case, verdict: str | None, by: Actor) -> None:
    """Keep what the verdict that answers this case says of its texts."""
    if case.exercise or not verdict:
        return
    said = {one.id: of_verdict(one, verdict) for one in (await evidence.sightings(s, {case.id}))[case.id]}
    rows = [
        _row(ctx, text, case, answer, Basis.VERDICT, by)
        for text in await _texts(s, case.id)
        for answer in said.get(text.id, ())
    ]
    # A correction may judge otherwise, by somebody else: what was concluded before goes, unless it is said anew.
    await take_back(ctx, s, case, (Basis.VERDICT,), rows)
    await labels.append(s, rows)


async def same(ctx: Context, s: AsyncSession, case: Case, into: Case, by: Actor) -> None:
    """Keep that the newest text of one case tells of the same matter as that of another. Before they are joined."""
    if case.exercise:
        return
    mine, theirs = await _texts(s, case.id), await _texts(s, into.id)
    if mine and theirs:
        await labels.append(s, [_row(ctx, mine[0], case, Answer(SAME, 1), Basis.MERGED, by, theirs[0].id)])


async def take_back(
    ctx: Context,
    s: AsyncSession,
    case: Case,
    bases: Sequence[Basis] = CONCLUDED,
    anew: Sequence[DeskLabel] = (),
) -> None:
    """Take back what was concluded from acts on this case; what was stated stands, and so does what `anew` replaces."""
    replaced = {(row.evidence_id, row.task, row.editor) for row in anew}
    again = [
        row
        for row in await labels.of_cases(s, {case.id})
        if row.basis in bases and (row.evidence_id, row.task, row.editor) not in replaced
    ]
    taken = [
        DeskLabel(**row.model_dump() | {"id": ctx.new_id(), "at": ctx.now(), "answer": None}) for row in again
    ]
    await labels.append(s, taken)


async def _texts(s: AsyncSession, case_id: UUID) -> list[Evidence]:
    """The newest texts of a case that labels may be about, copies left out."""
    found: Iterable[Evidence] = await evidence.of_case(s, case_id)
    allowed = {one.id for one in (await evidence.sightings(s, {case_id}))[case_id] if teaches(one)}
    once = {one.sha256: one for one in reversed([text for text in found if text.id in allowed])}
    return sorted(once.values(), key=lambda one: (one.seen_at, one.id), reverse=True)[:MOST]


def _row(
    ctx: Context,
    text: Evidence,
    case: Case,
    answer: Answer,
    basis: Basis,
    by: Actor,
    other: UUID | None = None,
) -> DeskLabel:
    return DeskLabel(
        id=ctx.new_id(),
        at=ctx.now(),
        evidence_id=text.id,
        case_id=case.id,
        task=answer.task,
        answer=answer.answer,
        hazard=answer.hazard,
        other_id=other,
        basis=basis,
        editor=pseudonym(ctx, by),
        source=str(text.source_id) if text.source_id else _handed(text.kind),
        sha256=text.sha256,
    )


def _handed(kind: str) -> str:
    return "hand" if kind == SightingKind.HAND else kind


def pseudonym(ctx: Context, by: Actor) -> str:
    """A stable name for whoever decided, which cannot be read back without the key."""
    who = str(by.id or by.name).encode()
    return hmac.new(ctx.keys.audit, b"label:" + who, hashlib.sha256).hexdigest()[:16]
