"""What the public can reach: rendered pages, and the few that need the database (search, check, tip).

`setup` gives an application its site; `routes` lists the routes, the last of which catches every other address.
"""

from __future__ import annotations

from aiohttp import web

from service.settings import Settings
from service.site.serving import Site
from service.web.public import pages


def routes() -> list[web.RouteDef]:
    """Every public route. Add them after all others: `page` matches any address."""
    return [
        web.get("/static/{name}", pages.show, name="static"),
        web.get("/{path:.*}", pages.show, name="page"),
    ]


def setup(app: web.Application, settings: Settings) -> Site:
    """Give the application its site. Keeping the site fresh is the business of who runs the process."""
    site = Site(settings.site_dir)
    app[pages.SITE] = site
    return site
