"""What an activation sets, and how it is put back exactly, also when several incidents overlap and end in any order.

    apply     key: before → after                        recorded with the incident
    unwind    the newest layer puts `before` back; a layer below another hands it its `before`

A setting that a person changed meanwhile stays as the person left it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True)
class Change:
    """One setting, named by `key` (`source.pace:<id>`, `banner`), with its value before and after."""

    key: str
    before: Any
    after: Any

    def to_json(self) -> dict[str, Any]:
        """The form kept in `Incident.changes`."""
        return {"key": self.key, "before": self.before, "after": self.after}

    @staticmethod
    def from_json(value: Mapping[str, Any]) -> Change:
        """The change that was kept."""
        return Change(value["key"], value["before"], value["after"])


@dataclass(frozen=True)
class Unwound:
    """`writes` are values to set now; `layers` are the later incidents' changes as they stand afterwards."""

    writes: Mapping[str, Any]
    layers: tuple[tuple[Change, ...], ...]


def apply(current: Mapping[str, Any], wanted: Mapping[str, Any]) -> tuple[Change, ...]:
    """The changes from `current` to `wanted`. What is as wanted already is a change too: a layer of its own."""
    return tuple(Change(key, current.get(key), value) for key, value in sorted(wanted.items()))


def unwind(ended: Sequence[Change], later: Sequence[Sequence[Change]], current: Mapping[str, Any]) -> Unwound:
    """Take one incident's changes out from below `later` (in order of activation) or off the top."""
    layers = [list(one) for one in later]
    writes: dict[str, Any] = {}
    for change in ended:
        if (place := _above(layers, change.key)) is not None:
            layer, index = place
            layers[layer][index] = replace(layers[layer][index], before=change.before)
        elif current.get(change.key) == change.after:
            writes[change.key] = change.before
    return Unwound(writes, tuple(tuple(one) for one in layers))


def _above(layers: Sequence[Sequence[Change]], key: str) -> tuple[int, int] | None:
    for layer, changes in enumerate(layers):
        for index, change in enumerate(changes):
            if change.key == key:
                return layer, index
    return None
