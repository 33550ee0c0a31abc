"""What the desk sees of the model: which is in use, what was learned, who taught it, and whether the stream moves.

Reads only. Editors stand there by pseudonym, sources by name.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from classifiers import model_file
from classifiers.labels import MIN_DECISIONS, Worry
from service.context import Context
from service.store import assessed, labels, models
from service.store.tables import Source
from service.usecases import drifting, learning

SHOWN = 8  # editors, sources, candidates


@dataclass(frozen=True)
class ModelPage:
    """`last` is the model of the newest assessment and its time; `drift` None before the first day."""

    current: models.Current
    shipped: str
    last: tuple[str, datetime] | None
    candidates: Sequence[models.Candidate]
    labels: Mapping[str, Any]
    sources: Sequence[tuple[str, int]]
    worries: Sequence[Worry]
    needed: int
    drift: Mapping[str, Any] | None


async def of_desk(ctx: Context, s: AsyncSession) -> ModelPage:
    """Everything for the page."""
    rows = await labels.all_standing(s)
    counted = learning.counts(rows)
    return ModelPage(
        current=models.current(ctx.settings.data_dir),
        shipped=_shipped(),
        last=await assessed.newest(s),
        candidates=models.candidates(ctx.settings.data_dir)[:SHOWN],
        labels=counted,
        sources=await _named(s, counted["sources"]),
        worries=learning.worries(rows),
        needed=MIN_DECISIONS,
        drift=await drifting.read(s),
    )


def _shipped() -> str:
    try:
        return str(json.loads((model_file.SHIPPED / "manifest.json").read_text("utf-8"))["version"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


async def _named(s: AsyncSession, counted: Mapping[str, int]) -> list[tuple[str, int]]:
    """Sources by the name that the desk knows, the most first; codes (`hand`) stay codes."""
    most = sorted(counted.items(), key=lambda pair: (-pair[1], pair[0]))[:SHOWN]
    ids = [UUID(name) for name, _ in most if len(name) == 36]
    query = select(Source).where(col(Source.id).in_(ids))
    names = {str(one.id): one.title or one.host for one in (await s.exec(query)).all()} if ids else {}
    return [(names.get(name, name), count) for name, count in most]
