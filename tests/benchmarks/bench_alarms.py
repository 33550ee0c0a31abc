"""Real disasters and alarms: is each flagged on its first day, and how often is an editor called?

    python -m tests.benchmarks.bench_alarms [--data ../shared/data]

The disasters are ours to name (a day and a pattern each, from public record), the headlines are read from the data where
it is present. A disaster counts when a headline of the first day that has one (of three) is flagged; one that the archive
has no headline of is left out. Alarms are counted over different titles of 2021 to 2024, one in eight by hash.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import xxhash

from classifiers import model_file
from classifiers.assess import Assessor
from classifiers.text import Text

YEARS = ("2021", "2022", "2023", "2024")
EVERY = 8
DISASTERS = """
2021-01-10 金矿|栖霞
2021-05-14 龙卷风
2021-05-21 漾濞|云南.*地震
2021-05-22 玛多|青海.*地震
2021-05-22 白银|马拉松|越野
2021-06-13 十堰|燃气爆炸
2021-07-12 (?:酒店|苏州).*[坍倒]塌
2021-07-15 隧道
2021-07-20 郑州|河南
2021-08-12 随州|柳林
2021-09-16 泸县|泸州|四川.*地震
2022-01-08 门源|青海.*地震
2022-03-21 东航|客机|坠毁
2022-04-29 长沙.*[坍倒垮]塌|自建房
2022-06-01 芦山|雅安
2022-06-04 D2809|动车
2022-08-13 龙漕沟|彭州
2022-08-18 大通|青海
2022-09-05 泸定|四川.*地震
2022-09-16 长沙.*(?:起火|大火|火灾)
2022-11-21 安阳
2023-01-08 南昌
2023-06-21 银川|烧烤店
2023-07-23 齐齐哈尔|体育馆
2023-07-29 杜苏芮|北京.*暴雨|涿州
2023-08-06 德州|山东.*地震
2023-11-16 吕梁
2024-01-19 方城|学校.*火灾
2024-01-22 昭通|镇雄|云南.*滑坡
2024-01-23 乌什|新疆.*地震
2024-02-23 南京.*(?:火灾|起火)|雨花台
2024-04-03 花莲|台湾.*地震
2024-07-17 自贡
2024-09-06 摩羯|海南
"""


def headlines(data: Path) -> Iterator[tuple[str, str]]:
    """Day and title, each title once, at its first day."""
    seen: set[str] = set()
    with gzip.open(data / "headlines" / "weibo_hot_to_2025-06.jsonl.gz", "rt", encoding="utf-8") as lines:
        for line in lines:
            row = json.loads(line)
            if row["text"] not in seen:
                seen.add(row["text"])
                yield row["date"][:10], row["text"]


def first_day(days: dict[str, list[str]], day: str, pattern: str) -> list[str]:
    """The titles about one disaster on the first of three days that has any."""
    for later in range(3):
        now = (date.fromisoformat(day) + timedelta(later)).isoformat()
        if found := [title for title in days[now] if re.search(pattern, title)]:
            return found
    return []


def main() -> None:
    """Print both figures."""
    options = argparse.ArgumentParser()
    options.add_argument("--data", type=Path, default=Path("../shared/data"))
    data = options.parse_args().data
    if not (data / "headlines").is_dir():
        print(f"{data} is absent: nothing measured")
        return
    assessor = Assessor(model_file.load(model_file.SHIPPED), None)
    days: dict[str, list[str]] = defaultdict(list)
    seen: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    for day, title in headlines(data):
        days[day].append(title)
        if day[:4] in YEARS and xxhash.xxh32_intdigest(title.encode()) % EVERY == 0:
            seen[day[:4]] += 1
            alarms[day[:4]] += assessor.assess([Text("", title)])[0].emergency.flag
    known = [first_day(days, *line.split(" ", 1)) for line in DISASTERS.split("\n") if line]
    told = [titles for titles in known if titles]
    caught = sum(
        any(a.emergency.flag for a in assessor.assess([Text("", t) for t in titles])) for titles in told
    )
    print(f"disasters flagged on their first day: {caught} of {len(told)}")
    for year in YEARS:
        print(f"{year}: {1000 * alarms[year] / seen[year]:.1f} alarms a thousand headlines")
    print(f"together: {1000 * sum(alarms.values()) / sum(seen.values()):.1f}")


if __name__ == "__main__":
    main()
