"""One connection that speaks raw bytes, for what no ordinary client would send."""

from __future__ import annotations

import asyncio

from service.web.listen import Listening


class Client:
    """One connection that speaks raw bytes."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, house: Listening) -> Client:
        return cls(*await asyncio.open_connection("127.0.0.1", house.port))

    async def ask(self, raw: str | bytes) -> tuple[int, dict[str, str], bytes]:
        self.writer.write(raw.encode() if isinstance(raw, str) else raw)
        return await self.answer(head_only=raw[:4] in ("HEAD", b"HEAD"))

    async def answer(self, head_only: bool = False) -> tuple[int, dict[str, str], bytes]:
        head = (await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 10)).decode()
        first, *lines = head.strip().split("\r\n")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        status = int(first.split()[1])
        bodiless = head_only or status == 304
        body = b"" if bodiless else await self.reader.readexactly(int(headers.get("content-length", "0")))
        return status, headers, body

    async def ended(self, within: float = 5) -> bool:
        """Whether the other side hangs up in time."""
        try:
            rest = await asyncio.wait_for(self.reader.read(), within)
        except ConnectionError:
            return True
        except TimeoutError:
            return False
        return rest is not None


def get(path: str = "/", *lines: str, method: str = "GET", version: str = "1.1") -> str:
    return "\r\n".join([f"{method} {path} HTTP/{version}", "Host: h", *lines, "", ""])
