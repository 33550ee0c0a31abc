"""Signs of life: late event loops are seen, and logs keep secrets."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Iterator

import pytest
import structlog

from service import log
from service.jobs import life


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    yield
    structlog.reset_defaults()
    logging.basicConfig(force=True)


async def test_a_blocked_event_loop_is_seen() -> None:
    stop = asyncio.Event()
    task = asyncio.create_task(life.measure_lateness(stop))
    await asyncio.sleep(0.15)
    time.sleep(0.3)  # noqa: ASYNC251  # blocking it is the point
    await asyncio.sleep(0.25)
    stop.set()
    await task
    assert life.LATEST._value.get() > 0.15


def test_a_log_line_is_json_and_hides_secrets(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    structlog.get_logger().warning("login", name="李编辑", password="geheim", token="abc")
    line = json.loads(capsys.readouterr().err)
    assert (line["event"], line["name"], line["level"]) == ("login", "李编辑", "warning")
    assert line["password"] == line["token"] == "***"


def test_other_libraries_log_the_same_way(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("json")
    logging.getLogger("aiohttp.server").error("bad request %s", 7)
    assert json.loads(capsys.readouterr().err)["event"] == "bad request 7"
