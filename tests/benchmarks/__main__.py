"""`make bench`: every benchmark, one after the other, each in a process of its own so that none warms another.

`python -m tests.benchmarks NAME…` runs only those named (alarms, batches, classify, experts, feeds, ingest, match, memory,
serve). At the end stands one table of every figure that has a goal.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.benchmarks import goals

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """What there is to run."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def main(wanted: list[str]) -> int:
    """Run them; the number of those that failed."""
    unknown = set(wanted) - set(names())
    if unknown:
        print(
            f"no such benchmark: {', '.join(sorted(unknown))}; there are {', '.join(names())}",
            file=sys.stderr,
        )
        return 2
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "goals"
        kept.touch()
        failed = _run_all(wanted or names(), kept)
        print(f"\n=== goals ===\n{goals.table(kept.read_text('utf-8').splitlines())}", flush=True)
    if failed:
        print(f"\nfailed: {', '.join(failed)}", file=sys.stderr)
    return len(failed)


def _run_all(chosen: list[str], kept: Path) -> list[str]:
    """Run these, one after the other; those that ended with an error."""
    failed = []
    for name in chosen:
        print(f"\n=== {name} ===", flush=True)
        command = [sys.executable, "-m", f"tests.benchmarks.bench_{name}"]
        if subprocess.run(command, env={**os.environ, goals.KEPT_IN: str(kept)}, check=False).returncode:
            failed.append(name)
    return failed


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
