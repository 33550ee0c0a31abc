"""Signatures as the services publish them; three services, three ways."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from service.channels import dingtalk, feishu, webhook
from service.channels.http import retry_after

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_the_webhook_signature_is_that_of_standard_webhooks() -> None:
    """The example of the specification's own libraries."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    signed = webhook.signature(secret, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}')
    assert signed == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_a_secret_in_another_spelling_is_taken_as_it_is() -> None:
    assert webhook.key_bytes("plain secret") == b"plain secret"
    assert webhook.key_bytes("whsec_not base64!") == b"whsec_not base64!"
    assert len(webhook.key_bytes(webhook.new_secret())) == 32
    assert webhook.new_secret() != webhook.new_secret()


def test_dingtalk_and_feishu_sign_the_same_secret_differently() -> None:
    assert dingtalk.sign("SECabc", 1700000000000) == "jcUpW0QmtKduN03n4JqQ0PBosVjqnM8gU7fIIvsDmCM="
    assert feishu.sign("SECabc", 1700000000) == "XprR1de+0SSBnwWyU/4k6x2TL+Q2SJlM5NNEdAv7MWg="


@pytest.mark.parametrize(
    ("value", "wait"),
    [
        ("120", timedelta(minutes=2)), ("Tue, 24 Nov 2026 09:05:00 GMT", timedelta(minutes=5)),
        ("Tue, 24 Nov 2026 08:00:00 GMT", None), ("999999999", timedelta(days=1)), ("soon", None), ("", None),
        ("-5", None), ("１２", None), ("99999999999999999999", None),
    ],
)  # fmt: skip
def test_retry_after_is_read_as_seconds_or_as_a_date(value: str, wait: timedelta | None) -> None:
    assert retry_after(value, NOW) == wait
