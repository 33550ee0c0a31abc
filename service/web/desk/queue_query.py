"""What the address of the queue asks for, and addresses that ask for the same and something else.

?view=…&kind=…   | asked   → Asked(view, kept)
Asked.kept, more | address → /desk?…      through paging, acts, undo and the language switch
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl, urlencode

from content.permissions import Actor
from service.usecases import cases

PAGE: Final = "/desk"
VIEWS: Final = ("flagged", "all", "mine", "answered", "dismissed")
KEYS: Final = ("view", "kind", "region", "hazard", "q")
LONGEST: Final = 100


@dataclass(frozen=True)
class Asked:
    """The view, and the part of the address that every link of the page keeps."""

    view: cases.QueueView
    kept: dict[str, str]


def asked(query: Mapping[str, str], who: Actor) -> Asked:
    """What a request for the queue wants to see."""
    kept = {key: value[:LONGEST] for key in KEYS if (value := query.get(key, "").strip())}
    name = kept.get("view", "flagged")
    view = cases.QueueView(
        name=name if name in VIEWS else "flagged",  # type: ignore[arg-type]
        kind=kept.get("kind"),
        region=kept.get("region"),
        hazard=kept.get("hazard"),
        text=kept.get("q", ""),
        user=who.id,
    )
    return Asked(view, kept)


def address(kept: Mapping[str, str], **more: str) -> str:
    """The queue with these filters and more; an empty value takes one away."""
    wanted = {key: value for key, value in {**kept, **more}.items() if value}
    return f"{PAGE}?{urlencode(wanted)}" if wanted else PAGE


def back_to(sent: str, **more: str) -> str:
    """The queue as the form `sent` it along, whatever else stands there: never another page."""
    known = {key: value[:LONGEST] for key, value in parse_qsl(sent[:2000]) if key in KEYS}
    return address(known, **more)
