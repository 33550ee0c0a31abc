"""Verdicts (结论): what they are called and how they stand on the scale of schema.org's Rating (1 worst, 5 best)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class VerdictInfo:
    """One verdict. `zh` is what the public reads, `rating` the number beside it."""

    code: str
    zh: str
    en: str
    rating: int


VERDICTS: dict[str, VerdictInfo] = {
    info.code: info
    for info in (
        VerdictInfo("false", "谣言", "False", 1),
        VerdictInfo("misleading", "误导", "Misleading", 2),
        VerdictInfo("out_of_context", "断章取义", "Out of context", 2),
        VerdictInfo("unproven", "证据不足", "Unproven", 3),
        VerdictInfo("true", "属实", "True", 5),
    )
}
BEST, WORST = 5, 1


def verdict_zh(code: str | None) -> str:
    """The Chinese word, or nothing when there is no verdict."""
    return VERDICTS[code].zh if code in VERDICTS else ""
