"""One version as an article of a WeChat official account (公众号): title, digest, body, 阅读原文.

    title ≤ 32 characters · author ≤ 16 · digest ≤ 128 · body < 20,000 characters and < 1 MB · address ≤ 1 KB

The body has plain elements only and not one link or picture: scripts are stripped there, pictures of other servers are
dropped, and links of accounts that may not link are as well. The page's address is behind 阅读原文. Of what is too
long the longest part loses its end, and the article says where the rest is; what to do, sources and corrections stay in.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from content.messages import Message
from content.render import article
from content.render.plain import clean, cut, is_web, one_line
from content.render.told import Told

KIND = "wechat"
TITLE = 32
AUTHOR = 16
DIGEST = 128
BODY = 19_999
SHORT_KEY = 12
_REST = "<p>全文较长，请点文末“阅读原文”查看。</p>"


@dataclass(frozen=True)
class OfficialArticle:
    """What is handed to the account, field by field under its own names, without the cover."""

    title: str
    author: str
    digest: str
    content: str
    content_source_url: str

    @property
    def head(self) -> str:
        """All but the body, for somebody who reads before it goes out."""
        fields = {
            "标题": self.title,
            "作者": self.author,
            "摘要": self.digest,
            "阅读原文": self.content_source_url,
        }
        return "\n".join(f"{name}：{words}" for name, words in fields.items())


def official(message: Message) -> OfficialArticle:
    """The article. Its title begins with the mark (【更正】…), which is never cut."""
    told = message.told
    return OfficialArticle(
        title=cut(one_line(told.headline), TITLE),
        author=cut(one_line(message.house.desk), AUTHOR),
        digest=cut(one_line(told.summary), DIGEST),
        content=_content(message),
        content_source_url=f"{message.link(KIND)}#{short(message.key)}",
    )


def short(key: str) -> str:
    """What of a delivery's id stands behind the address, by which its own draft is known again."""
    return "".join(c for c in key if c.isalnum())[:SHORT_KEY]


def _content(message: Message) -> str:
    told = message.told
    head, end = _changes(message), _sources(told) + _signature(message)
    room = BODY - len(head) - len(end) - len(_REST)
    sections = article.sections(told)
    whole = _html(sections)
    if len(whole) <= room:
        return head + whole + end
    while len(whole) > room:  # shorten the longest, whose end is the least needed
        longest = max(range(len(sections)), key=lambda n: len(sections[n][1]))
        title, words = sections[longest]
        sections[longest] = (title, cut(words, len(words) * 9 // 10))
        whole = _html(sections)
    return head + whole + _REST + end


def _html(sections: list[tuple[str, str]]) -> str:
    parts = []
    for title, words in sections:
        heading = f"<h3>{title}</h3>" if title else ""
        lines = (f"<p>{escape(line.strip())}</p>" for line in words.splitlines() if line.strip())
        parts.append(heading + "".join(lines))
    return "".join(parts)


def _changes(message: Message) -> str:
    """What was corrected, first of all: whoever has read the earlier version is to see it at once."""
    told = message.told
    if told.retracted or not told.corrections:
        return ""
    last = told.corrections[-1]
    when = article.day(last.at, message.house)
    return f"<p><strong>{told.changed}说明（{when}）：{escape(clean(last.reason))}</strong></p>"


def _sources(told: Told) -> str:
    if told.retracted or not told.body.sources:
        return ""
    lines = []
    for source in told.body.sources[:10]:
        words = (source.title, source.publisher, cut(source.url, 200) if is_web(source.url) else "")
        lines.append(f"<li>{escape(one_line(' '.join(filter(None, words))))}</li>")
    return f"<h3>来源</h3><ol>{''.join(lines)}</ol>"


def _signature(message: Message) -> str:
    desk, day = message.house.desk, article.day(message.told.issued_at, message.house)
    return f"<p>{escape(one_line(desk))}　{day}</p>"
