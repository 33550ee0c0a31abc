"""Labels from the desk: append, and read back with the texts they are about."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.cases import Evidence
from content.desk_labels import standing
from service.store.bulk import insert_rows
from service.store.tables import DeskLabel

CHUNK = 500  # names in one IN list


@dataclass(frozen=True)
class Words:
    """The text that labels are about."""

    title: str
    text: str
    seen_at: datetime


async def append(session: AsyncSession, rows: Sequence[DeskLabel]) -> None:
    """Store labels."""
    await insert_rows(session, DeskLabel, [row.model_dump() for row in rows])


async def all_standing(session: AsyncSession) -> list[DeskLabel]:
    """Every label that stands."""
    query = select(DeskLabel).order_by(col(DeskLabel.at), col(DeskLabel.id))
    return standing((await session.exec(query)).all())


async def of_cases(session: AsyncSession, case_ids: Collection[UUID]) -> list[DeskLabel]:
    """The labels of these cases that stand."""
    query = select(DeskLabel).where(col(DeskLabel.case_id).in_(case_ids))
    return standing((await session.exec(query.order_by(col(DeskLabel.at), col(DeskLabel.id)))).all())


async def words(session: AsyncSession, evidence_ids: Collection[UUID]) -> dict[UUID, Words]:
    """Title, text and time of evidence, by id."""
    found: dict[UUID, Words] = {}
    ids = list(evidence_ids)
    for start in range(0, len(ids), CHUNK):
        query = select(Evidence.id, Evidence.title, Evidence.text, Evidence.seen_at).where(
            col(Evidence.id).in_(ids[start : start + CHUNK])
        )
        found |= {row[0]: Words(*row[1:]) for row in (await session.exec(query)).all()}
    return found
