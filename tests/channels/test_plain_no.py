"""A 200 that says no inside, from services that need not say anything."""

from __future__ import annotations

import json

import pytest
from aiohttp import ClientSession

from service.channels.answers import read_plain_no
from service.channels.errors import Permanent
from service.channels.http import Answer
from service.channels.sms import SmsChannel
from service.channels.webhook import WebhookChannel, new_secret
from tests.conftest import START
from tests.render.test_chat import message
from tests.sinks import answers, sink

GATEWAY = ("errcode", "code", "Code")


def answer(body: object) -> Answer:
    return Answer(200, body if isinstance(body, bytes) else json.dumps(body, ensure_ascii=False).encode())


@pytest.mark.parametrize(
    "body",
    [
        {"errcode": 40001, "errmsg": "invalid key"},
        {"code": 500, "msg": "签名错误"},
        {"Code": "isv.BUSINESS_LIMIT_CONTROL", "Message": "触发流控"},
        {"success": False},
        {"code": "-1"},
    ],
)
def test_a_gateway_that_says_no_within_a_200_is_not_believed(body: object) -> None:
    with pytest.raises(Permanent):
        read_plain_no(answer(body), GATEWAY)


@pytest.mark.parametrize(
    "body",
    [
        b"", b"ok", b"\xff\xfe", [], "accepted", {}, {"errcode": 0}, {"code": 200, "msg": "ok"},
        {"Code": "OK", "Message": "OK"}, {"code": "0"}, {"success": True}, {"code": None}, {"code": True},
    ],
)  # fmt: skip
def test_a_yes_or_no_word_at_all_is_taken_for_a_yes(body: object) -> None:
    read_plain_no(answer(body), GATEWAY)


def test_a_webhooks_own_code_says_nothing_that_was_agreed() -> None:
    read_plain_no(answer({"code": 7}))
    with pytest.raises(Permanent, match="no room"):
        read_plain_no(answer({"errcode": 7, "errmsg": "no room"}))


@pytest.mark.parametrize("says", [{"code": 500, "msg": "签名错误"}, {"errcode": 9}])
async def test_a_text_message_that_the_gateway_refused_within_a_200_is_not_sent(says: object) -> None:
    async with sink(answers(says)) as gateway, ClientSession() as http:
        channel = SmsChannel("短信", gateway.url, new_secret(), ("group:all",), http, lambda: START)
        with pytest.raises(Permanent):
            await channel.send(message(), "key")
    assert len(gateway.asked) == 1


async def test_a_webhook_that_says_no_within_a_200_has_not_taken_it() -> None:
    async with sink(answers({"errcode": 9, "errmsg": "full"})) as receiver, ClientSession() as http:
        channel = WebhookChannel("接收方", receiver.url, new_secret(), http, lambda: START)
        with pytest.raises(Permanent, match="full"):
            await channel.send(message(), "key")
