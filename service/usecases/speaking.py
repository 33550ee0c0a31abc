"""Who speaks in every message: the unit, its site, the city and its time zone. Read from the city's data once."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from content.render.told import House
from service.context import Context
from service.pages.city import City, read
from service.site.render import house_of


@cache
def _city(folder: Path) -> City:
    return read(folder)


def house(ctx: Context) -> House:
    """The speaker of this installation."""
    return house_of(_city(ctx.settings.city_dir), ctx.settings.public_url)
