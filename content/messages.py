"""What one channel is told about one version: the snapshot boiled down to what fits anywhere.

    Publication + delivery → Message → (a channel's own rendition)

A value made anew from the snapshot at every try, so the same delivery always says the same. Does not neutralise or cut:
each rendition does that for its channel.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content.body import PieceBody
from content.publications import Publication, PublicationType

EXERCISE_MARK = "【演练】"
SUMMARY = 120


@dataclass(frozen=True)
class Message:
    """`id` is the public id, the same everywhere; `key` is the delivery's own id, the same on every retry."""

    key: str
    id: str
    type: str
    references: str | None
    revision: int
    sha256: str
    issued_at: datetime
    expires_at: datetime | None
    kind: str
    title: str
    summary: str
    verdict: str | None
    url: str
    exercise: bool
    reason: str
    body: PieceBody

    def payload(self) -> dict[str, Any]:
        """The fields of the webhook, exactly as the contract lists them."""
        return {
            "id": self.id,
            "type": self.type,
            "references": self.references,
            "revision": self.revision,
            "sha256": self.sha256,
            "issued_at": self.issued_at.isoformat(),
            "expires_at": self.expires_at.isoformat() if self.expires_at else None,
            "title": self.title,
            "summary": self.summary,
            "verdict": self.verdict,
            "url": self.url,
            "exercise": self.exercise,
        }


def message(publication: Publication, key: str, base_url: str, expires_at: datetime | None = None) -> Message:
    """The message of one delivery. `base_url` has no slash at its end."""
    body = PieceBody.model_validate(publication.snapshot["body"])
    mark = EXERCISE_MARK if publication.exercise else ""
    retracted = publication.type == PublicationType.RETRACT
    return Message(
        key=key,
        id=publication.public_id,
        type=publication.type,
        references=publication.public_id if publication.version > 1 else None,
        revision=publication.revision,
        sha256=publication.sha256,
        issued_at=publication.issued_at,
        expires_at=expires_at,
        kind=str(publication.snapshot["kind"]),
        title=mark + body.title,
        summary=mark + (publication.reason if retracted else summary_of(body)),
        verdict=None if retracted else body.verdict,
        url=f"{base_url}/p/{publication.public_id}",
        exercise=publication.exercise,
        reason=publication.reason,
        body=body,
    )


def summary_of(body: PieceBody) -> str:
    """The summary as written, or the beginning of what is true."""
    text = body.summary or body.fact or body.answer
    return text if len(text) <= SUMMARY or text == body.summary else text[: SUMMARY - 1].rstrip() + "…"


def sample(key: str, base_url: str, now: datetime) -> Message:
    """A message that says of itself that it is a test, for the button beside a channel."""
    body = PieceBody(
        title="渠道连通测试，请忽略",
        fact="这是一条测试消息，用来确认渠道畅通，不含任何信息。",
        todo="无需处理。",
    )
    return Message(
        key=key,
        id="test",
        type=PublicationType.PUBLISH,
        references=None,
        revision=0,
        sha256=body.sha256(),
        issued_at=now,
        expires_at=None,
        kind="explainer",
        title=EXERCISE_MARK + body.title,
        summary=EXERCISE_MARK + body.fact,
        verdict=None,
        url=f"{base_url}/",
        exercise=True,
        reason="",
        body=body,
    )
