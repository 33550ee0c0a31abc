"""What one channel is told about one version: the snapshot as read, under the delivery's own key.

    Publication + delivery → Message → (a channel's own rendition)

A value made anew from the snapshot at every try, so the same delivery always says the same. Does not neutralise or cut:
each rendition does that for its channel.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from content import reach
from content.body import PieceBody
from content.pieces import PieceKind
from content.publications import Publication, PublicationType
from content.render.told import House, Told, told

EXERCISE_MARK = "【演练】"


@dataclass(frozen=True)
class Message:
    """`key` is the delivery's id, the same on every retry; `id` is the public id, the same everywhere."""

    key: str
    told: Told
    house: House
    expires_at: datetime | None = None

    @property
    def id(self) -> str:
        """The public id."""
        return self.told.public_id

    @property
    def url(self) -> str:
        """The page."""
        return f"{self.house.base_url}{self.told.path}"

    def link(self, kind: str) -> str:
        """The page's address as a kind of channel carries it, so that its readers can be counted by kind."""
        return reach.marked(self.url, kind)

    @property
    def verdict(self) -> str | None:
        """The verdict's code; what was withdrawn has none."""
        return None if self.told.retracted else self.told.body.verdict

    def payload(self) -> dict[str, Any]:
        """The fields of the webhook, exactly as the contract lists them. An exercise says so in its title as well."""
        told, expires = self.told, self.expires_at
        return {
            "id": told.public_id,
            "type": told.type,
            "references": told.public_id if told.version > 1 else None,
            "revision": told.revision,
            "sha256": told.sha256,
            "issued_at": told.issued_at.isoformat(),
            "expires_at": expires.isoformat() if expires else None,
            "title": (EXERCISE_MARK if told.exercise else "") + told.body.title,
            "summary": told.summary,
            "verdict": self.verdict,
            "url": self.url,
            "exercise": told.exercise,
        }


def message(publication: Publication, key: str, house: House, expires_at: datetime | None = None) -> Message:
    """The message of one delivery."""
    return Message(key, told(publication), house, expires_at)


def sample(key: str, house: House, now: datetime) -> Message:
    """A message that says of itself that it is a test, for the button beside a channel."""
    body = PieceBody(
        title="渠道连通测试，请忽略",
        fact="这是一条测试消息，用来确认渠道畅通，不含任何信息。",
        todo="无需处理。",
    )
    return Message(key, _own("test", body, now, exercise=True), house)


def to_the_desk(
    key: str, house: House, now: datetime, title: str, lines: Sequence[str], page: str
) -> Message:
    """A message of the house to its own desk: what waits, and the page on which to see to it. Never to the public."""
    body = PieceBody(title=title, fact="\n".join(lines), todo="请打开工作台处理。")
    return Message(key, _own("desk", body, now, page=page), house)


def to_an_expert(
    key: str, house: House, now: datetime, title: str, lines: Sequence[str], page: str, *, exercise: bool
) -> Message:
    """A message of the house to one expert about one question, with the address at which to answer it."""
    body = PieceBody(
        title=title, fact="\n".join(lines), todo="请打开链接答复；链接只能打开这一个任务，请不要转发。"
    )
    return Message(key, _own("task", body, now, page=page, exercise=exercise), house)


def _own(public_id: str, body: PieceBody, now: datetime, *, exercise: bool = False, page: str = "") -> Told:
    return Told(
        public_id=public_id,
        version=1,
        sequence=0,
        type=PublicationType.PUBLISH,
        kind=PieceKind.EXPLAINER,
        body=body,
        published_at=now,
        issued_at=now,
        sha256=body.sha256(),
        revision=0,
        exercise=exercise,
        page=page,
    )
