"""An expert, a department or a volunteer team in the city's emergency science expert database (应急科普专家库)."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlmodel import Field, SQLModel

from content.columns import Json, UtcDateTime


class ExpertKind(StrEnum):
    PERSON = "person"
    DEPARTMENT = "department"  # confirms facts
    TEAM = "team"  # science volunteers


class Expert(SQLModel, table=True):
    """Who can be asked. Contact data is kept encrypted (bytes made by the shell's key) and masked."""

    __tablename__ = "experts"

    id: UUID = Field(primary_key=True)
    kind: str = Field(default=ExpertKind.PERSON, max_length=16)
    name: str = Field(max_length=100)
    title: str = Field(default="", max_length=100)
    unit: str = Field(default="", max_length=200)
    disciplines: list[str] = Field(default_factory=list, sa_type=Json)  # GB/T 13745 codes
    hazards: list[str] = Field(default_factory=list, sa_type=Json)
    topics: list[str] = Field(default_factory=list, sa_type=Json)
    regions: list[str] = Field(default_factory=list, sa_type=Json)  # division codes; empty: the whole city
    tier: str = Field(default="city", max_length=16)  # city | county | township
    audiences: list[str] = Field(default_factory=list, sa_type=Json)
    skills: list[str] = Field(default_factory=list, sa_type=Json)  # television, loudspeaker, dialect:gan …
    languages: list[str] = Field(default_factory=list, sa_type=Json)
    profile: str = Field(default="")  # what they know, in words: the text that matching reads
    publications: str = Field(default="")
    on_call: list[dict[str, Any]] = Field(
        default_factory=list, sa_type=Json
    )  # [{"days":[0..6],"from":"08:00","to":"18:00"}] local time; empty: working hours
    away: list[dict[str, str]] = Field(
        default_factory=list, sa_type=Json
    )  # [{"from":"2026-11-24","to":"2026-11-30"}]
    load_limit: int = Field(default=3)
    conflicts: list[str] = Field(
        default_factory=list, sa_type=Json
    )  # units, brands, hazards or topics they must not judge
    term_start: date | None = Field(default=None)
    term_end: date | None = Field(default=None)
    consent: dict[str, Any] = Field(
        default_factory=dict, sa_type=Json
    )  # {"assignments": true, "public_name": true, …} with dates
    contact: bytes | None = Field(default=None)  # AES-256-GCM of JSON {"phone","email"…}
    contact_masked: str = Field(default="", max_length=200)
    user_id: UUID | None = Field(default=None, index=True)
    active: bool = Field(default=True)
    created_at: datetime = Field(sa_type=UtcDateTime)
    updated_at: datetime = Field(sa_type=UtcDateTime)
    version: int = Field(default=1)
