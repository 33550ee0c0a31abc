"""The life of an incident (应急事件): the desk in its emergency gear."""

from enum import StrEnum

from content.lifecycle import Lifecycle


class IncidentState(StrEnum):
    STANDBY = "standby"
    ACTIVE = "active"
    RECOVERING = "recovering"
    CLOSED = "closed"


class IncidentEvent(StrEnum):
    ACTIVATE = "activate"
    STAND_DOWN = "stand_down"
    REACTIVATE = "reactivate"
    CLOSE = "close"


INCIDENT = Lifecycle(
    name="incident",
    states=IncidentState,
    events=IncidentEvent,
    initial=IncidentState.STANDBY,
    table={
        (IncidentState.STANDBY, IncidentEvent.ACTIVATE): IncidentState.ACTIVE,
        (IncidentState.ACTIVE, IncidentEvent.STAND_DOWN): IncidentState.RECOVERING,
        (IncidentState.RECOVERING, IncidentEvent.REACTIVATE): IncidentState.ACTIVE,
        (IncidentState.RECOVERING, IncidentEvent.CLOSE): IncidentState.CLOSED,
    },
)
