"""From what stands on the site to an HTTP answer: encoding, conditional requests, headers. Pure; both servers use it."""

from __future__ import annotations

from dataclasses import dataclass
from email.utils import parsedate_to_datetime

from service.site.serving import Stored

# `connect-src` is for the reader's own tools (an audit that fetches robots.txt from the page), not for us.
PUBLIC_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# The pages that read a text out have one script of our own. It asks nobody for anything.
LISTENING_CSP = PUBLIC_CSP.replace("connect-src", "script-src 'self'; connect-src")
_BESIDE_CSP = (
    ("X-Content-Type-Options", "nosniff"),
    ("X-Frame-Options", "DENY"),
    ("Referrer-Policy", "strict-origin-when-cross-origin"),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "cross-origin"),
    (
        "Permissions-Policy",
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), interest-cohort=()",
    ),
)
SECURITY = (("Content-Security-Policy", PUBLIC_CSP), *_BESIDE_CSP)
FEEDS = ("application/rss", "application/atom", "application/feed", "application/cap")


@dataclass(frozen=True)
class Wish:
    """The headers of a request that change the answer; absent ones are empty."""

    accept_encoding: str = ""
    if_none_match: str = ""
    if_modified_since: str = ""


@dataclass(frozen=True)
class Answer:
    """Status, headers in order (without Date and Connection), and the body (empty for 304)."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer(stored: Stored, wish: Wish, secure: bool) -> Answer:
    """What to send for a GET; for HEAD send the same without the body. `secure`: the public address is https."""
    encoding = stored.choose(wish.accept_encoding)
    tag = stored.etag(encoding)
    common = [
        ("ETag", tag),
        ("Last-Modified", stored.last_modified),
        ("Cache-Control", stored.cache),
        ("Vary", "Accept-Encoding"),
        ("Content-Security-Policy", LISTENING_CSP if stored.scripted else PUBLIC_CSP),
        *_BESIDE_CSP,
    ]
    if secure:
        common.append(("Strict-Transport-Security", "max-age=31536000; includeSubDomains"))
    if stored.type.startswith(FEEDS):
        common.append(("Access-Control-Allow-Origin", "*"))
    if stored.status == 200 and unchanged(stored, tag, wish):
        return Answer(304, tuple(common), b"")
    body = stored.bodies[encoding]
    own = [("Content-Type", stored.type), ("Content-Length", str(len(body)))]
    if encoding != "identity":
        own.append(("Content-Encoding", encoding))
    return Answer(stored.status, (*own, *common), body)


def unchanged(stored: Stored, tag: str, wish: Wish) -> bool:
    """Whether the client has this already. If-None-Match decides alone when it is there (RFC 9110, 13.2.2)."""
    if wish.if_none_match:
        tags = [part.strip().removeprefix("W/") for part in wish.if_none_match.split(",")]
        return "*" in tags or tag in tags
    if not wish.if_modified_since:
        return False
    try:
        return int(stored.modified) <= parsedate_to_datetime(wish.if_modified_since).timestamp()
    except (TypeError, ValueError):
        return False
