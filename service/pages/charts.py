"""Charts as SVG that is part of the page: no script, no third party, readable in print. Each stands beside its table.

Colours and sizes come from the style sheet by class. A chart says nothing that the table beside it does not say, so for
a reader of text it is one picture with one sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from markupsafe import Markup, escape

WIDTH: Final = 720
HEIGHT: Final = 180
FOOT: Final = 32  # for the dates below
GAP: Final = 0.2  # of a column's room


def columns(values: Sequence[tuple[str, int]], told: str) -> Markup:
    """One column a value, the first, the middle and the last label below, the highest value at the left. `told` is the sentence."""
    top = max((value for _, value in values), default=0)
    if not top:
        return Markup()
    room, high = WIDTH / len(values), HEIGHT - FOOT
    drawn = []
    for place, (_, value) in enumerate(values):
        tall = value / top * (high - 28)
        x, wide = place * room + room * GAP / 2, room * (1 - GAP)
        if value:
            drawn.append(f'<rect x="{x:.1f}" y="{high - tall:.1f}" width="{wide:.1f}" height="{tall:.1f}"/>')
    marks = {0: "start", len(values) // 2: "middle", len(values) - 1: "end"}
    for place, anchor in marks.items():
        x = {"start": 0.0, "middle": (place + 0.5) * room, "end": float(WIDTH)}[anchor]
        drawn.append(
            f'<text x="{x:.0f}" y="{HEIGHT - 6}" text-anchor="{anchor}">{escape(values[place][0])}</text>'
        )
    drawn.append(f'<text x="0" y="20">{top}</text><line x1="0" x2="{WIDTH}" y1="{high}" y2="{high}"/>')
    return _svg("chart", f"0 0 {WIDTH} {HEIGHT}", "".join(drawn), told)


def bar(value: float, top: float, more: float | None = None) -> Markup:
    """A bar of a table's row: `value` of `top`, and lighter up to `more`. Hidden from readers of text: the number is beside it."""
    if top <= 0:
        return Markup()
    share = 100 * min(value / top, 1)
    light = (
        f'<rect class="more" width="{100 * min(more / top, 1):.1f}" height="10"/>' if more is not None else ""
    )
    inside = f'{light}<rect width="{share:.1f}" height="10"/>'
    return Markup(  # noqa: S704 - numbers only
        f'<svg class="bar" viewBox="0 0 100 10" preserveAspectRatio="none" aria-hidden="true" focusable="false">{inside}</svg>'
    )


def _svg(name: str, box: str, inside: str, told: str) -> Markup:
    return Markup(  # noqa: S704 - every text in it is escaped
        f'<svg class="{name}" viewBox="{box}" role="img" aria-label="{escape(told)}">{inside}</svg>'
    )
