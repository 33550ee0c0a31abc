"""A mail server that misbehaves once, at a chosen step: on the wire, so that it can do what no library would."""

from __future__ import annotations

import asyncio
import email
import email.policy
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tests.channels.understood import understood

USUAL = {
    "greeting": "220 ready",
    "EHLO": "250-hello\r\n250 AUTH PLAIN",
    "AUTH": "235 welcome",
    "text": "250 taken",
    "DATA": "354 go on",
}
HANGS_UP, SILENCE = "hangs up", "silence"


@dataclass
class PostOffice:
    """`step`: greeting, EHLO, AUTH, MAIL, RCPT, DATA (the command) or text (what follows it). `taken`: it kept the letter."""

    step: str = ""
    say: str = ""
    taken: bool = False
    port: int = 0
    got: list[str] = field(default_factory=list)  # the acts of the letters it kept, in order

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One caller."""
        try:
            if await self.answer("greeting", writer):
                while line := (await reader.readline()).decode().strip():
                    if not await self.hear(line.split(" ")[0].upper(), reader, writer):
                        break
        except OSError:
            pass
        finally:
            writer.close()

    async def hear(self, command: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        """One command; whether the talk goes on."""
        if not await self.answer(command, writer):
            return False
        if command != "DATA":
            return True
        text = await reader.readuntil(b"\r\n.\r\n")
        misbehaves = self.step == "text"
        if not misbehaves or self.taken:
            letter = email.message_from_bytes(text, policy=email.policy.default)
            self.got.append(understood("", "", str(letter["Subject"])).act)
        return await self.answer("text", writer)

    async def answer(self, step: str, writer: asyncio.StreamWriter) -> bool:
        """The usual answer, or the fault, once."""
        if step != self.step:
            writer.write((USUAL.get(step, "250 ok") + "\r\n").encode())
            return True
        self.step = ""
        if self.say == HANGS_UP:
            writer.transport.abort()
        elif self.say == SILENCE:
            await asyncio.sleep(1)
        else:
            writer.write(self.say.encode())
            return self.say[:1].isdigit() and self.say.endswith("\n")
        return False


@asynccontextmanager
async def post_office(office: PostOffice) -> AsyncIterator[PostOffice]:
    """Open while the block runs, on `office.port` if that is set."""
    server = await asyncio.start_server(office.serve, "127.0.0.1", office.port)
    office.port = server.sockets[0].getsockname()[1]
    try:
        yield office
    finally:
        server.close()
