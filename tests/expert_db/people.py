"""Invented experts and needs for the tests of the rules: no database, no clock."""

from __future__ import annotations

import json
import random
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5
from zoneinfo import ZoneInfo

from classifiers.taxonomy import HAZARDS, TOPICS
from expert_db import importing, sheets
from expert_db.experts import Expert
from expert_db.need import Need
from expert_db.roster import Profile, profile_of
from expert_db.sheet_columns import Regions

ROOT = Path(__file__).resolve().parents[2]
CITY = ROOT / "deploy" / "cities" / "yichun"
DEMO = CITY / "demo" / "experts.csv"
CASES = CITY / "demo" / "expert_cases.jsonl"

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)  # Tuesday, nine in the morning in the city
ZONE = ZoneInfo("Asia/Shanghai")
AGREED = {"assignments": True}
COUNTIES = (
    "360902", "360921", "360922", "360923", "360924", "360925", "360926", "360981", "360982", "360983",
)  # fmt: skip
KNOWING = (
    "暴雨预警",
    "洪水",
    "滑坡",
    "火灾逃生",
    "食物相克",
    "野生蘑菇",
    "非洲猪瘟",
    "刷单诈骗",
    "疫苗接种",
    "锂电池",
    "停水",
    "谣言",
)


def regions() -> Regions:
    """The divisions of the test city."""
    rows = [json.loads(line) for line in (CITY / "divisions.jsonl").read_text("utf-8").splitlines()]
    return Regions({row["name"]: row["code"] for row in rows}, {row["code"]: row["name"] for row in rows})


def demo_profiles(seed: int = 1) -> list[Profile]:
    """The demo directory as profiles; other seeds give other ids."""
    plan = importing.plan(sheets.read(DEMO.read_bytes()), [], regions())
    assert not plan.errors
    return [
        profile_of(
            Expert(
                id=uuid5(UUID(int=seed), one.draft.name),
                **one.draft.columns(),
                created_at=NOW,
                updated_at=NOW,
            )
        )
        for one in plan.planned
    ]


def person(number: int = 1, **fields: Any) -> Profile:
    """Somebody of food science who can be asked; `fields` make them somebody else."""
    described: dict[str, Any] = {
        "name": f"示例专家·{number}",
        "hazards": ("food_safety",),
        "topics": ("food",),
        "profile": "食品添加剂与食物相克传言辨析",
        "consent": AGREED,
        "unit": f"示例单位{number}",
        **fields,
    }
    return Profile(id=UUID(int=number), **described)


def need(**fields: Any) -> Need:
    """A food rumor; `fields` make it something else."""
    described: dict[str, Any] = {
        "text": "网传菠菜豆腐食物相克，吃了中毒",
        "when": NOW,
        "hazard": "food_safety",
        "topics": ("food", "health"),
        "regions": ("360902",),
        **fields,
    }
    return Need(**described)


def crowd(size: int, seed: int = 7) -> list[Profile]:
    """Many different people, the same for the same seed."""
    chance = random.Random(seed)
    hazards, topics = list(HAZARDS), list(TOPICS)[:-1]
    return [
        person(
            number,
            kind=chance.choice(["person"] * 8 + ["department", "team"]),
            hazards=tuple(chance.sample(hazards, chance.randint(0, 3))),
            topics=tuple(chance.sample(topics, chance.randint(0, 2))),
            regions=tuple(chance.sample(COUNTIES, chance.choice([0, 0, 1, 2]))),
            profile="、".join(chance.sample(KNOWING, 4))
            + "".join(chance.choices("示例资料说明讲座现场采样分析", k=60)),
            disciplines=tuple(chance.sample(["17015", "33047", "57065", "62030", "82030", "350"], 1)),
            load_limit=chance.randint(1, 3),
            conflicts=("示例品牌",) if chance.random() < 0.1 else (),
            consent=AGREED if chance.random() < 0.9 else {},
            term_end=date(2026, 1, 1) if chance.random() < 0.05 else None,
        )
        for number in range(1, size + 1)
    ]


def needs(count: int, seed: int = 9) -> list[Need]:
    """Many different needs at one moment."""
    chance = random.Random(seed)
    hazards, topics = list(HAZARDS), list(TOPICS)[:-1]
    return [
        need(
            text="网传" + "，".join(chance.sample(KNOWING, 3)) + "，请大家转发扩散。" * 10,
            hazard=chance.choice([*hazards, None]),
            topics=tuple(chance.sample(topics, 2)),
            regions=tuple(chance.sample(COUNTIES, 1)),
        )
        for _ in range(count)
    ]
