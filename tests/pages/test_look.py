"""What every page stands on: contrast of the tokens, formats, templates that cannot be silently half empty."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest
from jinja2 import UndefinedError

from service.pages import city as cities
from service.pages.assets import FOLDER, shipped
from service.pages.formats import Formats
from service.pages.templates import Templates, localised, paragraphs
from service.settings import ROOT

CITY = cities.read(ROOT / "deploy" / "cities" / "yichun")
BASE = "https://example.org"


def schemes() -> dict[str, dict[str, str]]:
    css = (FOLDER / "tokens.css").read_text("utf-8")
    light, _, dark = css.partition("@media")
    first = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", light))
    return {"light": first, "dark": first | dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", dark))}


def luminance(color: str) -> float:
    parts = [int(color[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


TEXT_PAIRS = [
    *product(("ink", "soft", "accent", "accent-strong"), ("paper", "sheet", "tint", "accent-tint")),
    *((name, f"{name}-tint") for name in ("bad", "warn", "good", "note")),
    *product(("bad", "warn", "good"), ("sheet", "paper")),
    *product(("level-red", "level-orange", "level-yellow", "level-blue"), ("sheet",)),
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("ink", "warn-tint"),
    ("soft", "warn-tint"),
    ("paper", "bad"),
]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(("front", "back"), TEXT_PAIRS)
def test_text_has_aa_contrast(scheme: str, front: str, back: str) -> None:
    colors = schemes()[scheme]
    assert contrast(colors[front], colors[back]) >= 4.5


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_borders_of_fields_can_be_seen(scheme: str) -> None:
    colors = schemes()[scheme]
    assert contrast(colors["edge"], colors["sheet"]) >= 3


def test_styles_fetch_nothing_and_colours_stand_in_the_tokens_only() -> None:
    for path in FOLDER.glob("*.css"):
        text = path.read_text("utf-8")
        assert "url(" not in text
        assert "@import" not in text
        if path.name != "tokens.css":
            assert not re.search(r"#[0-9a-fA-F]{6}\b", text), path.name


def test_the_name_of_an_asset_carries_its_hash() -> None:
    assets = shipped()
    found = assets.find(assets.url("public.css"))
    assert found is not None
    assert b"--paper" in found.plain
    assert len(found.br) < len(found.gzip) < len(found.plain)
    assert assets.find("/static/public.css") is None


def test_dates_are_written_as_the_language_does_in_the_city() -> None:
    late = datetime(2026, 11, 23, 16, 30, tzinfo=UTC)
    zone = ZoneInfo("Asia/Shanghai")
    assert Formats("zh", zone).moment(late) == "2026年11月24日 00:30"
    assert Formats("en", zone).day(late) == "24 Nov 2026"
    assert [Formats("zh", zone).chance(x) for x in (1.0, 0.996, 0.98, 0.004)] == [
        ">99%",
        ">99%",
        "98%",
        "<1%",
    ]
    assert Formats("zh", zone).ago(late, datetime(2026, 11, 23, 18, 30, tzinfo=UTC)) == "2小时前"


def test_a_template_without_its_data_fails() -> None:
    with pytest.raises(UndefinedError):
        Templates(CITY, BASE).render("staff.html", nav=[], messages=[], path="/desk")


def test_text_in_templates_is_escaped() -> None:
    assert paragraphs("一<b>\n\n二") == "<p>一&lt;b&gt;</p><p>二</p>"
    page = Templates(CITY, BASE).render(
        "staff.html",
        nav=[("/d", "<i>", True)],
        me="王<",
        csrf_token="t",
        messages=[],
        path="/d",
        in_language=lambda other: f"/d?lang={other}",
    )
    assert "<i>" not in page
    assert "王&lt;" in page


def test_english_pages_have_their_own_addresses() -> None:
    assert localised("/p/x", "zh") == "/p/x"
    assert localised("/p/x", "en") == "/en/p/x"
    assert localised("/", "en") == "/en/"


def test_the_city_knows_its_counties_in_both_languages() -> None:
    assert len(CITY.counties) == 10
    assert CITY.place("360902") == "袁州区"
    assert CITY.place("360902", "en") == "Yuanzhou"
    assert CITY.place("110101") == "110101"
