"""One version for group robots, text messages and pushes: each within its service's limit, with title, verdict and link whole.

What does not fit is cut from the explanation, never from the title's mark, the verdict or the link. Fact first; the rumor
itself is not repeated. Limits are those of the services' own pages: bytes of UTF-8, or characters where they say so.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal

from content.messages import Message
from content.pieces import PieceKind
from content.render import wechat as official_account
from content.render.plain import chat, cut, cut_bytes, one_line
from content.render.told import Told
from content.verdicts import verdict_zh
from content.warnings import ELEMENTS

WECOM_MARKDOWN = 4096  # bytes
DINGTALK_TEXT = 15_000  # bytes; the whole request may have 20,000
FEISHU_TEXT = 12_000  # bytes; the whole request may have 20 KB, and JSON doubles some characters
TITLE = 180  # bytes: sixty Han
SMS_PART = 70
SMS_JOINED = 67  # characters a part when there are several
SMS_PARTS = 3
Unit = Literal["bytes", "characters"]


@dataclass(frozen=True)
class Rendition:
    """How it will look on one kind of channel. `size` and `limit` are in `unit`."""

    kind: str
    text: str
    size: int
    limit: int
    unit: Unit = "bytes"
    html: str = ""  # what follows `text` as a page, where the channel shows one


@dataclass(frozen=True)
class Parts:
    """The same content for every chat: neutralised, not yet cut to any limit."""

    headline: str
    verdict: str
    text: str
    link: str


def parts(message: Message, kind: str) -> Parts:
    """Headline with its mark, the verdict in words, what is true and what to do, the address."""
    told = message.told
    headline = cut_bytes(chat(one_line(told.headline)), TITLE)
    if told.retracted:
        words = [told.farewell]
    else:
        body = told.body
        changed = f"{told.changed}说明：{told.reason}" if told.reason else ""
        todo = f"怎么办：{body.todo}" if body.todo else ""
        first = official_words(told) or body.fact or body.answer or told.summary
        words = [changed, first, todo]
    verdict = verdict_zh(message.verdict)
    return Parts(
        headline,
        f"结论：{verdict}" if verdict else "",
        chat("\n".join(filter(None, words))),
        message.link(kind),
    )


def official_words(told: Told) -> str:
    """Of a relayed warning who warns of what, where and from when, and what to do: never without one of them."""
    if told.kind != PieceKind.WARNING:
        return ""
    said = dict.fromkeys(ELEMENTS, "") | (told.body.warning or {})
    head = f"{said['issuer']}{said['issued_at']}发布{said['type']}{said['level']}预警。"
    where = f"范围：{said['area']}；自{said['start']}起。" if said["area"] and said["start"] else said["area"]
    measures = f"应采取的措施：{said['measures']}" if said["measures"] else ""
    return "\n".join(filter(None, (head, where, said["cautions"], measures)))


def fit(head: str, text: str, tail: str, limit: int) -> str:
    """`head`, as much of `text` as there is room for, and `tail`, on lines of their own; at most `limit` bytes."""
    room = limit - len(head.encode()) - len(tail.encode()) - 2
    return "\n".join(filter(None, (head, cut_bytes(text, room) if room > 0 else "", tail)))


def wecom(message: Message) -> str:
    """Markdown for a WeCom robot."""
    p = parts(message, "wecom")
    head = "\n".join(filter(None, (f"**{p.headline}**", f"> {p.verdict}" if p.verdict else "")))
    return fit(head, p.text, f"[查看全文]({p.link})", WECOM_MARKDOWN)


def dingtalk(message: Message, keyword: str = "") -> str:
    """Markdown for a DingTalk robot; line breaks there want an empty line. `keyword` is the robot's password of a kind."""
    p = parts(message, "dingtalk")
    head = "\n\n".join(filter(None, (f"### {p.headline}", f"> {p.verdict}" if p.verdict else "")))
    tail = f"\n[查看全文]({p.link})"
    text = p.text.replace("\n", "\n\n")
    if keyword and keyword not in head + text:
        tail += f"\n\n{chat(one_line(keyword))}"
    return fit(head + "\n", text, tail, DINGTALK_TEXT)


def feishu(message: Message) -> dict[str, Any]:
    """A Feishu card. All words are plain text elements, in which nothing is markup."""
    p = parts(message, "feishu")
    words = fit(p.verdict, p.text, "", FEISHU_TEXT)
    button = {"tag": "plain_text", "content": "查看全文"}
    return {
        "header": {
            "title": {"tag": "plain_text", "content": p.headline},
            "template": "red" if message.told.retracted else "blue",
        },
        "elements": [
            {"tag": "div", "text": {"tag": "plain_text", "content": words}},
            {
                "tag": "action",
                "actions": [{"tag": "button", "text": button, "url": p.link, "type": "primary"}],
            },
        ],
    }


def sms(message: Message, most: int = SMS_PARTS) -> str:
    """A text message of at most `most` parts, signed with the unit's name as the rules of carriers want it (【…】)."""
    p = parts(message, "sms")
    limit = SMS_PART if most == 1 else SMS_JOINED * most
    sign = f"【{cut(one_line(message.house.desk), 16)}】"
    rest = limit - len(sign) - len(p.link) - 1
    said = "，".join(filter(None, (p.verdict,)))
    head = cut(f"{p.headline}。{said}" if said else p.headline, max(rest, 0))
    text = one_line(p.text)
    room = rest - len(head) - 1
    more = f"。{cut(text, room)}" if room > 10 else ""
    return f"{sign}{head}{more} {p.link}"


def sms_parts(text: str) -> int:
    """How many parts a text message is billed and sent as."""
    return 1 if len(text) <= SMS_PART else -(-len(text) // SMS_JOINED)


def renditions(message: Message) -> tuple[Rendition, ...]:
    """Everything as it will go out, for the one who approves."""
    p = parts(message, "feishu")
    made: tuple[tuple[str, Callable[[Message], str], int], ...] = (
        ("wecom", wecom, WECOM_MARKDOWN),
        ("dingtalk", dingtalk, DINGTALK_TEXT),
    )
    texts = [
        Rendition(kind, (text := make(message)), len(text.encode()), limit) for kind, make, limit in made
    ]
    card = f"{p.headline}\n{feishu(message)['elements'][0]['text']['content']}"
    short = sms(message)
    return (
        *texts,
        Rendition("feishu", card, len(card.encode()), FEISHU_TEXT + TITLE + 1),
        Rendition("sms", short, len(short), SMS_JOINED * SMS_PARTS, "characters"),
        _official(message),
    )


def _official(message: Message) -> Rendition:
    made, limit = official_account.official(message), official_account.BODY
    return Rendition(official_account.KIND, made.head, len(made.content), limit, "characters", made.content)
