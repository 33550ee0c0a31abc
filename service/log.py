"""Logs: one event a line on stderr, JSON or text (LOG). Secrets and contact data never enter a line; tracebacks have no local variables.

Use `structlog.get_logger()` anywhere; the standard library's loggers (aiohttp, apscheduler, pgqueuer) come out the same way.
"""

from __future__ import annotations

import logging
import sys
from typing import Literal

import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

SECRET = frozenset(
    {
        "password",
        "token",
        "secret",
        "totp",
        "cookie",
        "authorization",
        "csrf",
        "contact",
        "phone",
        "email",
        "code",
    }
)
QUIET = ("alembic", "apscheduler", "pgqueuer", "asyncio", "aiosqlite", "PIL", "jieba", "aiohttp.access")


def configure(form: Literal["json", "text"], level: int = logging.INFO) -> None:
    """Set up logging for this process; calling again replaces the set-up."""
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.stdlib.BoundLogger,
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *_shape(form)],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def hide_secrets(_logger: WrappedLogger, _method: str, line: EventDict) -> EventDict:
    """Replace what must not be logged, whoever passed it in."""
    for name in SECRET.intersection(line):
        line[name] = "***"
    return line


def _shape(form: Literal["json", "text"]) -> list[Processor]:
    if form == "json":
        return [structlog.processors.format_exc_info, structlog.processors.JSONRenderer(ensure_ascii=False)]
    # The renderer's own tracebacks print local variables: people's telephone numbers among them.
    plain = structlog.dev.plain_traceback
    return [structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), exception_formatter=plain)]
