"""A case seen from the directory: load the case, the prepared directory and how everybody stands; rank. Reads only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlmodel.ext.asyncio.session import AsyncSession

from content import permissions
from content.cases import Case, Evidence
from content.permissions import Actor
from expert_db import panel
from expert_db.assignments import AssignmentKind
from expert_db.match import Candidate, Ranking, rank_all
from expert_db.need import Need, need_of
from expert_db.opinions import taken_units
from service.context import Context
from service.store import assignments as store
from service.store import experts
from service.usecases.city_facts import zone
from service.usecases.expert_directory import directory
from service.usecases.matching_weights import weights

__all__ = ["Matching", "directory", "for_need", "joint", "need", "ranking"]


@dataclass(frozen=True)
class Matching:
    """A case, its evidence, and everybody's points for it."""

    case: Case
    evidence: Sequence[Evidence]
    ranking: Ranking


async def ranking(
    ctx: Context, s: AsyncSession, case_id: UUID, kind: str = AssignmentKind.OPINION
) -> Matching:
    """Everybody's points for one case, and the walls."""
    case, evidence = await store.subject(s, case_id)
    wanted = await need(ctx, s, case, evidence, kind)
    known, records = await directory(s), await experts.records(s, case_id)
    found = rank_all(wanted, known, records, zone(ctx), await weights(s))
    return Matching(case, evidence, found)


async def need(ctx: Context, s: AsyncSession, case: Case, evidence: Sequence[Evidence], kind: str) -> Need:
    """What a case needs now."""
    texts = tuple(f"{one.title}。{one.text}" for one in evidence)
    taken = (
        taken_units(case, await store.with_units(s, case.id))
        if kind == AssignmentKind.OPINION
        else frozenset()
    )
    audiences = tuple(
        dict.fromkeys(
            a for one in evidence for a in (one.assessment or {}).get("audiences", ()) if isinstance(a, str)
        )
    )
    return need_of(case, texts, ctx.now(), kind, taken_units=taken, audiences=audiences)


async def for_need(ctx: Context, s: AsyncSession, need: Need, by: Actor, limit: int = 8) -> list[Candidate]:
    """Who could answer a question that is no case yet, best first."""
    permissions.require(by, "expert.read")
    known, records = await directory(s), await experts.records(s)
    return rank_all(need, known, records, zone(ctx), await weights(s)).best(limit)


async def joint(
    ctx: Context, s: AsyncSession, case_ids: Sequence[UUID], by: Actor, kind: str = AssignmentKind.OPINION
) -> panel.Panel:
    """One expert a case, best in total under everybody's load limit. Proposes; offers nothing."""
    permissions.require(by, "expert.read")
    needs, here = [], []
    for case_id in case_ids:
        case, evidence = await store.subject(s, case_id)
        needs.append(await need(ctx, s, case, evidence, kind))
        here.append(await experts.records(s, case_id))
    known, records = await directory(s), await experts.records(s)
    return panel.assign(needs, known, records, zone(ctx), await weights(s), here)
