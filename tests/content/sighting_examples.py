"""Sightings as tests need them: a few typical stories of a city, by name."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from classifiers.signals import Assessment, Because, Emergency, Signal, TopicScore, Warning
from content.sightings import Sighting, SightingKind
from tests.conftest import START

QUIET = Signal(0.02, False)


def sighting_id(number: int) -> UUID:
    """The same id every time."""
    return UUID(int=number)


def assessment(
    rumor: Signal = QUIET,
    debunk: Signal = QUIET,
    emergency: Emergency = Emergency(0.01, False),  # noqa: B008  frozen
    regions: tuple[str, ...] = (),
    topics: tuple[TopicScore, ...] = (),
    model: str = "2026.11",
) -> Assessment:
    """What classifiers say, all quiet unless told."""
    return Assessment(rumor, debunk, emergency, topics, (), regions, model)


RUMOR = assessment(rumor=Signal(0.9, True, (Because("紧急扩散", 1.2), Because("千万别吃", 0.8))))
DEBUNK = assessment(debunk=Signal(0.95, True, (Because("不实", 2.0),)))
FLOOD = assessment(
    emergency=Emergency(0.97, True, "natural_disaster", "flood", None, (Because("洪水", 2.2),)),
    regions=("360902",),
)
RED_RAIN = assessment(
    emergency=Emergency(
        0.99, True, "natural_disaster", "rainstorm", "red", (), Warning("市气象台", "red", "暴雨", "issue")
    )
)
RAIN_OVER = assessment(
    emergency=Emergency(
        0.9, True, "natural_disaster", "rainstorm", "red", (), Warning("市气象台", "red", "暴雨", "cancel")
    )
)
NEWS = assessment()


def seen(
    number: int,
    found: Assessment | None = NEWS,
    *,
    source: str | None = None,
    minutes: int | None = None,
    kind: str = SightingKind.ITEM,
    **more: object,
) -> Sighting:
    """Sighting number so-and-so, by a source of its own, a minute after the one before."""
    return Sighting(
        id=sighting_id(number),
        kind=kind,
        source=source or f"source-{number}",
        seen_at=START + timedelta(minutes=number if minutes is None else minutes),
        assessment=found,
        **more,  # type: ignore[arg-type]
    )
