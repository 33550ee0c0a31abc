"""The life of a case (事项)."""

from enum import StrEnum

from content.lifecycle import Lifecycle


class CaseState(StrEnum):
    QUEUED = "queued"
    ACCEPTED = "accepted"
    ANSWERED = "answered"
    DISMISSED = "dismissed"
    MERGED = "merged"


class CaseEvent(StrEnum):
    ACCEPT = "accept"
    RELEASE = "release"
    ANSWER = "answer"
    DISMISS = "dismiss"
    MERGE = "merge"
    UNMERGE = "unmerge"
    REOPEN = "reopen"


CASE = Lifecycle(
    name="case",
    states=CaseState,
    events=CaseEvent,
    initial=CaseState.QUEUED,
    table={
        (CaseState.QUEUED, CaseEvent.ACCEPT): CaseState.ACCEPTED,
        # An editor who claimed by mistake gives the case back.
        (CaseState.ACCEPTED, CaseEvent.RELEASE): CaseState.QUEUED,
        # A case can be answered straight from the queue: by linking an earlier publication.
        (CaseState.QUEUED, CaseEvent.ANSWER): CaseState.ANSWERED,
        (CaseState.ACCEPTED, CaseEvent.ANSWER): CaseState.ANSWERED,
        (CaseState.QUEUED, CaseEvent.DISMISS): CaseState.DISMISSED,
        (CaseState.ACCEPTED, CaseEvent.DISMISS): CaseState.DISMISSED,
        (CaseState.QUEUED, CaseEvent.MERGE): CaseState.MERGED,
        # Everything can be undone until something is published.
        (CaseState.MERGED, CaseEvent.UNMERGE): CaseState.QUEUED,
        (CaseState.DISMISSED, CaseEvent.REOPEN): CaseState.QUEUED,
        (CaseState.ANSWERED, CaseEvent.REOPEN): CaseState.QUEUED,
    },
)
