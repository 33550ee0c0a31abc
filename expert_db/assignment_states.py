"""The life of an assignment (任务): one expert asked one question."""

from enum import StrEnum

from content.lifecycle import Lifecycle


class AssignmentState(StrEnum):
    OFFERED = "offered"
    ACCEPTED = "accepted"
    FULFILLED = "fulfilled"
    DECLINED = "declined"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"
    HANDED_OVER = "handed_over"


class AssignmentEvent(StrEnum):
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    FULFIL = "fulfil"
    WITHDRAW = "withdraw"
    HAND_OVER = "hand_over"


ASSIGNMENT = Lifecycle(
    name="assignment",
    states=AssignmentState,
    events=AssignmentEvent,
    initial=AssignmentState.OFFERED,
    table={
        (AssignmentState.OFFERED, AssignmentEvent.ACCEPT): AssignmentState.ACCEPTED,
        (AssignmentState.OFFERED, AssignmentEvent.DECLINE): AssignmentState.DECLINED,
        (AssignmentState.OFFERED, AssignmentEvent.EXPIRE): AssignmentState.EXPIRED,
        (AssignmentState.OFFERED, AssignmentEvent.WITHDRAW): AssignmentState.WITHDRAWN,
        (AssignmentState.OFFERED, AssignmentEvent.HAND_OVER): AssignmentState.HANDED_OVER,
        (AssignmentState.ACCEPTED, AssignmentEvent.FULFIL): AssignmentState.FULFILLED,
        # Somebody who accepted and then cannot answer hands the question back.
        (AssignmentState.ACCEPTED, AssignmentEvent.DECLINE): AssignmentState.DECLINED,
        (AssignmentState.ACCEPTED, AssignmentEvent.EXPIRE): AssignmentState.EXPIRED,
        (AssignmentState.ACCEPTED, AssignmentEvent.WITHDRAW): AssignmentState.WITHDRAWN,
        (AssignmentState.ACCEPTED, AssignmentEvent.HAND_OVER): AssignmentState.HANDED_OVER,
    },
)
