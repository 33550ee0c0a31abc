"""Named points at which a test can kill the process (`QINGYUAN_CRASH_AT=point:n`), refused in production.

Does nothing in ordinary life: `point` compares one string. A point is named where a commit has just happened, or is
about to, so that a test can prove that nothing acknowledged is lost and nothing is done twice.
"""

from __future__ import annotations

import os
import signal

POINTS: dict[str, str] = {
    "ingest.before_commit": "items of one poll are written, not yet committed",
    "ingest.after_commit": "items of one poll are committed",
    "triage.before_commit": "cases are opened, not yet committed",
    "triage.after_commit": "cases are committed",
    "assign.after_commit": "an assignment changed its state",
    "review.after_commit": "an approval is committed",
    "publish.before_commit": "snapshot, deliveries and audit entry are written, not yet committed",
    "publish.after_commit": "a publication is committed, the site not yet rendered",
    "site.half_written": "some of the site's files are replaced",
    "site.after_write": "the site's files are replaced, the delivery not yet marked",
    "deliver.after_claim": "a delivery is claimed, nothing sent",
    "deliver.after_step": "a channel that works in steps has taken one, and that is kept",
    "deliver.after_send": "the channel has it, the delivery is not yet marked",
    "deliver.after_commit": "the delivery is marked",
    "keys.after_commit": "everything is sealed with the next key, which is not yet the key",
    "keys.after_change": "the next key is the key, the old one is still beside it",
}

_target: tuple[str, int] | None = None
_seen = 0


def arm(setting: str) -> None:
    """Kill this process at the n-th time that `point` is reached; an empty setting disarms."""
    global _target, _seen
    _seen = 0
    if not setting:
        _target = None
        return
    name, _, count = setting.partition(":")
    if name not in POINTS:
        raise ValueError(f"no crash point is called '{name}'; see `qingyuan crashpoints`")
    _target = (name, int(count))


def point(name: str) -> None:
    """Die here, if this is the place and the time."""
    global _seen
    if _target is None or _target[0] != name:
        return
    _seen += 1
    if _seen >= _target[1]:
        os.kill(os.getpid(), signal.SIGKILL)
