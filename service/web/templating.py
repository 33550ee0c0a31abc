"""A template as the answer to a request. The environment itself is `service.pages.templates`.

Does not know who is logged in: what a page shows is handed in by its handler.
"""

from __future__ import annotations

from typing import Any

from aiohttp import web

from service.pages.templates import Templates
from service.web.i18n import locale_of, remember

TEMPLATES: web.AppKey[Templates] = web.AppKey("templates", Templates)


def page(request: web.Request, name: str, /, status: int = 200, **data: Any) -> web.Response:
    """Render `name` in the language of the request. `app[TEMPLATES]` must be set."""
    locale = locale_of(request)
    html = request.app[TEMPLATES].render(name, locale, **data)
    response = web.Response(text=html, content_type="text/html", charset="utf-8", status=status)
    response.headers["Content-Language"] = locale
    remember(request, response)
    return response
