"""Change which evidence belongs to which case: merge, unmerge, split, open by hand. And back again.

Evidence itself never changes. A merge keeps where each piece of evidence was at home, so taking it back gives every case
its own again, also after merges of merges; what came in between stays where it came.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.case_states import CaseEvent, CaseState
from content.case_summary import TITLE, summarise, title_of
from content.cases import Case, CaseKind
from content.errors import IllegalTransition
from content.permissions import Actor
from content.sightings import Sighting, SightingKind
from content.triage import OPEN
from service.context import Context
from service.errors import Invalid
from service.feeds.urls import canonical_url, web_url
from service.store import cases as store
from service.store import evidence
from service.usecases import labelling
from service.usecases.case_acts import act, not_taken, record, shown
from service.usecases.case_painting import repaint
from service.usecases.item_rows import key, storable
from service.usecases.sighting_rows import fingerprint

LONGEST_NOTE: Final = 8000


async def merge(
    ctx: Context, s: AsyncSession, case_id: UUID, into_id: UUID, by: Actor, version: int | None = None
) -> Case:
    """Move all evidence of a case into another one that is open; the case that received it."""
    permissions.require(by, "case.triage")
    await store.lock(s)
    case, into = await store.load(s, case_id), await store.load(s, into_id)
    if case.id == into.id:
        raise Invalid("a case cannot be merged into itself", field="into")
    if case.exercise != into.exercise:
        raise Invalid("an exercise and the real thing stay apart", field="into")
    if into.state not in OPEN:
        raise IllegalTransition("only an open case takes in another", subject="case", state=into.state)
    await not_taken(s, case, by)
    if case.state == CaseState.ACCEPTED:
        case = await act(
            ctx, s, case, CaseEvent.RELEASE, by, "case.release", version, claimed_by=None, claimed_at=None
        )
        version = None
    moved = [link.evidence_id for link in await evidence.links(s, case.id)]
    await labelling.same(ctx, s, case, into, by)
    await act(
        ctx,
        s,
        case,
        CaseEvent.MERGE,
        by,
        "case.merge",
        version,
        more={"into": str(into.id)},
        merged_into=into.id,
    )
    await evidence.relink(s, moved, case.id, into.id, ctx.now())
    await repaint(s, {case.id, into.id}, ctx.now())
    return await store.load(s, into.id)


async def unmerge(
    ctx: Context, s: AsyncSession, case_id: UUID, by: Actor, version: int | None = None
) -> Case:
    """Give a merged case its own evidence back, wherever it has gone since; the case, in the queue again."""
    permissions.require(by, "case.triage")
    await store.lock(s)
    case = await store.load(s, case_id)
    held_by = await store.standing(s, case.id)
    own = {case.id, *(child.id for child in await store.merged_into(s, case.id))}
    await labelling.take_back(ctx, s, case)
    back = await act(ctx, s, case, CaseEvent.UNMERGE, by, "case.unmerge", version, merged_into=None)
    mine = [link.evidence_id for link in await evidence.links(s, held_by.id) if link.origin_case_id in own]
    await evidence.relink(s, mine, held_by.id, back.id, ctx.now())
    await repaint(s, {back.id, held_by.id}, ctx.now())
    return await store.load(s, case_id)


async def split(
    ctx: Context,
    s: AsyncSession,
    case_id: UUID,
    evidence_ids: Sequence[UUID],
    title: str,
    by: Actor,
    version: int | None = None,
) -> Case:
    """Move some evidence of an open case, not all, into a new case in the queue; the new case."""
    permissions.require(by, "case.triage")
    await store.lock(s)
    case = await store.load(s, case_id)
    if case.state not in OPEN:
        raise IllegalTransition("only an open case can be split", subject="case", state=case.state)
    await not_taken(s, case, by)
    chosen = set(evidence_ids)
    origins = {link.evidence_id: link.origin_case_id for link in await evidence.links(s, case.id)}
    if not chosen or not chosen < origins.keys():
        raise Invalid("choose some of the case's evidence, but not all of it", field="evidence")
    seen = [x for x in (await evidence.sightings(s, {case.id}))[case.id] if x.id in chosen]
    fresh, before = ctx.new_id(), shown(case)
    name = title.strip()[:TITLE] or title_of(min(seen, key=lambda x: (x.seen_at, x.id)))
    await store.open_many(s, [store.new_row(fresh, name, summarise(seen), ctx.now(), exercise=case.exercise)])
    await evidence.relink(s, chosen, case.id, fresh, ctx.now(), origin=fresh)
    saved = await store.save(s, case, ctx.now(), version)
    await repaint(s, {case.id}, ctx.now())
    kept = {str(x): str(origins[x]) for x in sorted(chosen)}
    await record(ctx, s, saved, by, "case.split", before, more={"into": str(fresh), "origins": kept})
    return await store.load(s, fresh)


async def open_by_hand(
    ctx: Context,
    s: AsyncSession,
    title: str,
    kind: str,
    text: str,
    by: Actor,
    url: str = "",
    exercise: bool = False,
) -> Case:
    """A case for what an editor heard elsewhere; the note is its first evidence."""
    permissions.require(by, "case.triage")
    name = storable(title).strip()
    if not name or len(name) > TITLE or len(text) > LONGEST_NOTE:
        raise Invalid("a case needs a title, and its note is not longer than 8,000 characters", field="title")
    if kind not in set(CaseKind):
        raise Invalid("there is no such kind of case", field="kind")
    note = Sighting(
        id=ctx.new_id(),
        kind=SightingKind.HAND,
        source=str(by.id),
        seen_at=ctx.now(),
        title=name,
        text=storable(text).strip(),
        stated=kind,
    )
    await store.open_many(s, [store.new_row(note.id, name, summarise([note]), ctx.now(), exercise=exercise)])
    await evidence.append(s, [_note_row(note, url, by)], [_link_row(ctx, note)])
    await repaint(s, {note.id}, ctx.now())
    case = await store.load(s, note.id)
    await record(ctx, s, case, by, "case.open", {})
    return case


def _note_row(note: Sighting, url: str, by: Actor) -> dict[str, object]:
    address = storable(web_url(url.strip()))[:2000]
    return {
        "id": note.id,
        "kind": note.kind,
        "item_id": None,
        "source_id": None,
        "source_name": by.name[:200],
        "authority": False,
        "url": address or None,
        "canonical_url": key(canonical_url(address)) or None,
        "title": note.title,
        "text": note.text,
        "published": None,
        "seen_at": note.seen_at,
        "assessment": {"stated": note.stated},
        "sha256": fingerprint(note.title, note.text),
    }


def _link_row(ctx: Context, note: Sighting) -> dict[str, object]:
    return {
        "id": ctx.new_id(),
        "case_id": note.id,
        "evidence_id": note.id,
        "origin_case_id": note.id,
        "linked_at": ctx.now(),
    }
