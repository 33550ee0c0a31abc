"""The reliability diagram of a report as text: is what was said with 70 % right seven times in ten?

    said 0.72 ┃████████████████████··│·······┃ was 0.68  (n=41)

The bar is how often it was right; `│` stands where it should end. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

WIDTH: Final = 30


def lines(rows: Iterable[tuple[float, float, int]]) -> list[str]:
    """One line a bin of (mean score, share of positives, number)."""
    return [
        f"    said {said:.2f} ┃{_bar(said, was)}┃ was {was:.2f}  (n={number})" for said, was, number in rows
    ]


def _bar(said: float, was: float) -> str:
    filled = round(was * WIDTH)
    cells = ["█" if at < filled else "·" for at in range(WIDTH)]
    cells[min(round(said * WIDTH), WIDTH - 1)] = "│"
    return "".join(cells)
