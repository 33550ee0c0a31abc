"""Every rendition of six pieces, kept in `tests/data/renditions/` for people to read: `python -m tests.golden` makes them anew.

One folder a piece, one file a shape, as text; the poster as PNG. Look at what changed before it is committed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from content.messages import Message
from content.render import article, atom, cap, claimreview, jsonfeed, rss, script
from content.render.chat import dingtalk, feishu, sms, sms_parts, wecom
from content.render.feed import FeedInfo
from content.render.told import Told
from content.render.wechat import official
from service.channels.email import letter
from service.site.poster import poster
from tests.render import situations

FOLDER = Path(__file__).parent / "data" / "renditions"
KEY = "0f9c3c1e-7a44-4d0e-9b1c-5a2d3e4f5a6b"
PIECES: dict[str, Callable[[], Told]] = {
    "rebuttal": situations.a_rebuttal,
    "explainer": situations.an_explainer,
    "holding": situations.a_holding_statement,
    "warning": situations.a_warning,
    "correction": situations.a_corrected_rebuttal,
    "retraction": situations.a_retraction,
}


def texts(told: Told) -> dict[str, str]:
    """File → what stands in it."""
    house, message = situations.HOUSE, Message(KEY, told, situations.HOUSE)
    info = FeedInfo("清源", "辟谣与科普", "/", "/feed.xml", told.issued_at)
    account, mail = official(message), letter(message, KEY, "qingyuan@example.org")
    body = mail.get_body(("plain",))
    assert body is not None
    heads = "".join(f"{name}: {mail[name]}\n" for name in ("Subject", "From", "To", "Date", "Message-ID"))
    short = sms(message)
    made = {
        "page.html": article.html(told, house).replace("><", ">\n<"),
        "plain.txt": article.text(told, house),
        "letter.txt": f"{heads}\n{body.get_content()}",
        "wecom.md": wecom(message),
        "dingtalk.md": dingtalk(message),
        "feishu.json": _json(feishu(message)),
        "sms.txt": f"{short}\n—— {len(short)} 字，{sms_parts(short)} 条",
        "wechat.html": f"<!--\n{account.head}\n-->\n" + account.content.replace("><", ">\n<"),
        "loudspeaker.txt": f"{script.render(told, house)}—— 约 {script.seconds(script.render(told, house))} 秒",
        "webhook.json": _json(message.payload()),
        "rss.xml": rss.render([told], info, house).decode(),
        "atom.xml": atom.render([told], info, house).decode(),
        "feed.json": _json(json.loads(jsonfeed.render([told], info, house))),
    }
    if (review := claimreview.render(told, house)) is not None:
        made["claimreview.json"] = _json(review)
    if (alert := cap.alert(told, house)) is not None:
        made["cap.xml"] = alert.decode()
    return {name: text.rstrip("\n") + "\n" for name, text in made.items()}


def picture(told: Told) -> bytes:
    """The poster."""
    return poster(told, situations.HOUSE)


def written() -> Iterator[Path]:
    """Make all of them anew; each file as it is written."""
    for name, make in PIECES.items():
        folder = FOLDER / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, text in texts(make()).items():
            (folder / file).write_text(text, "utf-8")
            yield folder / file
        (folder / "poster.png").write_bytes(picture(make()))
        yield folder / "poster.png"


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1)


if __name__ == "__main__":
    made = set(written())
    for stale in {path for path in FOLDER.rglob("*") if path.is_file()} - made:
        stale.unlink()
