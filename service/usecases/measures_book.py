"""The figures of a period as a workbook: one sheet a subject, words instead of codes, numbers that can be reckoned with.

Times are in minutes. Texts that a program for tables could take for a formula are guarded.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping, Sequence

import openpyxl

from expert_db.sheets import guard
from service.pages.city import City
from service.pages.i18n import DEFAULT, N_, gettext
from service.pages.labels import label
from service.usecases.measures import Report

Cell = str | int | float
MINUTE = 60


def book(found: Report, city: City, locale: str = DEFAULT) -> bytes:
    """An .xlsx file."""
    made = openpyxl.Workbook(write_only=True)
    for title, rows in _sheets(found, city, locale):
        sheet = made.create_sheet(gettext(locale, title))
        for row in rows:
            sheet.append([guard(cell) if isinstance(cell, str) else cell for cell in row])
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def _sheets(found: Report, city: City, locale: str) -> Iterable[tuple[str, Iterable[Sequence[Cell]]]]:
    def words(*texts: str) -> list[str]:
        return [gettext(locale, text) for text in texts]

    figures, asked = found.figures, found.demand
    totals = (figures.pages, figures.corrected, figures.corrections, figures.retracted, asked.asked)
    names = words(*TOTALS)
    yield (
        N_("概况"),
        [
            (names[0], f"{found.period.first} – {found.period.last}"),
            *zip(names[1:], (*totals, asked.answered, sum(found.reads.values()), found.feeds), strict=True),
        ],
    )
    heads = words(N_("从"), N_("到"), N_("渠道"), N_("篇数"), N_("中位数（分钟）"), N_("九成不超过（分钟）"))
    yield (
        N_("用时"),
        [
            heads,
            *(
                (
                    label(d.since, "measure_step", locale),
                    label(d.until, "measure_step", locale),
                    d.channel,
                    d.count,
                    round(d.median / MINUTE, 1),
                    round(d.p90 / MINUTE, 1),
                )
                for d in figures.durations
            ),
        ],
    )
    groups: tuple[tuple[str, Mapping[str, int]], ...] = (
        ("county", figures.counties),
        ("audience", figures.audiences),
        ("hazard", figures.hazards),
    )
    covered = [
        (
            label(group, "measure_group", locale),
            city.place(code, locale) if group == "county" else label(code, group, locale),
            count,
        )
        for group, counted in groups
        for code, count in counted.items()
    ]
    yield N_("覆盖"), [words(N_("类别"), N_("名称"), N_("篇数")), *covered]
    ways = [(label(way or "direct", "reach_way", locale), count) for way, count in found.reads.items()]
    yield N_("从哪里打开"), [words(N_("渠道"), N_("打开次数")), *ways]
    top = [(track.title, sum(track.reads.values()), track.asked) for track in found.top]
    yield N_("打开最多的"), [words(N_("标题"), N_("打开次数"), N_("公众求证")), *top]
    kept = [(label(one.clock.code, "clock", locale), one.met, one.missed) for one in found.clocks]
    yield N_("时限"), [words(N_("时限"), N_("按时"), N_("超时")), *kept]
    steps = [(str(step.first), step.pages, step.reads) for step in found.steps]
    yield N_("逐日数字"), [words(N_("日期"), N_("首发篇数"), N_("打开次数")), *steps]


TOTALS = (
    N_("时段"),
    N_("首发篇数"),
    N_("更正过的篇数"),
    N_("更正次数"),
    N_("撤回篇数"),
    N_("公众求证"),
    N_("已答复"),
    N_("打开次数"),
    N_("订阅源读取"),
)
