"""The process that touches strangers' bytes: reads a document on stdin, writes its entries to stdout, again and again.

Has no environment, no files to open, and limits on CPU per document, memory and output that the kernel holds. It is
meant to be killed at any time; the parent counts the wall clock. Run as `python -m service.feeds.child`.
"""

import gc
import json
import math
import resource
import sys
from itertools import count
from typing import Any, BinaryIO

from service.feeds.errors import ParseError
from service.feeds.parse import parse
from service.feeds.wire import LENGTHS, frame, lengths

MEMORY_BYTES = 512 * 1024 * 1024
CPU_SECONDS = 5
MOST_FILES = 16
COLLECT_EVERY = 50
LARGE = 1024 * 1024


def main() -> None:
    """Serve until stdin closes."""
    warm()
    # What is loaded stays; what a document leaves behind is collected every few documents, not in the middle of one.
    gc.freeze()
    gc.disable()
    confine()
    stdin, stdout = sys.stdin.buffer, sys.stdout.buffer
    for number in count(1):
        request = receive(stdin)
        if request is None:
            return
        limit_cpu(CPU_SECONDS)
        stdout.write(frame(answer(*request)))
        stdout.flush()
        if number % COLLECT_EVERY == 0 or len(request[1]) > LARGE:
            gc.collect()


def warm() -> None:
    """Load everything a parse needs while files may still be opened."""
    parse(b"<rss version='2.0'><channel><item><title>&lt;b&gt;a&amp;nbsp;</title></item></channel></rss>")
    parse(b"<rss><channel><item><title>a &nbsp; b</title>")
    parse(b'{"version": "https://jsonfeed.org/version/1.1", "items": []}')
    "".encode("gb18030") + "".encode("big5hkscs") + "".encode("utf-16") + "".encode("cp1252")


def confine() -> None:
    """Take away what a parser does not need."""
    for limit, value in (
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, MOST_FILES),
    ):
        resource.setrlimit(limit, (value, value))


def limit_cpu(seconds: int) -> None:
    """Let the kernel kill this process when the next document takes more than `seconds` of CPU."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    spent = math.ceil(usage.ru_utime + usage.ru_stime)
    hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
    resource.setrlimit(resource.RLIMIT_CPU, (spent + seconds, hard))


def receive(stdin: BinaryIO) -> tuple[dict[str, Any], bytes] | None:
    """The next request, or None when the parent is gone."""
    prefix = stdin.read(LENGTHS.size)
    if len(prefix) < LENGTHS.size:
        return None
    head, body = lengths(prefix)
    return json.loads(stdin.read(head)), stdin.read(body)


def answer(request: dict[str, Any], body: bytes) -> dict[str, Any]:
    """The feed, or the error, as JSON."""
    try:
        feed = parse(
            body,
            request["content_type"],
            request["base_url"],
            frozenset(request["known"]),
            request["max_items"],
        )
        return {"feed": feed.to_json()}
    except ParseError as error:
        return {"error": {"kind": error.kind, "message": str(error)}}
    except MemoryError:
        return {"error": {"kind": "parse_memory", "message": ""}}


if __name__ == "__main__":
    main()
