"""Items and tips as sightings, and as the evidence rows that are kept of them. Pure.

Reads CAP documents that came with a feed: an alert in force is an alert, an exercise is marked 【演练】 and is none.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from classifiers.signals import Assessment
from classifiers.text import Text
from content.sightings import Sighting, SightingKind
from service.feeds.cap import CapAlert, parse_cap
from service.feeds.errors import CapError
from service.feeds.urls import canonical_url
from service.store.bulk import Shared
from service.store.evidence import story_key
from service.store.items import Waiting
from service.store.tables import Source, Tip
from service.usecases.item_rows import key

EXERCISE: Final = "【演练】"


@dataclass(frozen=True)
class Seen:
    """An item or a tip on its way to a case: what is known before anybody judged it."""

    id: UUID
    kind: str
    source: Source | None
    title: str
    text: str
    url: str | None
    canonical_url: str | None
    seen_at: datetime
    published: datetime | None = None
    story: tuple[UUID, str] | None = None
    revision: int = 1
    region: str | None = None

    @property
    def authority(self) -> bool:
        """Whether an official source says it."""
        return self.source is not None and self.source.authority

    def as_text(self) -> Text:
        """What the classifiers read."""
        return Text(self.title, self.text, self.authority, self.published)

    def sighting(self, assessment: Assessment | None) -> Sighting:
        """What triage and priority read."""
        if assessment is not None and self.region and self.region not in assessment.regions:
            assessment = replace(assessment, regions=(*assessment.regions, self.region))
        return Sighting(
            id=self.id,
            kind=self.kind,
            source=str(self.source.id if self.source else self.id),
            seen_at=self.seen_at,
            authority=self.authority,
            title=self.title,
            text=self.text,
            url=self.canonical_url,
            story=story_key(*self.story) if self.story else None,
            revision=self.revision,
            assessment=assessment,
        )

    def evidence(self, sighting: Sighting) -> dict[str, Any]:
        """All columns of the evidence row."""
        return {
            "id": self.id,
            "kind": self.kind,
            "item_id": None if self.kind == SightingKind.TIP else self.id,
            "source_id": self.source.id if self.source else None,
            "source_name": (self.source.title or self.source.host)[:200] if self.source else "",
            "authority": self.authority,
            "url": self.url,
            "canonical_url": self.canonical_url,
            "title": self.title,
            "text": self.text,
            "published": self.published,
            "seen_at": self.seen_at,
            "assessment": Shared(sighting.assessment.to_json()) if sighting.assessment else None,
            "sha256": fingerprint(self.title, self.text),
        }


def of_item(item: Waiting, source: Source, now: datetime) -> Seen:
    """A story as it was polled."""
    kind, title = _kind_and_title(item, now)
    return Seen(
        id=item.id,
        kind=kind,
        source=source,
        title=title,
        text=item.text,
        url=item.url,
        canonical_url=item.canonical_url,
        seen_at=item.seen_at,
        published=item.published,
        story=(item.source_id, item.guid),
        revision=item.revision,
    )


def of_tip(tip: Tip) -> Seen:
    """A question from the public."""
    return Seen(
        id=tip.id,
        kind=SightingKind.TIP,
        source=None,
        title="",
        text=tip.text,
        url=tip.url or None,
        canonical_url=key(canonical_url(tip.url)) or None,
        seen_at=tip.created_at,
        region=tip.region,
    )


def fingerprint(title: str, text: str) -> str:
    """SHA-256 of what was seen."""
    return hashlib.sha256(f"{title}\x00{text}".encode("utf-8", "replace")).hexdigest()


def _kind_and_title(item: Waiting, now: datetime) -> tuple[str, str]:
    if not item.cap:
        return SightingKind.ITEM, item.title
    try:
        alert = parse_cap(item.cap)
    except CapError:
        return SightingKind.ITEM, item.title
    if alert.is_exercise:
        marked = item.title if item.title.startswith(EXERCISE) else EXERCISE + item.title
        return SightingKind.ITEM, marked
    return SightingKind.ALERT if _in_force(alert, now) else SightingKind.ITEM, item.title


def _in_force(alert: CapAlert, now: datetime) -> bool:
    if alert.message_type not in ("Alert", "Update"):
        return False
    ends: Sequence[datetime | None] = [info.expires for info in alert.infos]
    return not ends or any(end is None or end > now for end in ends)
