"""How far one delivery has come with a channel that works in steps, and what may be done from there.

    nothing kept                → nothing is out, and nobody has it
    HANDED_OVER                 → it is being handed over or was: nobody knows, unless there is
    HANDED_OVER and RECEIPT     → the other side has taken it and is at work; asking how it went repeats nothing

What else a channel keeps there is its own affair. A step is kept before the irreversible part of it begins, so a process
that dies leaves at most one doubt. Does not store.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

HANDED_OVER = "handed_over"
RECEIPT = "receipt"
WITHDREW = "withdrew"  # what became of earlier versions there: see `content.withdrawal`

Kept = Mapping[str, Any]


def under_way(kept: Kept) -> bool:
    """Whether the other side may have it: such a delivery neither expires nor is called off."""
    return bool(kept.get(HANDED_OVER))


def repeatable(kept: Kept) -> bool:
    """Whether another try can't make a second one: it has not been handed over, or the next try only asks."""
    return not under_way(kept) or bool(kept.get(RECEIPT))


def looked_at(kept: Kept) -> dict[str, Any]:
    """What stays kept when a person has seen that it did not arrive: a receipt is asked about again, a doubt is over."""
    return dict(kept) if kept.get(RECEIPT) else {k: v for k, v in kept.items() if k != HANDED_OVER}
