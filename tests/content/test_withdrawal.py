"""What became of a wrong text on each kind of channel."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import pytest

from content.delivery import Delivery
from content.publications import Publication
from content.withdrawal import Fate, fates
from service.channels.kinds import KINDS

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
FIRST, SECOND, CHANNEL = uuid4(), uuid4(), uuid4()


def version(type: str) -> Publication:
    return Publication(
        id=SECOND, public_id="abc", version=2, sequence=2, type=type, piece_id=uuid4(), revision=2, sha256="0",
        snapshot={}, published_at=NOW, issued_at=NOW, by_id=uuid4(),
    )  # fmt: skip


def delivery(publication: UUID, state: str, channel: UUID = CHANNEL, **more: Any) -> Delivery:
    return Delivery(
        id=uuid4(), publication_id=publication, public_id="abc", sequence=1 + (publication == SECOND), type="publish",
        channel_id=channel, channel_name="一处", state=state, next_attempt_at=NOW, created_at=NOW, updated_at=NOW, **more,
    )  # fmt: skip


def fate(kind: str, *deliveries: Delivery, type: str = "correct") -> Fate:
    [found] = fates(version(type), deliveries, {CHANNEL: kind})
    return found


@pytest.mark.parametrize(
    ("kind", "became"),
    [
        ("site", "replaced"), ("websub", "replaced"), ("webhook", "asked"), ("email", "told"), ("wecom", "told"),
        ("dingtalk", "told"), ("feishu", "told"), ("sms", "told"), ("wechat", "told"), ("todo", "by_hand"),
    ],
)  # fmt: skip
def test_each_kind_says_what_it_can_do_once_the_correction_has_arrived(kind: str, became: str) -> None:
    found = fate(kind, delivery(FIRST, "sent"), delivery(SECOND, "sent"))
    assert (found.became, found.settled) == (became, True)


def test_every_kind_of_channel_is_thought_of() -> None:
    tested = {"site", "websub", "webhook", "email", "wecom", "dingtalk", "feishu", "sms", "wechat", "todo"}
    assert set(KINDS) == tested


def test_what_was_deleted_there_is_said_and_what_could_not_be_is_only_told() -> None:
    gone = delivery(SECOND, "sent", stage={"withdrew": "deleted"})
    kept = delivery(SECOND, "sent", stage={"withdrew": "refused"})
    assert fate("wechat", delivery(FIRST, "sent"), gone).became == "deleted"
    assert fate("wechat", delivery(FIRST, "sent"), kept).became == "told"


@pytest.mark.parametrize(
    ("state", "became"),
    [
        ("pending", "waiting"), ("waiting", "waiting"), ("sending", "waiting"), ("uncertain", "doubt"),
        ("failed", "failed"), ("expired", "expired"),
    ],
)  # fmt: skip
def test_until_it_has_arrived_somebody_must_look(state: str, became: str) -> None:
    found = fate("wecom", delivery(FIRST, "sent"), delivery(SECOND, state), type="retract")
    assert (found.became, found.settled) == (became, False)


def test_a_person_who_has_not_yet_read_it_out_is_waited_for() -> None:
    assert fate("todo", delivery(FIRST, "sent"), delivery(SECOND, "uncertain")).became == "waiting"


def test_what_was_called_off_before_it_went_out_is_settled_and_what_reached_nobody_is_not_listed() -> None:
    assert fate("wecom", delivery(FIRST, "cancelled"), type="retract").became == "called_off"
    assert fates(version("retract"), [delivery(FIRST, "expired")], {}) == ()


def test_a_first_version_has_nothing_to_take_back() -> None:
    assert fates(version("publish"), [delivery(FIRST, "sent"), delivery(SECOND, "sent")], {}) == ()
