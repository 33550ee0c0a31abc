"""The classifiers in their own process: same answers, same order, and a process that dies costs nothing."""

from __future__ import annotations

import asyncio
import gc
import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from classifiers.text import Text
from service.settings import ROOT
from service.workers import BATCH, AssessorPool

CITY = ROOT / "deploy" / "cities" / "yichun"
RUMOR = Text(title="紧急扩散！", body="震惊！喝白醋能杀死病毒，医院不会告诉你，赶紧转发给家人！")
NOTICE = Text(
    title="宜春市气象台发布暴雨红色预警",
    body="宜春市气象台2026年6月3日发布暴雨红色预警，袁州区三小时雨量将超过一百毫米。",
)


@pytest.fixture
async def pool() -> AsyncIterator[AssessorPool]:
    async with AssessorPool(None, CITY) as opened:
        yield opened


async def test_answers_come_in_the_order_of_the_texts_across_batches(pool: AssessorPool) -> None:
    texts = [NOTICE if number % 3 else RUMOR for number in range(BATCH + 7)]
    answers = await pool.assess(texts)
    assert len(answers) == len(texts)
    assert [answer.emergency.flag for answer in answers] == [text is NOTICE for text in texts]


async def test_a_killed_process_is_replaced_and_its_batch_assessed_again(pool: AssessorPool) -> None:
    await pool.warm()
    assert pool._pool is not None
    for pid in list(pool._pool._processes):
        os.kill(pid, signal.SIGKILL)
    assert len(await pool.assess([RUMOR, NOTICE])) == 2
    assert pool.health().restarts == 1


async def test_a_process_that_has_loaded_the_model_does_not_look_through_it_again(pool: AssessorPool) -> None:
    await pool.warm()
    frozen = await asyncio.get_running_loop().run_in_executor(pool._pool, gc.get_freeze_count)
    assert frozen > 10_000


async def test_a_missing_model_leaves_the_rules_at_work(tmp_path: Path) -> None:
    async with AssessorPool(tmp_path / "none", CITY) as pool:
        assert (await pool.assess([NOTICE]))[0].emergency.flag
        assert pool.health().model == ""
