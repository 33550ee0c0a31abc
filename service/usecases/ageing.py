"""Take everyday news that nobody has touched for a month off the queue, so that it holds what may still be wanted.

Never a rumor, an emergency, a question or a refutation, nothing above the floor, nothing that somebody is on or asks about.
An editor opens such a case again like any that was dismissed; a new sighting of the same story joins it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from content.case_states import CASE, CaseEvent, CaseState
from content.permissions import SERVICE
from service.context import Context
from service.store import audit, cases
from service.store.engine import Database
from service.store.notify import announce

QUIET: Final = timedelta(days=30)
REASON: Final = "aged_out"  # a code; the desk has words for it
AT_A_TIME: Final = 1000


async def age_out(ctx: Context, db: Database) -> int:
    """Dismiss what has been quiet for QUIET, at most AT_A_TIME cases; how many."""
    now = ctx.now()
    async with db.write() as session:
        quiet = await cases.quiet_news(session, now - QUIET, AT_A_TIME)
        if not quiet:
            return 0
        after = CASE.next(CaseState.QUEUED, CaseEvent.DISMISS)
        count = await cases.dismiss_many(session, quiet, after, REASON, now)
        await audit.record(ctx, session, SERVICE, "case.age_out", "queue", "ageing", after={"cases": count})
        await announce(session, "queue")
    return count
