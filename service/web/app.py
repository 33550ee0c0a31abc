"""The web application: middlewares in the order in which a request meets them, and every route by name.

Published pages do not come here: `front` answers them from memory before aiohttp sees the connection.
"""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from service.house import House
from service.pages import city
from service.pages.templates import Templates
from service.site.serving import Site
from service.web import (
    access,
    account,
    admin,
    csrf,
    desk,
    expert,
    headers,
    health,
    login,
    problems,
    public,
    sessions,
)
from service.web.api import mount as api
from service.web.clients import Rate
from service.web.keys import HOUSE, SECURE
from service.web.templating import TEMPLATES

BODY_LIMIT = 6 * 2**20


def make_app(house: House, extra: Sequence[web.RouteDef] = ()) -> web.Application:
    """The application of one process. `extra` routes (the demo's feeds) stand before the public pages."""
    app = web.Application(
        middlewares=[
            headers.drop_server_name,
            problems.answer_errors,
            sessions.identify,
            api.guard,
            access.guard,
            csrf.guard,
        ],
        client_max_size=BODY_LIMIT,
    )
    settings = house.ctx.settings
    app[HOUSE] = house
    app[TEMPLATES] = Templates(city.read(settings.city_dir), settings.public_url)
    app[SECURE] = settings.public_url.startswith("https://")
    app[login.ATTEMPTS] = Rate(limit=30, seconds=60)
    app.on_response_prepare.append(headers.on_prepare)
    public.equip(app)
    expert.link.equip(app)
    app[public.pages.SITE] = house.parts.get("site") or Site(settings.site_dir)
    parts = (
        own_routes(),
        account.routes(),
        desk.routes(),
        expert.routes(),
        admin.routes(),
        api.routes(),
        extra,
    )
    for routes in (*parts, public.routes()):  # the public part last: it answers any address
        app.add_routes(routes)
    return app


def own_routes() -> list[web.AbstractRouteDef]:
    """The routes of this folder."""
    return [
        web.get("/healthz", health.healthz, name="healthz"),
        web.get("/readyz", health.readyz, name="readyz"),
        web.get("/metrics", health.metrics, name="metrics"),
        web.get("/login", login.show, name="login"),
        web.post("/login", login.enter, name="login.enter"),
        web.get("/staff", login.home, name="home"),
        web.post("/logout", login.leave, name="logout"),
        web.get("/setup/{token}", login.show_setup, name="setup"),
        web.post("/setup/{token}", login.finish_setup, name="setup.finish"),
    ]
