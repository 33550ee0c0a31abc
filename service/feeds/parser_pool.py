"""Parse strangers' documents in child processes that can be killed.

    bytes
    | a free child     waiting for one does not count
    | one frame each way, at most `wall` seconds
    → ParsedFeed, or ParseError(parse_timeout | parse_memory | parse_failed | not_a_feed | broken)

A child that overstays, dies or runs out of memory is killed and replaced; the next document never meets its remains.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Set
from pathlib import Path
from types import TracebackType
from typing import Any

from service.feeds.errors import ParseError
from service.feeds.parsed import ParsedFeed
from service.feeds.wire import LENGTHS, frame, lengths

ROOT = Path(__file__).resolve().parents[2]
CPU_KILLS = {-24, -9}  # SIGXCPU by the kernel; SIGKILL by the kernel's memory killer or ourselves
START_SECONDS = 30.0


class Child:
    """One parser process. Not for concurrent use."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process = process
        self._stdin, self._stdout = process.stdin, process.stdout
        self.documents = 0

    @classmethod
    async def start(cls) -> "Child":
        """Spawn a child without environment, in the folder the package is found in."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-E",
            "-s",
            "-m",
            "service.feeds.child",
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            env={},
            cwd=ROOT,
            limit=2**20,
            start_new_session=True,
        )
        return cls(process)

    async def ask(self, request: bytes) -> dict[str, Any]:
        """Send one frame, await one frame."""
        self.documents += 1
        self._stdin.write(request)
        await self._stdin.drain()
        head, body = lengths(await self._stdout.readexactly(LENGTHS.size))
        answer: dict[str, Any] = json.loads(await self._stdout.readexactly(head + body))
        return answer

    async def end(self, patience: float = 0.0) -> int:
        """Wait `patience` seconds for the process to end by itself, then kill it; its exit status."""
        if patience:
            with contextlib.suppress(TimeoutError):
                return await asyncio.wait_for(asyncio.shield(self._process.wait()), patience)
        with contextlib.suppress(ProcessLookupError):
            self._process.kill()
        # Wait even when we are being cancelled ourselves: no zombies.
        return await asyncio.shield(self._process.wait())

    @property
    def pid(self) -> int:
        """The operating system's number of the process."""
        return self._process.pid

    @property
    def alive(self) -> bool:
        """Whether the process has not ended."""
        return self._process.returncode is None


class ParserPool:
    """`size` children, started when first needed. Use as an async context manager or call `close`."""

    def __init__(self, size: int = 2, wall: float = 10.0, retire_after: int = 2000) -> None:
        self._wall = wall
        self._retire_after = retire_after
        self._slots = asyncio.Semaphore(size)
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._closed = False

    async def parse(
        self,
        body: bytes,
        content_type: str | None,
        base_url: str,
        *,
        known: Set[str] = frozenset(),
        max_items: int = 200,
    ) -> ParsedFeed:
        """The feed in `body` without entries whose hash is in `known`."""
        header = {
            "content_type": content_type,
            "base_url": base_url,
            "known": sorted(known),
            "max_items": max_items,
        }
        async with self._slots:
            answer = await self._ask(frame(header, body))
        if "error" in answer:
            raise ParseError(answer["error"]["kind"], answer["error"]["message"] or None)
        return ParsedFeed.from_json(answer["feed"])

    async def _ask(self, request: bytes) -> dict[str, Any]:
        child = await self._take()
        try:
            async with asyncio.timeout(self._wall + START_SECONDS * (child.documents == 0)):
                answer = await child.ask(request)
        except TimeoutError as error:
            await self._drop(child)
            raise ParseError("parse_timeout") from error
        except (OSError, asyncio.IncompleteReadError, ValueError) as error:
            # The pipe broke: the kernel is ending the child, and how it ends says why.
            status = await self._drop(child, patience=1.0)
            raise ParseError("parse_timeout" if status in CPU_KILLS else "parse_failed") from error
        except BaseException:
            await self._drop(child)
            raise
        if answer.get("error", {}).get("kind") == "parse_memory" or child.documents >= self._retire_after:
            await self._drop(child)
        else:
            self._idle.append(child)
        return answer

    async def _take(self) -> Child:
        if self._closed:
            raise ParseError("parse_failed", "The parser pool is closed.")
        while self._idle:
            child = self._idle.pop()
            if child.alive:
                return child
            await self._drop(child, patience=1.0)
        child = await Child.start()
        self._all.add(child)
        return child

    async def _drop(self, child: Child, patience: float = 0.0) -> int:
        """Kill and forget one child."""
        self._all.discard(child)
        return await child.end(patience)

    def processes(self) -> list[int]:
        """Process ids of the living children, for operators and tests."""
        return [child.pid for child in self._all if child.alive]

    async def close(self) -> None:
        """Kill all children; documents being parsed fail."""
        self._closed = True
        for child in list(self._all):
            await self._drop(child)
        self._idle.clear()

    async def __aenter__(self) -> "ParserPool":
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
