"""A process that plays a few thousand news feeds on the loopback network, for the benchmark of the poller.

Feeds are spread over loopback addresses, so that they are different hosts. At generation g every tenth feed has one new
entry more than before; all others answer 304 to the ETag they gave. `GET /generation/N` moves on.
"""

import asyncio
import hashlib
import sys
from functools import lru_cache

HOSTS = 50
ENTRIES = 30
WORDS = "宜春市气象台发布暴雨橙色预警预计未来三小时城区降雨量将达五十毫米以上请市民减少外出远离山洪沟口注意防范地质灾害"


def address(feed: int, port: int) -> str:
    """Where feed number `feed` lives."""
    return f"http://127.0.0.{2 + feed % HOSTS}:{port}/feed/{feed}"


def version(feed: int, generation: int) -> int:
    """How many entries this feed has gained by then: one in every tenth generation, staggered."""
    return (generation + feed % 10) // 10


@lru_cache(maxsize=200_000)
def entry(feed: int, number: int) -> str:
    """One entry of about 800 bytes."""
    title = WORDS[number % 20 : number % 20 + 18]
    text = "".join(WORDS[(feed * 7 + number * 3 + i) % len(WORDS)] for i in range(90))
    return (
        f"<item><title>{title}第{number}号</title><link>https://news.example.cn/{feed}/{number}?from=rss</link>"
        f"<guid isPermaLink='false'>{feed}-{number}</guid><description>&lt;p&gt;{text}&lt;/p&gt;</description>"
        f"<author>news@example.cn (编辑部)</author><pubDate>Tue, 24 Nov 2026 08:{number % 60:02d}:00 +0800</pubDate></item>"
    )


def document(feed: int, gained: int) -> bytes:
    """The feed with its newest ENTRIES entries."""
    items = "".join(entry(feed, number) for number in range(gained + ENTRIES, gained, -1))
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>新闻源{feed}</title>"
        f"<link>https://news.example.cn/{feed}</link><description>要闻</description><language>zh-cn</language>{items}"
        "</channel></rss>"
    ).encode()


class Feeds(asyncio.Protocol):
    """HTTP/1.1 with keep-alive, as little of it as the poller needs."""

    generation = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        self.buffer = b""

    def data_received(self, data: bytes) -> None:
        self.buffer += data
        while b"\r\n\r\n" in self.buffer:
            head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
            self.transport.write(self.answer(head.decode("latin-1")))  # type: ignore[attr-defined]

    def answer(self, head: str) -> bytes:
        kind, number = head.split(" ", 2)[1].strip("/").split("/")
        if kind == "generation":
            Feeds.generation = int(number)
            return b"HTTP/1.1 204 No Content\r\n\r\n"
        gained = version(int(number), Feeds.generation)
        tag = f'"{number}-{gained}"'
        if f"If-None-Match: {tag}" in head:
            return f"HTTP/1.1 304 Not Modified\r\nETag: {tag}\r\n\r\n".encode()
        body = document(int(number), gained)
        digest = hashlib.sha256(body).hexdigest()[:8]
        return (
            f"HTTP/1.1 200 OK\r\nContent-Type: application/rss+xml; charset=utf-8\r\nETag: {tag}\r\nX-Body: {digest}\r\n"
            f"Content-Length: {len(body)}\r\n\r\n"
        ).encode() + body


async def main() -> None:
    """Serve until the parent closes our stdin; the first line says the port."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(Feeds, "0.0.0.0", 0, backlog=1000)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
