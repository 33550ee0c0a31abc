"""Charts are pictures of their tables: to scale, escaped, silent where there is nothing."""

from __future__ import annotations

import re
from xml.etree import ElementTree as ET

from service.pages.charts import bar, columns


def test_columns_are_to_scale_and_say_what_they_show() -> None:
    drawn = str(columns([("11月1日", 10), ("11月2日", 0), ("11月3日", 5)], "共 <15> 次"))
    svg = ET.fromstring(drawn)
    heights = [float(r.get("height", "")) for r in svg.iter("rect")]
    assert heights[0] == 2 * heights[1]
    assert svg.get("aria-label") == "共 <15> 次"
    assert "<15>" not in drawn
    assert [t.text for t in svg.iter("text")] == ["11月1日", "11月2日", "11月3日", "10"]


def test_nothing_is_drawn_where_nothing_happened() -> None:
    assert columns([], "") == columns([("1", 0)], "") == bar(0, 0) == ""


def test_a_bar_shows_the_median_and_lighter_the_ninetieth() -> None:
    widths = re.findall(r'width="([0-9.]+)"', str(bar(10, 40, 30)))
    assert widths == ["75.0", "25.0"]
