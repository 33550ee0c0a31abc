"""From an endpoint to an aiohttp handler.

request → query, body (validated) → prepare → transaction { repeat? → run → answer, kept } → headers
"""

from __future__ import annotations

import json
from typing import Any

from aiohttp import web
from pydantic import BaseModel, TypeAdapter

from service import crash
from service.errors import Invalid
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.faults import PreconditionRequired
from service.web.api.repeats import REPLAYED, Repeat
from service.web.forms import body, validated
from service.web.sessions import COOKIE, set_cookie
from service.web.wire import Handler


def handler(endpoint: Endpoint) -> Handler:
    """What answers this endpoint's route."""
    shape: TypeAdapter[Any] | None = TypeAdapter(endpoint.answer) if endpoint.answer is not None else None

    async def answer(request: web.Request) -> web.StreamResponse:
        if endpoint.if_match and not request.headers.get("If-Match"):
            raise PreconditionRequired()
        call = Call(request, query=_query(request, endpoint))
        await _read_body(call, endpoint)
        if endpoint.prepare is not None:
            call.found = await endpoint.prepare(call)
        response = await _acted(call, endpoint, shape)
        if endpoint.after:
            crash.point(endpoint.after)
        if endpoint.wake and call.house.wake is not None:
            await call.house.wake(endpoint.wake)
        return response

    return answer


async def _acted(call: Call, endpoint: Endpoint, shape: TypeAdapter[Any] | None) -> web.Response:
    if endpoint.own:
        return _response(call, *_shaped(await endpoint.run(call), endpoint, shape))
    if not endpoint.writes:
        async with call.house.db.read() as call.opened:
            return _response(call, *_shaped(await endpoint.run(call), endpoint, shape))
    repeat = Repeat(call) if endpoint.repeatable else None
    async with call.house.db.write() as call.opened:
        if repeat is not None and (earlier := await repeat.earlier()):
            status, kept = earlier
            given = Answer(headers={**kept["headers"], REPLAYED: "true"})
            return _response(call, status, kept["body"], given)
        status, value, given = _shaped(await endpoint.run(call), endpoint, shape)
        if repeat is not None:
            await repeat.keep(status, {"body": value, "headers": given.headers})
    return _response(call, status, value, given)


def _shaped(result: object, endpoint: Endpoint, shape: TypeAdapter[Any] | None) -> tuple[int, Any, Answer]:
    given = result if isinstance(result, Answer) else Answer(result)
    status = given.status or endpoint.status
    if shape is None or status == 204:
        return status, None, given
    return (
        status,
        shape.dump_python(shape.validate_python(given.value, from_attributes=True), mode="json"),
        given,
    )


def _response(call: Call, status: int, value: Any, given: Answer) -> web.Response:
    tag = given.headers.get("ETag")
    if tag and status == 200 and tag in _tags(call.request.headers.get("If-None-Match", "")):
        return web.Response(status=304, headers=given.headers)
    if status == 204:
        response = web.Response(status=204, headers=given.headers)
    else:
        text = json.dumps(value, ensure_ascii=False)
        response = web.Response(
            text=text, status=status, headers=given.headers, content_type="application/json", charset="utf-8"
        )
    if given.cookie:
        set_cookie(call.request, response, COOKIE, given.cookie, call.ctx.settings.session_max)
    elif given.cookie is not None:
        response.del_cookie(COOKIE, path="/")
    return response


def _tags(header: str) -> set[str]:
    return {part.strip().removeprefix("W/") for part in header.split(",")}


def _query(request: web.Request, endpoint: Endpoint) -> BaseModel | None:
    if endpoint.query is None:
        return None
    given: dict[str, Any] = {}
    for name, value in request.query.items():
        if name in given:
            raise Invalid(f"'{name}' is given twice", field=name)
        given[name] = value
    return validated(endpoint.query, _storable(given))


async def _read_body(call: Call, endpoint: Endpoint) -> None:
    if not endpoint.writes:
        return
    call.raw = await body(call.request)
    if endpoint.body is None or endpoint.upload:
        return
    try:
        value = json.loads(call.raw or b"{}")
    except (ValueError, RecursionError):
        raise Invalid("the body is not JSON") from None
    if not isinstance(value, dict):
        raise Invalid("the body is not a JSON object")
    call.body = validated(endpoint.body, _storable(value))


def _storable(value: Any) -> Any:
    """The value, if any store can keep its texts: no NUL, no half characters, no number without end."""
    try:
        text = json.dumps(value, ensure_ascii=False, allow_nan=False)
        text.encode()
    except (ValueError, RecursionError):
        raise Invalid("a text holds half a character, or a number has no end") from None
    if "\\u0000" in text:
        raise Invalid("a text holds a NUL character")
    return value
