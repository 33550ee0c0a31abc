"""The files of this checkout, as git sees them."""

from __future__ import annotations

import subprocess
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGES = ("classifiers", "content", "expert_db", "service", "tests")


@cache
def tracked(ending: str) -> tuple[Path, ...]:
    """Files with this ending that git tracks or would track."""
    answer = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return tuple(
        ROOT / name
        for name in answer.stdout.splitlines()
        if name.endswith(ending) and (ROOT / name).is_file()
    )
