"""Invented experts and cases in a real database, for the tests of experts and assignments."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from sqlmodel import select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.audit import AuditEntry
from content.cases import Case, CaseLink, Evidence
from content.permissions import Actor
from expert_db.experts import Expert
from service.context import Context
from service.store.engine import Database
from service.usecases import experts

DEMO = Path(__file__).resolve().parents[2] / "deploy" / "cities" / "yichun" / "demo" / "experts.csv"
AGREED = {
    "assignments": {"given": True, "on": "2025-01-01"},
    "public_name": {"given": True, "on": "2025-01-01"},
}


async def expert(ctx: Context, db: Database, by: Actor, name: str, **fields: Any) -> Expert:
    """Somebody of food science who has agreed to be asked; `fields` make them somebody else."""
    described = {
        "name": name,
        "unit": f"示例单位·{name}",
        "hazards": ["food_safety"],
        "topics": ["food"],
        "profile": "食品添加剂与农药残留，塑料大米、食物相克等传言辨析",
        "consent": AGREED,
        **fields,
    }
    async with db.write() as s:
        return await experts.create(ctx, s, described, by)


def of(person: Expert) -> Actor:
    """The login of an expert."""
    return Actor(id=uuid4(), name=person.name, roles=frozenset({"expert"}), expert_id=person.id)


async def case(ctx: Context, db: Database, **fields: Any) -> Case:
    """A food rumor in the queue with one piece of evidence."""
    now = ctx.now()
    row = Case(
        id=uuid4(),
        **{
            "kind": "rumor",
            "title": "网传菠菜和豆腐一起吃会中毒",
            "hazard": "food_safety",
            "category": "public_health",
            "topics": ["food", "health"],
            "regions": ["360902"],
            **fields,
        },
        first_seen=now,
        last_seen=now,
        created_at=now,
        updated_at=now,
    )
    seen = Evidence(
        id=uuid4(),
        kind="item",
        source_name="示例日报",
        url="https://news.example/1",
        title=row.title,
        text="朋友圈转发：菠菜和豆腐不能一起吃，食物相克会中毒，快告诉家人。",
        seen_at=now,
        sha256="0" * 64,
    )
    async with db.write() as s:
        s.add(row)
        s.add(seen)
        await s.flush()
        s.add(CaseLink(id=uuid4(), case_id=row.id, evidence_id=seen.id, origin_case_id=row.id, linked_at=now))
    return row


async def acts(s: AsyncSession) -> list[str]:
    """What the audit log tells, in order."""
    return [one.act for one in (await s.exec(select(AuditEntry).order_by(AuditEntry.seq))).all()]  # type: ignore[arg-type]


async def import_demo(ctx: Context, db: Database, by: Actor) -> dict[str, UUID]:
    """The demo directory; ids by name."""
    async with db.write() as s:
        await experts.import_apply(ctx, s, DEMO.read_bytes(), by)
        rows = (await s.exec(select(Expert))).all()
    return {row.name: row.id for row in rows}
