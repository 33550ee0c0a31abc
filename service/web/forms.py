"""Reading what a request carries: bounded in size and in time, and turned into plain values.

aiohttp's server has no time limit for a body, so a slow sender would hold a connection for ever; here it has one.
"""

from __future__ import annotations

import asyncio
import json
from typing import Any, TypeVar

from aiohttp import web
from multidict import MultiDict, MultiDictProxy
from pydantic import BaseModel, ValidationError

from service.errors import Invalid, QingyuanError

BODY_SECONDS = 15.0
M = TypeVar("M", bound=BaseModel)


class TooSlow(QingyuanError):
    """The request took too long to arrive."""

    type = "request_timeout"
    status = 408


async def body(request: web.Request) -> bytes:
    """The whole body, at most the application's `client_max_size`, within 15 seconds."""
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.read()
    except TimeoutError:
        raise TooSlow() from None


async def form(request: web.Request) -> MultiDictProxy[str]:
    """Text fields of a form. Uploaded files are read with `upload`."""
    fields: MultiDict[str] = MultiDict()
    for name, value in (await _posted(request)).items():
        if isinstance(value, str):
            fields.add(name, value.replace("\x00", ""))
    return MultiDictProxy(fields)


async def _posted(request: web.Request) -> MultiDictProxy[str | bytes | bytearray | web.FileField]:
    try:
        async with asyncio.timeout(BODY_SECONDS):
            return await request.post()  # aiohttp keeps the answer for the next call
    except TimeoutError:
        raise TooSlow() from None
    except (ValueError, LookupError):
        raise Invalid("the form cannot be read") from None


async def upload(request: web.Request, name: str) -> bytes:
    """The bytes of one uploaded file, or Invalid when it is missing."""
    field = (await _posted(request)).get(name)
    if not isinstance(field, web.FileField):
        raise Invalid(f"there is no file in '{name}'")
    return field.file.read()


async def json_object(request: web.Request) -> dict[str, Any]:
    """A JSON object, or Invalid."""
    try:
        value = json.loads(await body(request) or b"{}")
    except (ValueError, RecursionError):
        raise Invalid("the body is not JSON") from None
    if not isinstance(value, dict):
        raise Invalid("the body is not a JSON object")
    return value


async def parsed(request: web.Request, model: type[M]) -> M:
    """The JSON body as `model`, or Invalid that names each wrong field."""
    return validated(model, await json_object(request))


def validated(model: type[M], value: object) -> M:
    """`value` as `model`, or Invalid that names each wrong field."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        fields = [{"field": ".".join(map(str, e["loc"])), "problem": e["msg"]} for e in error.errors()]
        raise Invalid(
            "; ".join(f"{f['field']}: {f['problem']}" for f in fields)[:500], fields=fields
        ) from None


def whole_number(text: str | None) -> int | None:
    """`text` as a number of 0 or more, or None."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 16 else None
