"""Addresses in feeds: only http(s) ones are kept, and the same story under two addresses gets one canonical form.

The canonical form is for comparing, not for opening: it says https, drops what only counts clicks, and sorts the rest.
It keeps queries that are the story's identity (`mp.weixin.qq.com/s?__biz=...`). Never touches the network.
"""

import re
from functools import lru_cache
from urllib.parse import urljoin, urlsplit, urlunsplit

from w3lib.url import canonicalize_url, url_query_cleaner

LONGEST = 2048
DROPPED = re.compile(
    r"^(utm_.*|spm|scm|from|scene|chksm|fbclid|gclid|yclid|msclkid|mpshare|srcid|sharer_.*|isappinstalled|"
    r"share_(token|from|source|id|uid)|nsukey|pass_ticket|exportkey|ascene|devicetype|clicktime|enterid|_t|ved|wfr|"
    r"wechat_redirect|tt_from|timestamp_share|mc_(cid|eid)|_hs(enc|mi)|ref_src)$",
    re.I,
)
SPACE = re.compile(r"[\x00-\x20\x7f\u200b\ufeff]+")
PORTS = {":80", ":443"}
SCHEME_SLASHES = 2  # of https://; an address without more has no path
_LABEL = r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
# What most links look like: nothing in it is resolved, escaped, dropped or sorted, so it need not be taken apart.
PLAIN = re.compile(rf"https?(?P<rest>://{_LABEL}(?:\.{_LABEL})+(?:/[A-Za-z0-9_-][A-Za-z0-9_.-]*)*/?)")


def plain_url(raw: str) -> re.Match[str] | None:
    """A match when `raw` is an absolute web address in its simplest form, which means itself beside every base."""
    return PLAIN.fullmatch(raw) if len(raw) <= LONGEST else None


def web_url(raw: str | None, base: str = "") -> str:
    """`raw` as an absolute http(s) URL, resolved against `base`, or "" when it is anything else."""
    return raw if raw and plain_url(raw) else _resolved(raw, base)


def _resolved(raw: str | None, base: str) -> str:
    cleaned = SPACE.sub("", (raw or "").strip()) if raw else ""
    if not cleaned or len(cleaned) > LONGEST:
        return ""
    try:
        joined = urljoin(base, cleaned) if base else cleaned
        parts = urlsplit(joined)
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname:
            return ""
        _ = parts.port
    except ValueError:
        return ""
    if any(mark in joined for mark in "<>\"'\\`{}|^"):
        return "".join(f"%{ord(char):02X}" if char in "<>\"'\\`{}|^" else char for char in joined)
    return joined


def canonical_url(url: str) -> str:
    """One spelling for all addresses of a story; "" stays "". Idempotent."""
    plain = plain_url(url)
    if plain is None:
        return _canonical(url) if url else ""
    return f"https{plain['rest']}" if url.count("/") > SCHEME_SLASHES else f"https{plain['rest']}/"


@lru_cache(maxsize=4096)
def _canonical(url: str) -> str:
    try:
        parts = urlsplit(url)
        names = [pair.partition("=")[0] for pair in parts.query.split("&") if pair]
        dropped = [name for name in names if DROPPED.match(name)]
        if dropped:
            url = url_query_cleaner(url, dropped, remove=True, unique=False, keep_fragments=True)
        # `#!/story/1` and `#/story/1` are pages of their own; other fragments are places on a page.
        keep = parts.fragment.startswith(("/", "!"))
        parts = urlsplit(canonicalize_url(url, keep_fragments=keep))
    except ValueError:
        return url
    host = parts.netloc.lower()
    for port in PORTS:
        host = host.removesuffix(port)
    return urlunsplit(("https", host, parts.path or "/", parts.query, parts.fragment))
