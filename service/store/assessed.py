"""What the classifiers said of items over time, for watching whether the stream moves away from the model."""

from __future__ import annotations

from datetime import datetime

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from service.store.tables import AssessmentRow, Item

READ = 300  # characters of a text that are looked at


async def newest(session: AsyncSession) -> tuple[str, datetime] | None:
    """The model that assessed last, and when."""
    query = select(AssessmentRow.model, AssessmentRow.at).order_by(col(AssessmentRow.at).desc()).limit(1)
    return (await session.exec(query)).first()


async def sample(
    session: AsyncSession, model: str, since: datetime, until: datetime, most: int
) -> list[tuple[str, dict[str, float]]]:
    """Text and score by question of at most `most` items that this model assessed in a time, the newest of them."""
    query = (
        select(Item.title, Item.text, AssessmentRow)
        .join(AssessmentRow, col(AssessmentRow.item_id) == col(Item.id))
        .where(AssessmentRow.model == model, col(AssessmentRow.at) >= since, col(AssessmentRow.at) < until)
        .order_by(col(AssessmentRow.at).desc(), col(AssessmentRow.item_id))
        .limit(most)
    )
    return [
        (f"{title}。{text[:READ]}", {"rumor": row.rumor, "debunk": row.debunk, "emergency": row.emergency})
        for title, text, row in (await session.exec(query)).all()
    ]
