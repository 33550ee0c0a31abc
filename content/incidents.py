"""An incident (应急事件): the desk in its emergency gear, and every act on it. The life of one is `incident_states`.

    Incident      what, where, who ordered it, and what its activation changed (to be put back exactly)
    IncidentAct   who did what and why                     append-only
    IncidentCase  which cases belonged to it               append-only; `Case.incident_id` is set only while it is active

`exercise` (演练) is chosen when it is proposed and never changes; the database refuses it too.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import UniqueConstraint
from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime
from content.incident_states import IncidentState


class Incident(SQLModel, table=True):
    """`level` is None for social_security, as in the law. `changes` are `incident_changes.Change` values as JSON."""

    __tablename__ = "incidents"

    id: UUID = Field(primary_key=True)
    name: str = Field(max_length=120)
    hazard: str = Field(max_length=32)
    category: str = Field(max_length=32)
    level: str | None = Field(default=None, max_length=8)
    regions: list[str] = Field(default_factory=list, sa_type=Json)
    state: str = Field(default=IncidentState.STANDBY, max_length=16, index=True)
    exercise: bool = Field(default=False)
    order_source: str = Field(default="", max_length=200)  # whose order or warning it follows
    warning_ref: str | None = Field(default=None, max_length=500, index=True)  # the warning's own identifier
    case_id: UUID = Field(index=True)  # the case that asks its questions and carries its first statement
    proposed_by: UUID | None = Field(default=None)  # None: a relayed warning, and nobody has endorsed it yet
    proposed_at: datetime = Field(sa_type=UtcDateTime)
    activated_by: UUID | None = Field(default=None)
    activated_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    end_proposed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    stood_down_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UtcDateTime)
    set_aside: bool = Field(default=False)  # a proposal that nobody followed
    rank: int = Field(
        default=0
    )  # the order of activations among those active: later ones lie on earlier ones
    changes: list[dict[str, Any]] = Field(default_factory=list, sa_type=Json)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)


class IncidentAct(SQLModel, table=True):
    """One act: propose, endorse, activate, propose_end, offer, prepare, press, alarm, stand_down, reactivate, close, set_aside."""

    __tablename__ = "incident_acts"
    __table_args__ = (UniqueConstraint("incident_id", "number"),)

    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incidents.id", index=True)
    number: int  # 1, 2, 3… within the incident
    act: str = Field(max_length=16)
    by_id: UUID | None = Field(default=None)
    by_name: str = Field(max_length=100)
    at: datetime = Field(sa_type=UtcDateTime)
    reason: str = Field(default="", max_length=1000)
    details: dict[str, Any] = Field(default_factory=dict, sa_type=Json)


class IncidentCase(SQLModel, table=True):
    """A case that belonged to an incident, since when."""

    __tablename__ = "incident_cases"
    __table_args__ = (UniqueConstraint("incident_id", "case_id"),)

    id: UUID = Field(primary_key=True)
    incident_id: UUID = Field(foreign_key="incidents.id", index=True)
    case_id: UUID = Field(index=True)
    at: datetime = Field(sa_type=UtcDateTime)
