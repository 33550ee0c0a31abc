"""The city this installation works for, read from its data folder once.

Does not look anything up in texts (that is `classifiers.regions`); holds names for showing.
"""

from __future__ import annotations

import json
import tomllib
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from service.errors import BadSetting


@dataclass(frozen=True)
class County:
    """A county of the city (县、市、区), by its six-digit division code."""

    code: str
    name: str
    english_name: str


@dataclass(frozen=True)
class City:
    """Names, time zone and counties, and the unit that speaks (`desk`)."""

    code: str
    name: str
    full_name: str
    english_name: str
    zone: ZoneInfo
    desk: str
    english_desk: str
    security_contact: str = ""
    counties: tuple[County, ...] = field(default=())

    def place(self, code: str, locale: str = "zh") -> str:
        """The name of a county or of the city itself; an unknown code is shown as it is."""
        english = locale == "en"
        if code == self.code:
            return self.english_name if english else self.full_name
        for county in self.counties:
            if county.code == code:
                return county.english_name if english else county.name
        return code

    def desk_name(self, locale: str = "zh") -> str:
        """The unit that answers for what is published."""
        return self.english_desk if locale == "en" else self.desk


def read(folder: Path) -> City:
    """The city of `deploy/cities/<city>/`, or BadSetting naming what its files lack."""
    try:
        facts = tomllib.loads((folder / "city.toml").read_text("utf-8"))
        return City(
            code=facts["code"],
            name=facts["name"],
            full_name=facts.get("full_name", facts["name"]),
            english_name=facts["english_name"],
            zone=ZoneInfo(facts["timezone"]),
            desk=facts["desk"],
            english_desk=facts["english_desk"],
            security_contact=facts.get("security_contact", ""),
            counties=_counties(folder / "divisions.jsonl"),
        )
    except (OSError, KeyError, ValueError, ZoneInfoNotFoundError) as error:
        raise BadSetting(f"CITY: {folder.name}: {error}") from None


def _counties(path: Path) -> tuple[County, ...]:
    rows = (json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip())
    return tuple(
        County(row["code"], row["name"], row.get("pinyin", row["name"]).replace(" ", "").title())
        for row in rows
        if row["level"] == "county"
    )
