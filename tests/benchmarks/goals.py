"""What a benchmark found beside its goal: one line where it is measured, and one table of all at the end of `make bench`.

A missed goal is printed, not raised: a busy machine is no failure. DECISIONS.md says which are missed for a reason.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from pathlib import Path
from typing import Final

KEPT_IN: Final = "QINGYUAN_BENCH_GOALS"
"""Environment variable: the file that collects the lines of all benchmarks of one run."""


def check(stage: str, found: float, goal: float, *, at_least: bool = False) -> bool:
    """Print one figure beside its goal (at most it, unless `at_least`); whether it is met."""
    met = found >= goal if at_least else found <= goal
    row = {"stage": stage, "found": found, "goal": goal, "at_least": at_least, "met": met}
    print(f"  {_line(row)}", flush=True)
    if kept_in := os.environ.get(KEPT_IN):
        with Path(kept_in).open("a", encoding="utf-8") as stream:
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")
    return met


def table(lines: Iterable[str]) -> str:
    """All figures of a run, one a line, and how many goals are met."""
    rows = [json.loads(line) for line in lines if line.strip()]
    met = sum(bool(row["met"]) for row in rows)
    return "\n".join([*(f"  {_line(row)}" for row in rows), f"  {met} of {len(rows)} goals met"])


def _line(row: dict[str, object]) -> str:
    sign, verdict = "≥" if row["at_least"] else "≤", "met" if row["met"] else "MISSED"
    return f"{row['stage']:<78} {row['found']:>9.3g}   goal {sign} {row['goal']:<8g} {verdict}"
