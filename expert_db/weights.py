"""How many points each reason is worth. Data for tuning; every number here is whole points of a score of about 100."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from expert_db.assignments import AssignmentKind
from expert_db.experts import ExpertKind

KindPoints = Mapping[tuple[str, str], int]

# (what is asked, who is asked): departments confirm facts, people explain science, teams carry it to the villages.
KIND_POINTS: KindPoints = {
    (AssignmentKind.OPINION, ExpertKind.PERSON): 10,
    (AssignmentKind.OPINION, ExpertKind.DEPARTMENT): -10,
    (AssignmentKind.OPINION, ExpertKind.TEAM): -15,
    (AssignmentKind.FACT, ExpertKind.PERSON): -20,
    (AssignmentKind.FACT, ExpertKind.DEPARTMENT): 20,
    (AssignmentKind.FACT, ExpertKind.TEAM): -25,
    (AssignmentKind.FIELD, ExpertKind.PERSON): -5,
    (AssignmentKind.FIELD, ExpertKind.DEPARTMENT): -15,
    (AssignmentKind.FIELD, ExpertKind.TEAM): 20,
}


@dataclass(frozen=True)
class Weights:
    """Most points of each reason; `text_full` is the cosine that earns all of `text`."""

    text: int = 55
    text_full: float = 0.25
    text_things: float = 0.15  # what naming the same kinds of things adds to the cosine
    hazard: int = 20
    topic: int = 12  # of the best-matching topic; a second one adds `topic_more`
    topic_more: int = 4
    region: int = 12  # the very county
    region_city: int = 7  # answers for the whole city
    region_other: int = -12  # only for other counties
    audience: int = 6
    on_duty: int = 5
    on_duty_urgent: int = 14
    load: int = -12  # at the limit; in proportion below it
    record: int = 6  # all earlier questions answered; minus as much when none was
    declined_here: int = -30  # said no to this very case, or let it lapse
    kind: KindPoints = field(default_factory=lambda: KIND_POINTS)


WEIGHTS = Weights()
