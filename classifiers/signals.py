"""What was found out about a text: values only.

A signal is a calibrated probability, a yes or no at the model's threshold, and the words behind it. Nothing here
computes; `assess` makes these and `service` stores their JSON.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast


@dataclass(frozen=True)
class Because:
    """One reason: `term` as it stands in the text (or a rule's name), `weight` in log-odds it added."""

    term: str
    weight: float


@dataclass(frozen=True)
class Signal:
    """One question's answer; `because` is sorted by what moved the score most."""

    score: float
    flag: bool
    because: tuple[Because, ...] = ()


@dataclass(frozen=True)
class Warning:
    """An official warning read from a text. `action` is issue, update or cancel; `level` a key of LEVELS."""

    issuer: str | None
    level: str | None
    kind: str
    action: str


@dataclass(frozen=True)
class Emergency:
    """Is this an emergency (突发事件), and which? `level` only from an official warning."""

    score: float
    flag: bool
    category: str | None = None
    hazard: str | None = None
    level: str | None = None
    because: tuple[Because, ...] = ()
    warning: Warning | None = None


@dataclass(frozen=True)
class TopicScore:
    """One topic the text is about, with its calibrated probability."""

    topic: str
    score: float


@dataclass(frozen=True)
class Assessment:
    """Every signal of one text and the version of the model that gave them (`rules` without a model)."""

    rumor: Signal
    debunk: Signal
    emergency: Emergency
    topics: tuple[TopicScore, ...]
    audiences: tuple[str, ...]
    regions: tuple[str, ...]
    model: str

    def to_json(self) -> dict[str, object]:
        """The line that `qingyuan classify` prints, without its `id`."""
        emergency = self.emergency
        return {
            "rumor": _signal_json(self.rumor),
            "debunk": _signal_json(self.debunk),
            "emergency": {
                "score": emergency.score,
                "flag": emergency.flag,
                "category": emergency.category,
                "hazard": emergency.hazard,
                "level": emergency.level,
                "because": _because_json(emergency.because),
                "warning": None if emergency.warning is None else dict(vars(emergency.warning)),
            },
            "topics": [{"topic": topic.topic, "score": topic.score} for topic in self.topics],
            "audiences": list(self.audiences),
            "regions": list(self.regions),
            "model": self.model,
        }

    @classmethod
    def from_json(cls, line: Mapping[str, object]) -> Assessment:
        """The reverse of `to_json`; KeyError or TypeError where `line` is something else."""
        found = cast("Mapping[str, Any]", line)
        emergency, warning = found["emergency"], found["emergency"].get("warning")
        return cls(
            rumor=_signal(found["rumor"]),
            debunk=_signal(found["debunk"]),
            emergency=Emergency(
                score=emergency["score"],
                flag=emergency["flag"],
                category=emergency["category"],
                hazard=emergency["hazard"],
                level=emergency["level"],
                because=_because(emergency.get("because", [])),
                warning=None if warning is None else Warning(**warning),
            ),
            topics=tuple(TopicScore(row["topic"], row["score"]) for row in found["topics"]),
            audiences=tuple(found["audiences"]),
            regions=tuple(found["regions"]),
            model=found["model"],
        )


def _signal_json(signal: Signal) -> dict[str, object]:
    return {"score": signal.score, "flag": signal.flag, "because": _because_json(signal.because)}


def _because_json(because: tuple[Because, ...]) -> list[dict[str, object]]:
    return [{"term": reason.term, "weight": reason.weight} for reason in because]


def _signal(line: Mapping[str, Any]) -> Signal:
    return Signal(line["score"], line["flag"], _because(line.get("because", [])))


def _because(rows: list[Mapping[str, Any]]) -> tuple[Because, ...]:
    return tuple(Because(row["term"], row["weight"]) for row in rows)
