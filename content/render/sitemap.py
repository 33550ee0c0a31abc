"""sitemap.xml: every page of the site with its last change. One file holds 50,000 addresses; a city does not reach that."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from xml.sax.saxutils import escape

LIMIT = 50_000


def render(pages: Iterable[tuple[str, datetime]]) -> bytes:
    """(absolute address, last change) → UTF-8. What is beyond the limit is left out, so hand the newest first."""
    rows = [
        f"<url><loc>{escape(address)}</loc><lastmod>{changed.isoformat(timespec='seconds')}</lastmod></url>"
        for address, changed in list(pages)[:LIMIT]
    ]
    head = '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n'
    return (head + "\n".join(rows) + "\n</urlset>\n").encode()
