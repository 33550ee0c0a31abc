"""Real processes of ours, to be started, killed and started again."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

from service.settings import ROOT

START_SECONDS = 45.0  # the machine that runs the tests may be busy with others


@dataclass
class Process:
    """`python -m service …` with its own DATA_DIR. `environment` are settings without the prefix."""

    arguments: tuple[str, ...]
    data_dir: Path
    environment: dict[str, str] = field(default_factory=dict)
    popen: subprocess.Popen[bytes] | None = None

    def start(self, **more: str) -> Process:
        """Start it (again); output is appended to DATA_DIR/*.out and *.err."""
        self.data_dir.mkdir(parents=True, exist_ok=True)
        settings = {"DATA_DIR": str(self.data_dir), "LOG": "json", **self.environment, **more}
        clean = {name: value for name, value in os.environ.items() if not name.startswith("QINGYUAN_")}
        with self._file("out").open("ab") as out, self._file("err").open("ab") as err:
            self.popen = subprocess.Popen(
                [sys.executable, "-m", "service", *self.arguments],
                cwd=ROOT,
                env={**clean, **{f"QINGYUAN_{name}": value for name, value in settings.items()}},
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=err,
            )
        return self

    def _file(self, ending: str) -> Path:
        return self.data_dir.parent / f"{self.data_dir.name}.{ending}"

    @property
    def port(self) -> int:
        return int(self.environment["PORT"])

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def running(self) -> bool:
        return self.popen is not None and self.popen.poll() is None

    def output(self) -> str:
        """Everything it has printed."""
        return self._file("out").read_text("utf-8")

    def log(self) -> Iterator[dict[str, Any]]:
        """Its log, line by line; what is no JSON is left out."""
        for line in self._file("err").read_text("utf-8").splitlines():
            if line.startswith("{"):
                yield json.loads(line)

    def errors(self) -> str:
        """The end of what it has logged, for the message of a failing test."""
        return self._file("err").read_text("utf-8")[-3000:]

    def kill(self) -> None:
        """kill -9, and wait until it is gone."""
        if self.popen is not None:
            self.popen.kill()
            self.popen.wait(10)

    def terminate(self, within: float = 25.0) -> tuple[int, float]:
        """SIGTERM: exit code and seconds."""
        assert self.popen is not None
        started = time.monotonic()
        self.popen.send_signal(signal.SIGTERM)
        return self.popen.wait(within), time.monotonic() - started

    async def ready(self) -> None:
        """Wait until /readyz answers 200 (serve), or until it says that it works (worker)."""
        if self.arguments[0] == "worker":
            await eventually(lambda: "working as" in self.output(), START_SECONDS, self)
            return
        async with aiohttp.ClientSession() as client:
            await eventually_async(lambda: _answers(client, f"{self.url}/readyz"), START_SECONDS, self)


async def _answers(client: aiohttp.ClientSession, url: str) -> bool:
    try:
        async with client.get(url, timeout=aiohttp.ClientTimeout(total=2)) as response:
            return response.status == 200
    except (OSError, aiohttp.ClientError, TimeoutError):
        return False


async def eventually(condition: Callable[[], bool], within: float, watched: Process | None = None) -> float:
    """Seconds until the condition held, or an AssertionError with the process's last words."""

    async def look() -> bool:
        return condition()

    return await eventually_async(look, within, watched)


async def eventually_async(
    condition: Callable[[], Any], within: float, watched: Process | None = None
) -> float:
    """The same for a condition that is awaited."""
    started = time.monotonic()
    while True:
        if await condition():
            return time.monotonic() - started
        if watched is not None and not watched.running:
            raise AssertionError(f"{watched.arguments} ended: {watched.errors()}")
        if time.monotonic() - started > within:
            raise AssertionError(f"not within {within} s. {watched.errors() if watched else ''}")
        await asyncio.sleep(0.05)
