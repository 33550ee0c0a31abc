"""Cases with the right experts named by hand: the measure that learnt weights are held against. Reads lines; ranks; loads no file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo

from expert_db.directory import Directory
from expert_db.match import rank
from expert_db.need import Need
from expert_db.weights import WEIGHTS, Weights


@dataclass(frozen=True)
class NamedCase:
    """A question, and the names any of which is right."""

    need: Need
    right: frozenset[str]


def read(lines: Iterable[str], when: datetime) -> list[NamedCase]:
    """Named cases from JSON lines `{"text","hazard","topics","regions","kind","audiences","right"}`. KeyError names a missing field."""
    return [_case(json.loads(line), when) for line in lines if line.strip()]


def _case(row: dict[str, object], when: datetime) -> NamedCase:
    def several(name: str) -> tuple[str, ...]:
        given = row[name]
        return tuple(str(one) for one in given) if isinstance(given, list) else ()

    hazard = row["hazard"]
    need = Need(
        text=str(row["text"]),
        when=when,
        kind=str(row["kind"]),
        hazard=str(hazard) if hazard else None,
        topics=several("topics"),
        regions=several("regions"),
        audiences=several("audiences"),
    )
    return NamedCase(need, frozenset(several("right")))


def share_found(
    cases: Sequence[NamedCase], directory: Directory, zone: tzinfo, weights: Weights = WEIGHTS, first: int = 3
) -> float:
    """The share of cases with a right expert among the first ones; 0 without cases."""
    found = sum(_found(one, directory, zone, weights, first) for one in cases)
    return found / len(cases) if cases else 0.0


def _found(case: NamedCase, directory: Directory, zone: tzinfo, weights: Weights, first: int) -> bool:
    best = rank(case.need, directory, {}, zone, first, weights)
    return any(one.profile.name in case.right for one in best)
