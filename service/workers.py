"""The classifiers in processes of their own, so that the event loop never waits for them.

    texts → batches of 200 → a spawned process that has loaded the model once → assessments, same order

The model is chosen by a function of the parent, which is asked before each batch: a model that was promoted meanwhile is
loaded by fresh processes while the old ones finish. A process that dies (memory, a bug in a library) costs its batch one retry in a fresh pool. Without a usable model the
written rules carry on, and `health` says so. Loads nothing at import.
"""

from __future__ import annotations

import asyncio
import json
import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from multiprocessing.connection import wait
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from service import heap

if TYPE_CHECKING:
    from classifiers.assess import Assessor
    from classifiers.signals import Assessment
    from classifiers.text import Text

BATCH = 200
log = structlog.get_logger()
_assessor: Assessor | None = None  # in the child only
_version = ""


@dataclass(frozen=True)
class Health:
    """`model`: the version that is loaded, or "" when only the rules work; `restarts`: how often processes died."""

    model: str
    restarts: int


class AssessorPool:
    """Assesses texts. Start with `async with`; leaving ends the processes."""

    def __init__(
        self, model_dir: Path | Callable[[], Path | None] | None, city_dir: Path, size: int = 1
    ) -> None:
        self._choose = model_dir if callable(model_dir) else lambda: model_dir
        self._chosen = callable(model_dir)  # then the shipped model stands in for one that cannot be loaded
        self._model_dir: Path | None = None
        self._city_dir, self._size = city_dir, size
        self._pool: ProcessPoolExecutor | None = None
        self._model = ""
        self._restarts = 0

    async def __aenter__(self) -> AssessorPool:
        self._pool = self._start()
        return self

    async def __aexit__(self, *_: object) -> None:
        pool, self._pool = self._pool, None
        if pool is not None:
            await asyncio.to_thread(pool.shutdown, wait=True, cancel_futures=True)

    def _start(self) -> ProcessPoolExecutor:
        self._model_dir = self._choose()
        return ProcessPoolExecutor(
            self._size,
            mp_context=multiprocessing.get_context("spawn"),
            initializer=_load,
            initargs=(self._model_dir, self._city_dir, self._chosen),
        )

    async def warm(self) -> Health:
        """Wait until a process has loaded the model."""
        await self.assess([])
        return self.health()

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        """One assessment a text, in the same order."""
        batches = [list(texts[start : start + BATCH]) for start in range(0, len(texts), BATCH)] or [[]]
        answers = await asyncio.gather(*(self._batch(batch) for batch in batches))
        return [assessment for answer in answers for assessment in answer]

    async def _batch(self, texts: list[Text], again: bool = True) -> list[Assessment]:
        pool = self._newest()
        try:
            self._model, answer = await asyncio.get_running_loop().run_in_executor(pool, _assess, texts)
        except BrokenProcessPool:
            self._replace(pool)
            if not again:
                raise
            return await self._batch(texts, again=False)
        return answer

    def _newest(self) -> ProcessPoolExecutor:
        """The pool; a fresh one where another model was chosen meanwhile. The old one finishes what it has."""
        pool = self._pool
        if pool is None:
            raise RuntimeError("the pool is not open")
        if self._choose() != self._model_dir:
            pool.shutdown(wait=False)
            pool = self._pool = self._start()
            log.info("classifier_model_changed", model=str(self._model_dir or "shipped"))
        return pool

    def _replace(self, broken: ProcessPoolExecutor) -> None:
        """A fresh pool in place of a broken one; only the first who notices does it."""
        if self._pool is broken:
            self._restarts += 1
            log.error("classifier_process_died", restarts=self._restarts)
            broken.shutdown(wait=False, cancel_futures=True)
            self._pool = self._start()

    def health(self) -> Health:
        """What the last answer came from."""
        return Health(self._model, self._restarts)


def _load(model_dir: Path | None, city_dir: Path, or_shipped: bool) -> None:
    """Runs once in each child: ignore Ctrl-C (the parent decides), load the model and the gazetteer."""
    global _assessor, _version
    threading.Thread(target=_die_with_parent, daemon=True).start()
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    from classifiers import model_file
    from classifiers.assess import Assessor
    from classifiers.regions import Gazetteer

    model = None
    for folder in (model_dir or model_file.SHIPPED, *([model_file.SHIPPED] if or_shipped else [])):
        try:
            model = model_file.load(folder)
            break
        except model_file.ModelError:
            continue
    rows = city_dir / "divisions.jsonl"
    lines = rows.read_text("utf-8").splitlines() if rows.is_file() else []
    _assessor = Assessor(model, Gazetteer.from_rows(json.loads(line) for line in lines if line.strip()))
    _version = model.version if model is not None else ""
    heap.settle()


def _die_with_parent() -> None:
    """A parent that is killed cannot tell its children; without this they would wait for ever."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        wait([parent.sentinel])
        os._exit(1)


def _assess(texts: list[Text]) -> tuple[str, list[Assessment]]:
    if _assessor is None:
        raise RuntimeError("the initializer did not run")
    return _version, _assessor.assess(texts)
