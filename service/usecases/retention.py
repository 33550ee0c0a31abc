"""Keep nothing longer than promised (HARDENING 18): sessions, counters, unused items, the contacts of tips."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from content.permissions import SERVICE
from service.context import Context
from service.store import audit, tips
from service.store import retention as store
from service.store.engine import Database

CONTACT_AFTER_ANSWER = timedelta(days=30)


@dataclass(frozen=True)
class Purged:
    """How many rows went."""

    passing: int
    items: int
    contacts: int

    @property
    def rows(self) -> int:
        """Those that may be followed by more of the same."""
        return self.items


async def purge(ctx: Context, db: Database) -> Purged:
    """Delete what is over its time; items in small transactions, so that nobody waits for long."""
    now = ctx.now()
    async with db.write() as session:
        purged = Purged(
            passing=await store.passing(session, now),
            items=await store.unused_items(session, now),
            contacts=await tips.forget_contacts(session, now - CONTACT_AFTER_ANSWER),
        )
        await store.queue_log(session, now)
        if purged.items or purged.contacts:
            counts = {"items": purged.items, "contacts": purged.contacts}
            await audit.record(ctx, session, SERVICE, "retention.purge", "retention", "", after=counts)
    return purged
