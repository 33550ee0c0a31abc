"""Close many cases of the queue at once, each as if it were alone, and take exactly that back.

    picks (case, version), reason
    | one by one `cases.dismiss`    rights, version, who is on it, texts in work, labels, an audit entry a case
    → Outcome: what was closed, what was kept and why; one more audit entry, by whose id it is read and undone

A case with a warning level, with an official warning or in an incident is kept unless it was named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.audit import AuditEntry
from content.case_undo import last_act
from content.cases import Case
from content.desk_labels import Said
from content.dismissal import LONGEST_NOTE, MOST, Dismissal, kept_as, parted, to_be_named
from content.errors import Refusal
from content.permissions import Actor
from content.sightings import SightingKind
from service.context import Context
from service.errors import Conflict, Invalid, NotFound
from service.store import audit
from service.store import cases as store
from service.store.evidence import sightings
from service.usecases import cases

ACT: Final = "case.dismiss_many"
UNDO: Final = "case.undo_many"
SUBJECT: Final = "cases"
MOVED_ON: Final = "moved_on"  # why a dismissal could not be taken back


@dataclass(frozen=True)
class Pick:
    """A case as the editor saw it."""

    case_id: UUID
    version: int


@dataclass(frozen=True)
class Kept:
    """A case that stayed as it was; `why` is a code, the type of the refusal or a `Named`."""

    case: Case
    why: str


@dataclass(frozen=True)
class Outcome:
    """What became of one batch. `returned` is how many were taken back (None: nobody tried), `stuck` which were not."""

    id: UUID
    by: UUID | None
    reason: str
    said: str
    dismissed: tuple[Case, ...]
    kept: tuple[Kept, ...]
    returned: int | None = None
    stuck: tuple[Kept, ...] = ()

    @property
    def code(self) -> str:
        """The `Dismissal` of the reason."""
        return parted(self.reason)[0]

    @property
    def note(self) -> str:
        """What the editor added to it."""
        return parted(self.reason)[1]


async def dismiss_many(
    ctx: Context,
    s: AsyncSession,
    picks: Sequence[Pick],
    reason: str,
    by: Actor,
    note: str = "",
    said: str = "",
    named: Collection[UUID] = (),
) -> UUID:
    """Close each of these for the same reason (a `Dismissal`); the id under which the outcome is read and undone."""
    permissions.require(by, "case.triage")
    why = kept_as(_code(reason), _note(note))
    if said and said not in set(Said):
        raise Invalid("unknown statement", field="said")
    once = list({pick.case_id: pick for pick in picks}.values())
    if not once or len(once) > MOST:
        raise Invalid(f"choose between 1 and {MOST} cases", field="case")
    batch, dismissed, kept = ctx.new_id(), [], {}
    held = await _held_back(s, [pick.case_id for pick in once], named)
    for pick in once:
        if pick.case_id in held:
            kept[str(pick.case_id)] = held[pick.case_id]
            continue
        try:
            await cases.dismiss(ctx, s, pick.case_id, why, by, pick.version, said, batch=batch)
            dismissed.append(str(pick.case_id))
        except Refusal as error:
            kept[str(pick.case_id)] = error.type
    after = {"dismissed": dismissed, "kept": kept, "said": said}
    await audit.record(ctx, s, by, ACT, SUBJECT, batch, after=after, reason=why)
    return batch


async def undo_many(ctx: Context, s: AsyncSession, batch: UUID, by: Actor) -> None:
    """Take back what this batch closed, wherever nothing has happened since. Conflict when it was somebody else's."""
    permissions.require(by, "case.triage")
    done, before = await _entries(s, batch)
    if done.actor_id != by.id:
        raise Conflict("somebody else closed these cases", batch=str(batch))
    if before is not None:
        return
    returned, stuck = [], {}
    for name in (done.after or {})["dismissed"]:
        try:
            await _only_this(s, UUID(name), batch)
            await cases.undo(ctx, s, UUID(name), by)
            returned.append(name)
        except Refusal as error:
            stuck[name] = error.type
    await audit.record(ctx, s, by, UNDO, SUBJECT, batch, after={"returned": returned, "stuck": stuck})


async def outcome(s: AsyncSession, batch: UUID) -> Outcome:
    """What became of a batch, or NotFound."""
    done, back = await _entries(s, batch)
    after: dict[str, Any] = done.after or {}
    undone: dict[str, Any] = (back.after or {}) if back is not None else {}
    names = [*after["dismissed"], *after["kept"]]
    found = await store.many(s, [UUID(name) for name in names])
    return Outcome(
        batch,
        done.actor_id,
        done.reason,
        after["said"],
        tuple(found[UUID(name)] for name in after["dismissed"] if UUID(name) in found),
        _kept(after["kept"], found),
        len(undone["returned"]) if undone else None,
        _kept(undone.get("stuck", {}), found),
    )


def _kept(why: dict[str, str], found: dict[UUID, Case]) -> tuple[Kept, ...]:
    return tuple(Kept(found[UUID(name)], code) for name, code in why.items() if UUID(name) in found)


async def _held_back(s: AsyncSession, ids: Sequence[UUID], named: Collection[UUID]) -> dict[UUID, str]:
    """What must be named and was not, with the reason."""
    unnamed = set(ids) - set(named)
    found, seen = await store.many(s, unnamed), await sightings(s, unnamed)
    warned = {
        case_id
        for case_id, some in seen.items()
        if any(x.kind == SightingKind.ALERT or (x.emergency and x.emergency.warning) for x in some)
    }
    reasons = {case_id: to_be_named(case, case_id in warned) for case_id, case in found.items()}
    return {case_id: str(why) for case_id, why in reasons.items() if why is not None}


async def _only_this(s: AsyncSession, case_id: UUID, batch: UUID) -> None:
    """Refused unless this batch was the last that happened to the case."""
    entry = last_act(await store.history(s, [case_id]))
    if entry is None or (entry.after or {}).get("batch") != str(batch):
        raise MovedOn(case=str(case_id))


async def _entries(s: AsyncSession, batch: UUID) -> tuple[AuditEntry, AuditEntry | None]:
    """The entry of a batch and that of its undoing."""
    query = select(AuditEntry).where(AuditEntry.subject == SUBJECT, AuditEntry.subject_id == str(batch))
    by_act = {entry.act: entry for entry in (await s.exec(query)).all()}
    if ACT not in by_act:
        raise NotFound(batch=str(batch))
    return by_act[ACT], by_act.get(UNDO)


def _code(reason: str) -> Dismissal:
    if reason not in set(Dismissal):
        raise Invalid("choose a reason", field="reason")
    return Dismissal(reason)


def _note(text: str) -> str:
    note = text.strip()
    if len(note) > LONGEST_NOTE:
        raise Invalid(f"a note has at most {LONGEST_NOTE} characters", field="note")
    return note


class MovedOn(Conflict):
    """Something else has happened to this case since."""

    type = MOVED_ON
