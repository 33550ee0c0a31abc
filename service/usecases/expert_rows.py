"""Writing one expert's row: contact data sealed and masked on the way in, the audit entry without personal data.

Shared by editing and importing; checks no permission (its callers do).
"""

from __future__ import annotations

from typing import Any, Final

from sqlmodel.ext.asyncio.session import AsyncSession

from content.permissions import Actor
from expert_db.drafts import ExpertDraft, draft_of
from expert_db.experts import Expert
from expert_db.privacy import Contact
from service.context import Context
from service.store import audit
from service.store import experts as store

# Fields whose values the audit log may show: codes and figures. Of the others it only says that they changed.
CODED: Final = (
    "kind", "disciplines", "hazards", "topics", "regions", "tier", "audiences", "load_limit", "term_start", "term_end", "active",
)  # fmt: skip


def opened(ctx: Context, row: Expert) -> Contact | None:
    """The contact data of a row, decrypted; None when there is none. Nobody but the caller sees it."""
    if row.contact is None:
        return None
    return Contact.model_validate(ctx.keys.decrypt(row.contact, bound_to=str(row.id)))


async def insert(ctx: Context, s: AsyncSession, draft: ExpertDraft, by: Actor) -> Expert:
    """Store a new expert."""
    now, new_id = ctx.now(), ctx.new_id()
    row = Expert(
        id=new_id,
        **draft.columns(),
        **_sealed(ctx, str(new_id), draft.contact),
        created_at=now,
        updated_at=now,
    )
    s.add(row)
    await s.flush()
    await audit.record(ctx, s, by, "expert.create", "expert", row.id, after=_shown(draft.columns()))
    return row


async def update(
    ctx: Context, s: AsyncSession, row: Expert, draft: ExpertDraft, by: Actor, version: int | None = None
) -> Expert:
    """Write what differs; nothing, and no entry, when nothing does. A draft without contact leaves the stored one alone."""
    before = draft_of(row).columns()
    changes = {key: value for key, value in draft.columns().items() if value != before[key]}
    if draft.contact is not None and draft.contact != (opened(ctx, row) or Contact()):
        changes |= _sealed(ctx, str(row.id), draft.contact)
    if not changes and version in (None, row.version):
        return row
    saved = await store.save(s, row, ctx.now(), version, **changes)
    names = sorted({"contact" if key.startswith("contact") else key for key in changes})
    await audit.record(
        ctx,
        s,
        by,
        "expert.edit",
        "expert",
        row.id,
        before=_shown({key: before[key] for key in changes if key in before}),
        after={**_shown(changes), "changed": names},
    )
    return saved


def _sealed(ctx: Context, expert_id: str, contact: Contact | None) -> dict[str, Any]:
    if not contact:
        return {"contact": None, "contact_masked": ""}
    return {
        "contact": ctx.keys.encrypt(contact.model_dump(), bound_to=expert_id),
        "contact_masked": contact.masked(),
    }


def _shown(columns: dict[str, Any]) -> dict[str, Any]:
    return {
        key: str(value) if "term" in key and value else value
        for key, value in columns.items()
        if key in CODED
    }
