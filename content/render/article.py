"""The whole text of a publication outside the site: an HTML fragment for feeds and mail, and plain text for the rest.

Order is fixed: the fact, then what goes round and the verdict, then why, then what to do, then the sources. No styles, no
scripts, no pictures. Chinese only: this is what the city is told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from html import escape

from content.body import SourceRef
from content.render.plain import address, clean, is_web, one_line
from content.render.told import House, Told
from content.verdicts import verdict_zh

WARNING_NAMES = {
    "type": "预警类别",
    "level": "预警级别",
    "start": "起始时间",
    "area": "可能影响范围",
    "cautions": "警示事项",
    "measures": "应采取的措施",
    "issuer": "发布单位",
    "issued_at": "发布时间",
}


def html(told: Told, house: House, link: str = "") -> str:
    """A fragment of plain elements (h3, p, blockquote, ol, a); all text escaped, only http(s) links.

    It ends with the page's own address, or `link` where a channel carries it in its own way.
    """
    parts = [
        _paragraphs(text) if not title else f"<h3>{title}</h3>{_paragraphs(text)}"
        for title, text in sections(told)
    ]
    return "".join((*parts, _html_sources(told), _html_changes(told, house), _html_end(told, house, link)))


def text(told: Told, house: House, link: str = "") -> str:
    """The same in plain text, sections parted by empty lines, ending with the link."""
    parts = [f"{title}\n{body}" if title else body for title, body in sections(told)]
    if not told.retracted and told.body.sources:
        lines = [f"{n}. {_source_line(s)}" for n, s in enumerate(told.body.sources, 1)]
        parts.append("来源\n" + "\n".join(lines))
    corrections = () if told.retracted else told.corrections  # why it was withdrawn is said above
    parts += [f"{told.changed}（{day(c.at, house)}）：{c.reason}" for c in corrections]
    parts.append(f"{house.desk}　{day(told.issued_at, house)}\n{link or house.base_url + told.path}")
    return clean("\n\n".join(part.strip() for part in parts if part.strip()))


def sections(told: Told) -> list[tuple[str, str]]:
    """(heading, text) in reading order; the first has no heading. Empty ones are left out."""
    body = told.body
    if told.retracted:
        return [("", told.farewell if told.ended else f"本条内容已撤回。原因：{told.reason}")]
    found = [
        ("", body.fact),
        ("网上怎么说", _claim(told)),
        ("为什么", body.why),
        ("问", body.question),
        ("答", body.answer),
        *((name, (body.warning or {}).get(key, "")) for key, name in WARNING_NAMES.items()),
        ("怎么做", body.todo),
        ("适用范围", body.scope),
    ]
    return [(title, clean(words).strip()) for title, words in found if words and words.strip()]


def day(value: datetime | date, house: House) -> str:
    """2026年11月24日, in the city's zone."""
    local = value.astimezone(house.zone).date() if isinstance(value, datetime) else value
    return f"{local.year}年{local.month}月{local.day}日"


def _claim(told: Told) -> str:
    verdict = verdict_zh(told.body.verdict)
    if not told.body.claim:
        return ""
    return f"“{told.body.claim}”" + (f"\n核查结论：{verdict}" if verdict else "\n正在核实，请先不要转发。")


def _paragraphs(words: str) -> str:
    return "".join(f"<p>{escape(line.strip())}</p>" for line in words.splitlines() if line.strip())


def _html_sources(told: Told) -> str:
    if told.retracted or not told.body.sources:
        return ""
    return "<h3>来源</h3><ol>" + "".join(f"<li>{_source_link(s)}</li>" for s in told.body.sources) + "</ol>"


def _source_link(source: SourceRef) -> str:
    name = escape(one_line(source.title or source.url))
    shown = f'<a href="{escape(address(source.url))}">{name}</a>' if is_web(source.url) else name
    return shown + (f"（{escape(one_line(source.publisher))}）" if source.publisher else "")


def _source_line(source: SourceRef) -> str:
    return one_line(" ".join(part for part in (source.title, source.publisher, source.url) if part))


def _html_changes(told: Told, house: House) -> str:
    if told.retracted:
        return ""
    return "".join(
        f"<p><strong>{told.changed}（{day(c.at, house)}）：</strong>{escape(clean(c.reason))}</p>"
        for c in told.corrections
    )


def _html_end(told: Told, house: House, link: str) -> str:
    shown = f"{house.base_url}{told.path}"
    return f'<p>{escape(one_line(house.desk))}　<a href="{escape(link or shown)}">{escape(shown)}</a></p>'


def warning_rows(told: Told) -> Iterator[tuple[str, str]]:
    """The eight elements of a relayed warning with their names, in the order of the law, word for word."""
    for key, name in WARNING_NAMES.items():
        value = (told.body.warning or {}).get(key, "")
        if value:
            yield name, value
