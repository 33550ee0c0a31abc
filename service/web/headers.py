"""Security headers on every answer, errors too. No page needs an inline script or style, so none is allowed."""

from __future__ import annotations

from aiohttp import web

from service.web.keys import SECURE
from service.web.wire import Handler

CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; font-src 'self'; "
    "manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
COMMON = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "strict-origin-when-cross-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
}
HSTS = "max-age=31536000; includeSubDomains"
STAFF = ("/desk", "/expert", "/admin", "/login", "/logout", "/setup", "/account", "/api", "/a/")


def add_headers(response: web.StreamResponse, path: str, secure: bool) -> None:
    """Set what is missing; what a handler set itself stays."""
    for name, value in COMMON.items():
        response.headers.setdefault(name, value)
    if secure:
        response.headers.setdefault("Strict-Transport-Security", HSTS)
    if path.startswith(STAFF):
        response.headers.setdefault("Cache-Control", "no-store")


async def on_prepare(request: web.Request, response: web.StreamResponse) -> None:
    """Signal handler: runs for every answer that aiohttp sends, whoever made it."""
    add_headers(response, request.path, request.app[SECURE])


@web.middleware
async def drop_server_name(request: web.Request, handler: Handler) -> web.StreamResponse:
    """The answer does not tell which software and version made it."""
    response = await handler(request)
    response.headers["Server"] = "qingyuan"
    return response
