"""Which channels a publication goes to, and when each may begin (分渠道投放).

A channel's rules stand in its settings:
`{"routing": {"kinds": […], "topics": […], "hazards": […], "regions": […], "audiences": […]},
  "exercise": false, "desk": false, "quiet": ["22:00", "07:00"], "per_minute": 18}`. A rule that is absent or empty lets
everything pass. A channel of the desk (`"desk": true`) tells the editors what waits and takes no publication; nor does a gateway for
single experts (`"experts": true`).
Does not know channels' addresses or whether they are well.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta, tzinfo
from typing import Any

from content.publications import Publication, PublicationType

SITE = "site"


@dataclass(frozen=True)
class Outlet:
    """What routing knows of a channel."""

    kind: str
    settings: Mapping[str, Any]
    enabled: bool = True

    @property
    def exercise(self) -> bool:
        """Whether this channel exists for exercises (演练) only."""
        return bool(self.settings.get("exercise"))

    @property
    def desk(self) -> bool:
        """Whether this channel tells the desk or single experts, and never the public."""
        return bool(self.settings.get("desk") or self.settings.get("experts"))


def takes(outlet: Outlet, publication: Publication) -> bool:
    """Whether a new publication goes to this channel.

    Exercises reach channels in exercise mode and no other, never the site; real texts never reach those.
    """
    if not outlet.enabled or outlet.desk or outlet.exercise != publication.exercise:
        return False
    if outlet.kind == SITE:
        return not publication.exercise
    rules = outlet.settings.get("routing") or {}
    body = publication.snapshot["body"]
    return (
        _any(rules.get("kinds"), [publication.snapshot["kind"]])
        and _any(rules.get("topics"), body.get("topics") or [])
        and _any(rules.get("hazards"), [body["hazard"]] if body.get("hazard") else [])
        and _any(rules.get("audiences"), body.get("audiences") or ["general"])
        and _covers(rules.get("regions"), body.get("regions") or [])
    )


def _any(wanted: Iterable[str] | None, present: Iterable[str]) -> bool:
    return not wanted or bool(set(wanted) & set(present))


def _covers(wanted: Iterable[str] | None, places: Iterable[str]) -> bool:
    """A county's channel takes what concerns the county, one of its townships, the whole city, or no place in particular."""
    places = list(places)
    if not wanted or not places:
        return True
    return any(_within(place, region) or _within(region, place) for place in places for region in wanted)


def _within(inner: str, outer: str) -> bool:
    trunk = outer
    while trunk.endswith("00") and len(trunk) > 2:
        trunk = trunk[:-2]
    return inner.startswith(trunk)


def not_before(
    outlet: Outlet, publication: Publication, priority: int, now: datetime, zone: tzinfo
) -> datetime:
    """When the first try may be made: now, or after the channel's quiet hours when nothing is urgent.

    Corrections, retractions and what belongs to an incident wait for nobody's sleep.
    """
    quiet = outlet.settings.get("quiet")
    if not quiet or priority > 0 or publication.type != PublicationType.PUBLISH:
        return now
    start, end = (time.fromisoformat(part) for part in quiet)
    local = now.astimezone(zone)
    at = local.time()
    inside = start <= at < end if start <= end else at >= start or at < end
    if not inside:
        return now
    wake = datetime.combine(local.date(), end, tzinfo=zone)
    return wake if wake > local else wake + timedelta(days=1)
