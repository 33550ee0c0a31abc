"""A process that plays news feeds with varied stories, for the benchmark of ingest.

At generation g every tenth feed has one new story more than before. `GET /generation/N` moves on.
"""

from __future__ import annotations

import asyncio
import random
import sys
from functools import cache
from pathlib import Path

import jieba
from aiohttp import web

ENTRIES = 30
LOCAL = 0.2  # share of stories about the city
KINDS = {"n", "v", "a", "vn", "ns", "nr", "nz", "i"}
PLACES = [
    "袁州区",
    "樟树市",
    "丰城市",
    "高安市",
    "靖安县",
    "奉新县",
    "上高县",
    "宜丰县",
    "铜鼓县",
    "万载县",
    "明月山",
    "秀江",
    "锦江",
    "温汤镇",
    "慈化镇",
]
WHO = [
    "市应急管理局",
    "消防救援支队",
    "交警大队",
    "教育体育局",
    "农业农村局",
    "供电公司",
    "自来水公司",
    "市气象台",
    "疾控中心",
    "文旅局",
    "社区志愿者",
    "某小区居民",
    "市图书馆",
    "法院",
    "市博物馆",
]
DID = [
    "发布通知",
    "组织演练",
    "开展排查",
    "处置一起险情",
    "回应群众关切",
    "公布抽检结果",
    "提醒注意防范",
    "启用新设备",
    "召开座谈会",
    "举办培训班",
    "通报典型案例",
    "连夜抢修",
    "转移受困群众",
    "征集意见建议",
    "开放预约",
]
WHAT = [
    "老旧小区燃气管道",
    "秋冬森林防火",
    "校园食品安全",
    "电信网络诈骗",
    "山塘水库巡查",
    "高速公路团雾",
    "流感疫苗接种",
    "柑橘保鲜剂使用",
    "电动车充电火灾",
    "地质灾害隐患点",
    "饮用水源保护",
    "非机动车停放",
    "油茶丰收节",
    "马拉松赛事",
    "夜间公交线路",
    "古樟树保护",
    "稻田病虫害",
]
DETAILS = [
    "据了解，相关工作将持续到本月底",
    "有关负责人表示，情况总体平稳",
    "目前没有人员伤亡报告",
    "市民可拨打热线咨询",
    "现场设置了临时引导点",
    "专家建议不要轻信网上流传的说法",
    "共有三百二十人参加",
    "预计明天上午恢复正常",
    "下一步将继续加大力度",
    "记者在现场看到秩序井然",
]


@cache
def words() -> tuple[str, ...]:
    """Ordinary words of jieba's dictionary, so that stories differ as much as a day's news does."""
    lines = (Path(jieba.__file__).parent / "dict.txt").read_text("utf-8").splitlines()
    known = (line.split(" ") for line in lines)
    return tuple(
        word for word, count, kind in known if 2 <= len(word) <= 3 and int(count) > 40 and kind in KINDS
    )


def story(feed: int, number: int) -> tuple[str, str]:
    """Title and text number so-and-so of a feed; the same every time."""
    rng = random.Random(feed * 100_003 + number)
    place, who, did, what = (rng.choice(known) for known in (PLACES, WHO, DID, WHAT))
    rare = rng.sample(words(), 24)
    if rng.random() < LOCAL:
        title = f"{place}{who}就{what}{did}"
        body = "，".join(
            [f"{rng.randint(1, 28)}日，{place}{who}{did}", *rng.sample(DETAILS, 2), *_clauses(rare[:12])]
        )
    else:
        title = "".join(rare[:6])
        body = "，".join(_clauses(rare))
    return title, body + "。"


def _clauses(rare: list[str]) -> list[str]:
    return ["".join(rare[start : start + 4]) for start in range(0, len(rare), 4)]


def entry(feed: int, number: int) -> str:
    """One RSS item."""
    title, text = story(feed, number)
    return (
        f"<item><title>{title}</title><link>https://news.example.cn/{feed}/{number}</link>"
        f"<guid isPermaLink='false'>{feed}-{number}</guid><description>&lt;p&gt;{text}&lt;/p&gt;</description>"
        f"<pubDate>Tue, 24 Nov 2026 08:{number % 60:02d}:00 +0800</pubDate></item>"
    )


def document(feed: int, gained: int) -> bytes:
    """The feed with its newest ENTRIES stories."""
    items = "".join(entry(feed, number) for number in range(gained + ENTRIES, gained, -1))
    return (
        f"<?xml version='1.0' encoding='utf-8'?><rss version='2.0'><channel><title>新闻源{feed}</title>"
        f"<link>https://news.example.cn/{feed}</link><description>要闻</description>{items}</channel></rss>"
    ).encode()


def application() -> web.Application:
    """The feeds, with ETags."""
    now = {"generation": 0}

    async def move(request: web.Request) -> web.Response:
        now["generation"] = int(request.match_info["number"])
        return web.Response()

    async def feed(request: web.Request) -> web.Response:
        number = int(request.match_info["number"])
        gained = (now["generation"] + number % 10) // 10
        tag = f'"{number}-{gained}"'
        if request.headers.get("If-None-Match") == tag:
            return web.Response(status=304, headers={"ETag": tag})
        return web.Response(
            body=document(number, gained), content_type="application/rss+xml", headers={"ETag": tag}
        )

    app = web.Application()
    app.router.add_get("/generation/{number}", move)
    app.router.add_get("/feed/{number}", feed)
    return app


async def main() -> None:
    """Serve on all loopback addresses until stdin is closed; the first line says the port."""
    runner = web.AppRunner(application(), access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, "0.0.0.0", 0)
    await site.start()
    print(runner.addresses[0][1], flush=True)
    await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(main())
