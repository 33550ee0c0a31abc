"""Facts about the city that rules take as values: its time zone and its divisions by name. Read from its data folder once."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from expert_db.sheet_columns import Regions
from service.context import Context
from service.pages import city


def zone(ctx: Context) -> ZoneInfo:
    """The city's time zone."""
    return _city(ctx.settings.city_dir).zone


def code(ctx: Context) -> str:
    """The city's own code (GB/T 2260)."""
    return _city(ctx.settings.city_dir).code


def counties(ctx: Context) -> tuple[str, ...]:
    """The codes of the city's counties, in the order of its data."""
    return tuple(one.code for one in _city(ctx.settings.city_dir).counties)


def regions(ctx: Context) -> Regions:
    """All divisions by name and by code."""
    return _regions(ctx.settings.city_dir)


@cache
def _city(folder: Path) -> city.City:
    return city.read(folder)


@cache
def _regions(folder: Path) -> Regions:
    lines = (folder / "divisions.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in lines if line.strip()]
    names = {row["code"]: row["name"] for row in rows}
    codes: dict[str, str] = {}
    # Townships first, so that a county or the city keeps a name that a township shares; a doubtful name is nobody's.
    for level in ("township", "county", "city"):
        found: dict[str, str] = {}
        twice: set[str] = set()
        for row in rows:
            if row["level"] == level:
                twice |= {row["name"]} & found.keys()
                found[row["name"]] = row["code"]
        codes |= {name: code for name, code in found.items() if name not in twice}
        codes = {name: code for name, code in codes.items() if name not in twice}
    return Regions(codes=codes, names=names)
