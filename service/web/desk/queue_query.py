"""What the address of the queue asks for, and addresses that ask for the same and something else.

?view=…&signal=… | asked   → Asked(view, kept, ignored)   a value that is none of the choices is ignored and named
Asked.kept, more | address → /desk?…                      through paging, acts, undo and the language switch
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from classifiers.taxonomy import HAZARDS, TOPICS
from content.cases import CaseKind
from content.permissions import Actor
from service.usecases.case_reading import AGES, LOCAL, SIGNALS, SORTS, QueueView

PAGE: Final = "/desk"
VIEWS: Final = ("flagged", "all", "mine", "answered", "dismissed")
AGE_CODES: Final = (*AGES, "older")
CHOICES: Final[dict[str, Collection[str]]] = {
    "view": VIEWS,
    "signal": SIGNALS,
    "kind": [str(kind) for kind in CaseKind],
    "topic": TOPICS,
    "hazard": HAZARDS,
    "age": AGE_CODES,
    "sort": SORTS,
}
KEYS: Final = (*CHOICES, "region", "source", "q")
NARROW: Final = (
    "signal",
    "kind",
    "topic",
    "hazard",
    "age",
    "region",
    "source",
    "q",
)  # what leaves fewer cases
LONGEST: Final = 100


@dataclass(frozen=True)
class Asked:
    """The view, the part of the address that every link of the page keeps, and what of it was not understood."""

    view: QueueView
    kept: dict[str, str]
    ignored: tuple[tuple[str, str], ...] = ()

    @property
    def narrowed(self) -> bool:
        """Whether a filter is set."""
        return any(key in self.kept for key in NARROW)

    def without(self, key: str) -> Asked:
        """The same without one filter, whose value turned out to mean nothing."""
        kept = {name: value for name, value in self.kept.items() if name != key}
        none: dict[str, Any] = {key: None}
        view = QueueView(**{**vars(self.view), **none})
        return Asked(view, kept, (*self.ignored, (key, self.kept[key])))


def asked(query: Mapping[str, str], who: Actor, now: datetime, places: Collection[str]) -> Asked:
    """What a request for the queue wants to see. `places` are the division codes of the city."""
    given = {key: value[:LONGEST] for key in KEYS if (value := query.get(key, "").strip())}
    good = {key: value for key, value in given.items() if _known(key, value, places)}
    view = QueueView(
        name=good.get("view", "flagged"),  # type: ignore[arg-type]
        kind=good.get("kind"),
        region=good.get("region"),
        hazard=good.get("hazard"),
        text=good.get("q", ""),
        user=who.id,
        signal=good.get("signal"),  # type: ignore[arg-type]
        topic=good.get("topic"),
        source=UUID(good["source"]) if "source" in good else None,
        age=good.get("age"),  # type: ignore[arg-type]
        sort=good.get("sort", "priority"),  # type: ignore[arg-type]
        now=now,
    )
    return Asked(view, good, tuple((key, value) for key, value in given.items() if key not in good))


def _known(key: str, value: str, places: Collection[str]) -> bool:
    own: dict[str, Callable[[str], bool]] = {
        "region": lambda code: code == LOCAL or code in places,
        "source": _is_uuid,
        "q": lambda _: True,
    }
    return own[key](value) if key in own else value in CHOICES[key]


def _is_uuid(text: str) -> bool:
    try:
        return bool(UUID(text))
    except ValueError:
        return False


def address(kept: Mapping[str, str], **more: str) -> str:
    """The queue with these filters and more; an empty value takes one away."""
    wanted = {key: value for key, value in {**kept, **more}.items() if value}
    return f"{PAGE}?{urlencode(wanted)}" if wanted else PAGE


def back_to(sent: str, **more: str) -> str:
    """The queue as the form `sent` it along, whatever else stands there: never another page."""
    known = {key: value[:LONGEST] for key, value in parse_qsl(sent[:2000]) if key in KEYS}
    return address(known, **more)
