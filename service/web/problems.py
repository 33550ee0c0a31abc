"""Errors on their way out: RFC 9457 problems for the API, a calm page for people.

The house's errors carry a stable `type` and a `status`; anything else is a 500 that is logged and tells nothing.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any
from uuid import uuid4

from aiohttp import web

from content.errors import Refusal
from service.site.current import Banner
from service.web.headers import STAFF
from service.web.keys import NOBODY, VISITOR, Visitor
from service.web.staff import staff_page
from service.web.templating import page
from service.web.wire import Handler

log = logging.getLogger("qingyuan.web")
HTTP_TYPES = {
    401: "not_signed_in",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    413: "too_large",
}


@web.middleware
async def answer_errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn every exception into an answer."""
    try:
        return await handler(request)
    except Refusal as error:
        return await answer(request, error.status, error.type, str(error), error.details, error)
    except web.HTTPRedirection:
        raise
    except web.HTTPException as error:
        kind = HTTP_TYPES.get(error.status, f"http_{error.status}")
        response = await answer(request, error.status, kind, error.reason, {}, error)
        if "Allow" in error.headers:
            response.headers["Allow"] = error.headers["Allow"]
        return response
    except asyncio.CancelledError:
        raise
    except Exception:
        reference = uuid4().hex[:12]
        log.exception("unexpected error", extra={"reference": reference, "path": request.path})
        return await answer(request, 500, "internal", f"reference {reference}", {}, None)


async def answer(
    request: web.Request,
    status: int,
    kind: str,
    message: str,
    details: dict[str, Any],
    error: BaseException | None,
) -> web.Response:
    """A problem document or an error page, with Retry-After where waiting helps."""
    if wants_json(request):
        body = {"type": kind, "title": kind.replace("_", " "), "status": status, "detail": message}
        extra = {k: v for k, v in details.items() if k not in body and _plain(v)}
        if isinstance(named := extra.get("fields"), list):  # some rules only name the fields at fault
            extra["fields"] = [{"field": f, "problem": ""} if isinstance(f, str) else f for f in named]
        response = web.json_response(
            {**body, **extra}, status=status, content_type="application/problem+json"
        )
    else:
        response = _error_page(request, status, kind, message, details)
    retry_after = getattr(error, "retry_after", None)
    if retry_after is not None:
        response.headers["Retry-After"] = str(retry_after)
    return response


def wants_json(request: web.Request) -> bool:
    """The API speaks JSON; so does a client that asks for it."""
    return request.path.startswith("/api/") or request.headers.get("Accept", "").startswith(
        "application/json"
    )


def _plain(value: object) -> bool:
    return isinstance(value, str | int | float | bool | list | dict | None)


def _error_page(
    request: web.Request, status: int, kind: str, message: str, details: dict[str, Any]
) -> web.Response:
    if VISITOR not in request:
        request[VISITOR] = Visitor(NOBODY, "")
    said: dict[str, Any] = {"code": status, "kind": kind, "message": message, "details": details}
    try:
        if request.path.startswith(STAFF):
            return staff_page(request, "error.html", status=status, **said)
        # A reader never sees the staff's layout. Without the banner: the database may be what failed.
        name = "404" if status == 404 else "error"
        return page(request, f"public/{name}.html", status=status, path="/", banner=Banner(), **said)
    except Exception:
        log.exception("the error page itself failed")
        return web.Response(text=f"{status} {kind}", status=status)
