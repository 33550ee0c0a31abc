"""What became of the wrong text, channel by channel, after a correction or a retraction (更正、撤回的落实情况).

    replaced    the place shows the new text (our site; what reads our feeds)
    deleted     the earlier one was taken down there, the new one stands
    told        what was said can't be recalled; those who got it were told the correction
    asked       the receiver was told to replace it and said yes; what it shows is its own affair
    by_hand     it is with a person: read out, printed, on a board
    waiting · doubt · failed · expired     the correction itself has not certainly arrived
    called_off  the wrong text had not gone out yet, and will not

Does not send, store or judge whether it was wrong.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from content.delivery import Delivery
from content.delivery_states import DeliveryState
from content.handover import WITHDREW
from content.publications import Publication, PublicationType
from content.routing import SITE


class Withdrawn(StrEnum):
    REPLACED = "replaced"
    DELETED = "deleted"
    TOLD = "told"
    ASKED = "asked"
    BY_HAND = "by_hand"
    WAITING = "waiting"
    DOUBT = "doubt"
    FAILED = "failed"
    EXPIRED = "expired"
    CALLED_OFF = "called_off"


SHOWS_THE_NEWEST = frozenset({SITE, "websub"})
UNFINISHED = {
    DeliveryState.UNCERTAIN: Withdrawn.DOUBT,
    DeliveryState.FAILED: Withdrawn.FAILED,
    DeliveryState.EXPIRED: Withdrawn.EXPIRED,
    DeliveryState.CANCELLED: Withdrawn.CALLED_OFF,
}
SETTLED = frozenset(
    {
        Withdrawn.REPLACED,
        Withdrawn.DELETED,
        Withdrawn.TOLD,
        Withdrawn.ASKED,
        Withdrawn.BY_HAND,
        Withdrawn.CALLED_OFF,
    }
)


@dataclass(frozen=True)
class Fate:
    """One channel. `delivery_id` is of the correction, or of what was called off."""

    channel: str
    kind: str
    became: Withdrawn
    delivery_id: UUID

    @property
    def settled(self) -> bool:
        """Whether nobody needs to look after it any more."""
        return self.became in SETTLED


def fates(newest: Publication, deliveries: Sequence[Delivery], kinds: Mapping[UUID, str]) -> tuple[Fate, ...]:
    """Every channel that had, or was to have, an earlier version; nothing for what was never corrected.

    `deliveries`: all of this public id. `kinds`: channel → its kind.
    """
    if newest.type == PublicationType.PUBLISH:
        return ()
    now = {d.channel_id: d for d in deliveries if d.publication_id == newest.id}
    found = []
    for channel, delivery in sorted(_last(deliveries).items(), key=lambda pair: pair[1].channel_name):
        kind, current = kinds.get(channel, ""), now.get(channel, delivery)
        became = _became(kind, current) if channel in now else _without(current)
        if became is not None:
            found.append(Fate(current.channel_name, kind, became, current.id))
    return tuple(found)


def _last(deliveries: Sequence[Delivery]) -> dict[UUID, Delivery]:
    return {d.channel_id: d for d in sorted(deliveries, key=lambda d: d.sequence)}


def _became(kind: str, delivery: Delivery) -> Withdrawn:
    if delivery.state != DeliveryState.SENT:
        if kind == "todo" and delivery.state == DeliveryState.UNCERTAIN:
            return Withdrawn.WAITING
        return UNFINISHED.get(DeliveryState(delivery.state), Withdrawn.WAITING)
    if kind in SHOWS_THE_NEWEST:
        return Withdrawn.REPLACED
    if delivery.stage.get(WITHDREW) == "deleted":
        return Withdrawn.DELETED
    return {"webhook": Withdrawn.ASKED, "todo": Withdrawn.BY_HAND}.get(kind, Withdrawn.TOLD)


def _without(delivery: Delivery) -> Withdrawn | None:
    """A channel that is not told: its own last delivery was called off; one that expired reached nobody either."""
    return Withdrawn.CALLED_OFF if delivery.state == DeliveryState.CANCELLED else None
