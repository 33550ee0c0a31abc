"""A publication as the public is told it: the snapshot read once, for every renderer.

    Publication (row) → Told      with every text made fit for XML and HTML once

Decides what mark stands before a title and what the one-sentence summary is. Does not choose words beyond these marks,
does not join, does not know any channel's limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from content.body import PieceBody
from content.pieces import PieceKind
from content.publications import Publication, PublicationType
from content.render.plain import clean
from content.warnings import expires_at

SUMMARY_LENGTH = 120
_STOPS = "。！？!?\n"


@dataclass(frozen=True)
class House:
    """Who speaks and where: the unit, the site's name, its public address (no slash at the end), the city's zone."""

    desk: str
    site: str
    base_url: str
    zone: tzinfo
    city: str = ""
    city_code: str = ""


@dataclass(frozen=True)
class Change:
    """One entry of the public history of a page."""

    at: datetime
    type: str
    version: int
    reason: str
    fields: tuple[str, ...] = ()


@dataclass(frozen=True)
class Told:
    """One version of one page, complete."""

    public_id: str
    version: int
    sequence: int
    type: str
    kind: str
    body: PieceBody
    published_at: datetime
    issued_at: datetime
    sha256: str
    revision: int
    reason: str = ""
    changes: tuple[Change, ...] = ()
    exercise: bool = False
    page: str = ""  # another address than that of the publication: a message to the desk itself
    ended: bool = False  # withdrawn because its issuer ended it: nobody was wrong
    lapsed: bool = False  # a relayed warning whose own time was over when this was read

    @property
    def path(self) -> str:
        """The page's address on the site."""
        return self.page or f"/p/{self.public_id}"

    @property
    def retracted(self) -> bool:
        """Whether only the tombstone stands there now."""
        return self.type == PublicationType.RETRACT

    @property
    def farewell(self) -> str:
        """What is said instead of the text of a page that was withdrawn."""
        if self.ended:
            return f"这条预警已经结束。{self.reason}"
        return f"此前发布的内容已撤回，请勿再引用或转发。原因：{self.reason}"

    @property
    def corrections(self) -> tuple[Change, ...]:
        """What was corrected or withdrawn, oldest first; a holding statement that became the verdict is neither."""
        return tuple(c for c in self.changes if c.type != PublicationType.PUBLISH)

    @property
    def changed(self) -> str:
        """What a newer version is called: a warning's issuer updates it, which corrects no mistake."""
        return "更新" if self.kind == PieceKind.WARNING else "更正"

    @property
    def mark(self) -> str:
        """What stands before the title wherever the title stands alone (feeds, chats, mail)."""
        if self.exercise:
            return "【演练】"
        if self.retracted:
            return "【已结束】" if self.ended else "【撤回】"
        if self.type == PublicationType.CORRECT:
            return f"【{self.changed}】"
        return "【正在核实】" if self.kind == PieceKind.HOLDING else ""

    @property
    def headline(self) -> str:
        """The title with its mark. Never the rumor: titles state the fact."""
        return f"{self.mark}{self.body.title}"

    @property
    def summary(self) -> str:
        """The fact in a sentence or two; of a retraction its reason."""
        if self.retracted:
            return first_sentences(self.reason)
        body = self.body
        return body.summary or first_sentences(body.fact or body.answer or _warning_text(body.warning))


def told(publication: Publication, now: datetime | None = None) -> Told:
    """Read a stored publication; without `now` no warning in it has lapsed. Raises pydantic.ValidationError for no snapshot."""
    snapshot = publication.snapshot
    over = expires_at(snapshot["body"]) if snapshot["kind"] == PieceKind.WARNING else None
    return Told(
        public_id=publication.public_id,
        version=publication.version,
        sequence=publication.sequence,
        type=str(publication.type),
        kind=str(snapshot["kind"]),
        body=PieceBody.model_validate(_cleaned(snapshot["body"])),
        published_at=publication.published_at,
        issued_at=publication.issued_at,
        sha256=publication.sha256,
        revision=publication.revision,
        reason=clean(publication.reason),
        changes=_changes(snapshot.get("changes", ())),
        exercise=publication.exercise,
        ended=bool(snapshot.get("ended")),
        lapsed=now is not None and over is not None and over <= now,
    )


def _changes(entries: Sequence[Mapping[str, Any]]) -> tuple[Change, ...]:
    return tuple(
        Change(
            at=datetime.fromisoformat(entry["at"]),
            type=str(entry.get("type", PublicationType.CORRECT)),
            version=int(entry.get("version", number)),
            reason=clean(str(entry.get("reason", ""))),
            fields=tuple(entry.get("fields", ())),
        )
        for number, entry in enumerate(entries, 2)
    )


def _cleaned(value: Any) -> Any:
    """Every text in the snapshot without characters that no document may carry."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Mapping):
        return {key: _cleaned(one) for key, one in value.items()}
    return [_cleaned(one) for one in value] if isinstance(value, list | tuple) else value


def first_sentences(text: str, limit: int = SUMMARY_LENGTH) -> str:
    """Whole sentences from the beginning, at most `limit` characters; one too long sentence is cut with an ellipsis."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    end = max(flat.rfind(stop, 0, limit) for stop in _STOPS)
    return flat[: end + 1] if end >= limit // 3 else flat[: limit - 1] + "…"


def _warning_text(warning: Mapping[str, str] | None) -> str:
    return (warning or {}).get("cautions", "")
