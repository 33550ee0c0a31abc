"""All jobs in one table: how often the clock looks, which news wakes them, which follows which."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from service.house import House
from service.jobs import due, work


@dataclass(frozen=True)
class Job:
    """One job.

    `side_by_side`: how many workers may do it at the same time when there are several. `interruptible`: it waits for
    strangers and loses nothing when the process stops in the middle, so a stopping process does not wait for it.
    """

    name: str
    run: Callable[[House], Awaitable[int]]
    due: Callable[[House], Awaitable[bool]]
    every: float  # seconds between two looks of the clock
    woken_by: frozenset[str] = frozenset()  # topics of `service.store.hub`
    then: tuple[str, ...] = ()  # looked at when this one has done something
    side_by_side: int = 1
    interruptible: bool = False
    priority: int = 0


JOBS: dict[str, Job] = {
    job.name: job
    for job in (
        Job("deliver", work.deliver, due.sends, 0.5, frozenset({"deliveries"}), side_by_side=2, priority=10),
        Job("release", work.release, due.releases, 1.0, then=("deliver",), priority=8),
        Job("sweep", work.sweep, due.orphans, 1.0, then=("deliver", "poll", "triage"), priority=9),
        Job("expire", work.expire, due.expiries, 5.0, priority=5),
        Job("remind", work.remind, due.always, 60.0, then=("tell",)),
        Job("tell", work.tell, due.tellings, 5.0, frozenset({"assignments"}), priority=6),
        Job("alarms", work.alarms, due.always, 30.0, priority=3),
        Job("triage", work.triage, due.triages, 1.0, priority=4),
        Job(
            "poll",
            work.poll,
            due.polls,
            1.0,
            frozenset({"sources"}),
            then=("triage",),
            side_by_side=2,
            interruptible=True,
        ),
        Job("look", work.look, due.looks, 2.0, interruptible=True, priority=-1),
        Job("review", work.review, due.always, 300.0, priority=-1),
        Job("write", work.write, due.letters, 30.0),
        Job("draft", work.draft, due.drafts, 1.0, interruptible=True, priority=-1),
        Job("drift", work.drift, due.always, 3600.0, priority=-2),
        Job("tidy", work.tidy, due.always, 3600.0, priority=-1),
    )
}
