"""What a check found. A code with data; the desk puts it into words and says how to mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from dataclasses import field as default
from typing import Any, Literal


@dataclass(frozen=True)
class Problem:
    """One finding. `field` is the field of the body it is about; `data` fills the words of the message.

    A `must` stops submission; a `should` is advice.
    """

    code: str
    field: str = ""
    severity: Literal["must", "should"] = "must"
    data: dict[str, Any] = default(default_factory=dict)

    def as_dict(self) -> dict[str, Any]:
        """For answers of the interface."""
        return asdict(self)


def blocking(problems: Iterable[Problem]) -> list[Problem]:
    """Those that stop a submission."""
    return [problem for problem in problems if problem.severity == "must"]
