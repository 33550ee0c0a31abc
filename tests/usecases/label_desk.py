"""A desk that has decided for five weeks: texts of several sources, and editors who say what they are. Invented."""

from __future__ import annotations

import random
from collections.abc import Sequence
from typing import Any

from content.cases import Case, CaseLink, Evidence
from content.permissions import Actor
from service.context import Context
from service.store.engine import Database
from service.usecases import cases
from service.usecases.sighting_rows import fingerprint
from tests.conftest import Clock
from tests.usecases.newsroom import a_source

# Turns of phrase that this city's rumors have and the shipped model has not learned.
MARKS = [
    "老辈讲",
    "灶王爷",
    "祖传",
    "邻村",
    "坊间",
    "婶子说",
    "庙里",
    "算过",
    "梦见",
    "托话",
    "门神",
    "烧香",
    "黄历",
    "冲犯",
    "躲灾",
    "画符",
]
THINGS = [
    "竹荪",
    "山泉水",
    "老冰箱",
    "电热毯",
    "腌菜坛",
    "糯米酒",
    "石板路",
    "红薯粉",
    "茶油饼",
    "塑料碗",
    "铁皮桶",
    "蜂窝煤",
    "荷叶粥",
    "青石井",
    "皮蛋",
]
HARMS = [
    "伤肝",
    "掉头发",
    "招雷",
    "长霉",
    "失眠",
    "漏电",
    "忘事",
    "生锈",
    "引来蛇",
    "变味",
    "伤眼睛",
    "压坏墙",
]
WHEN = ["周一", "本月", "国庆", "冬至", "上午", "午后", "年底", "春天", "昨天", "近日", "开学", "农闲"]
WHO = [
    "图书馆",
    "文化站",
    "广播站",
    "老年大学",
    "科技馆",
    "气象站",
    "农技站",
    "体育中心",
    "博物馆",
    "少年宫",
    "林场",
    "邮政所",
    "植物园",
]
WHAT = [
    "开放夜场",
    "招志愿者",
    "调整班次",
    "换新设备",
    "举办讲座",
    "延长时间",
    "修整院墙",
    "办展览",
    "收旧书",
    "添座位",
    "评先进",
]
UNSEEN = "庙里算过竹席招虫灶王爷"
EACH = 130


def texts() -> dict[str, str]:
    """Title → what it is, rumors and ordinary news in turn."""
    draw = random.Random(7)  # the same desk every time
    found: dict[str, str] = {}
    while len(found) < 2 * EACH:
        first, second, third = draw.sample(MARKS, 3)
        found[f"{first}{second}{draw.choice(THINGS)}{draw.choice(HARMS)}{third}"] = "rumor"
        one, other = draw.sample(WHO, 2)
        found[f"{draw.choice(WHEN)}{one}{draw.choice(WHAT)}{other}{draw.choice(WHAT)}"] = "ordinary"
    return found


async def decided(
    ctx: Context,
    db: Database,
    clock: Clock,
    editors: Sequence[Actor],
    sources: int = 8,
    said: dict[str, str] | None = None,
    most: int = 2 * EACH,
) -> None:
    """Every text has come in and somebody has said what it is; `said` replaces statements by others."""
    feeds = [await a_source(ctx, db, editors[0], f"第{n}号信源") for n in range(sources)]
    for number, (title, what) in enumerate(list(texts().items())[:most]):
        clock.move(hours=3)
        # Neither the source nor the editor gives away which it is.
        feed, by = feeds[number // 2 % sources], editors[number // 3 % len(editors)]
        async with db.write() as session:
            case_id = ctx.new_id()
            session.add(_case(ctx, case_id, title))
            session.add(_evidence(ctx, case_id, title, feed.id))
            await session.flush()
            session.add(
                CaseLink(
                    id=ctx.new_id(),
                    case_id=case_id,
                    evidence_id=case_id,
                    origin_case_id=case_id,
                    linked_at=ctx.now(),
                )
            )
            await session.flush()
            await cases.label(ctx, session, case_id, (said or {}).get(what, what), by)


def _case(ctx: Context, case_id: Any, title: str) -> Case:
    now = ctx.now()
    return Case(id=case_id, title=title, first_seen=now, last_seen=now, created_at=now, updated_at=now)


def _evidence(ctx: Context, evidence_id: Any, title: str, source_id: Any) -> Evidence:
    return Evidence(
        id=evidence_id,
        kind="item",
        source_id=source_id,
        source_name="信源",
        title=title,
        text="",
        seen_at=ctx.now(),
        sha256=fingerprint(title, ""),
    )
