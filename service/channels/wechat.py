"""A WeChat official account (公众号): draft, hand-over, the result that comes later, and taking back what was wrong.

    draft/add              → media_id     kept; a draft that is there already is found by its address and not made twice
    freepublish/submit     → publish_id   kept before (HANDED_OVER) and after (RECEIPT): the one step that is never repeated
    freepublish/get        → article_id   asked until the account has decided; asking repeats nothing
    freepublish/delete     earlier versions: after a correction stands, before a retraction is told

The result is asked for; the account's push to a public address of ours is not needed. Published drafts leave the drafts box,
so even a wrongly repeated hand-over is refused there.
"""

from __future__ import annotations

from collections.abc import Awaitable
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Any, TypeVar

from content.handover import HANDED_OVER, RECEIPT, WITHDREW
from content.messages import Message
from content.publications import PublicationType
from content.render.wechat import official, short
from service.channels.errors import Permanent, Temporary, Underway, Unknown
from service.channels.protocol import Sent, Stage
from service.channels.wechat_api import WechatApi

COVER = "qingyuan"  # the name of a picture in the account's own library
DRAFT = "media_id"
GONE_ALREADY = "errcode_53600"
NEWEST = 20  # drafts and pictures looked through
ASK_AGAIN = timedelta(seconds=10)
UNSURE = frozenset({-1})
Got = TypeVar("Got")


@dataclass(frozen=True)
class WechatChannel:
    """Publishes to one account. `cover`: the name of the picture in its library that every article gets."""

    name: str
    api: WechatApi
    cover: str = COVER
    idempotent: bool = False

    async def send(self, message: Message, key: str) -> Sent:
        """All steps at once, nothing kept."""
        return await self.send_on(message, key, Stage())

    async def try_out(self, message: Message, key: str) -> Sent:
        """Make a draft and delete it again: token, cover and rights are seen, and no reader sees anything."""
        draft = await self._draft(message, key)
        await _harmless(self.api.call("draft/delete", {DRAFT: draft}))
        return Sent("draft_ok", draft)

    async def send_on(self, message: Message, key: str, stage: Stage) -> Sent:
        """Go on from the step that was kept last."""
        kept = dict(stage.kept)
        if not kept.get(RECEIPT):
            if message.told.retracted:
                await self._take_down(stage, kept)
            await self._hand_over(message, key, stage, kept)
        article, url = await self._result(stage, kept)
        if message.told.type == PublicationType.CORRECT:
            await _as_underway(self._take_down(stage, kept))
        return Sent("published", article, {"url": url})

    async def _hand_over(self, message: Message, key: str, stage: Stage, kept: dict[str, Any]) -> None:
        if kept.get(HANDED_OVER):
            raise Unknown("handed_over_before")
        if not kept.get(DRAFT):
            kept[DRAFT] = await _harmless(self._find(key)) or await _harmless(self._draft(message, key))
            await stage.keep(kept)
        kept[HANDED_OVER] = True
        await stage.keep(kept)
        try:
            answer = await self.api.call("freepublish/submit", {DRAFT: kept[DRAFT]}, UNSURE)
        except Temporary:
            del kept[HANDED_OVER]
            await stage.keep(kept)
            raise
        except Permanent:  # a draft that somebody changed or deleted is not asked for again
            kept.clear()
            await stage.keep(kept)
            raise
        if not answer.get("publish_id"):
            raise Unknown("no_receipt")
        kept[RECEIPT] = str(answer["publish_id"])
        try:
            await stage.keep(kept)
        except Temporary as error:
            raise Unknown("receipt_not_kept") from error

    async def _draft(self, message: Message, key: str) -> str:
        fields = asdict(official(message))
        article = {"article_type": "news", **fields, "thumb_media_id": await self._cover()}
        answer = await self.api.call("draft/add", {"articles": [article | {"need_open_comment": 0}]})
        return _named(answer, DRAFT)

    async def _find(self, key: str) -> str:
        """The draft of this very delivery among the newest ones, if an answer was lost on its way; else nothing."""
        answer = await self.api.call("draft/batchget", {"offset": 0, "count": NEWEST, "no_content": 1})
        for draft in answer.get("item") or ():
            for article in (draft.get("content") or {}).get("news_item") or ():
                if str(article.get("content_source_url", "")).endswith("#" + short(key)):
                    return str(draft.get(DRAFT) or "")
        return ""

    async def _cover(self) -> str:
        asked = {"type": "image", "offset": 0, "count": NEWEST}
        answer = await self.api.call("material/batchget_material", asked)
        for picture in answer.get("item") or ():
            if (
                str(picture.get("name", "")).rpartition(".")[0] == self.cover
                or picture.get("name") == self.cover
            ):
                return _named(picture, DRAFT)
        raise Permanent("no_cover", f"there is no picture called {self.cover} in the account's library")

    async def _result(self, stage: Stage, kept: dict[str, Any]) -> tuple[str, str]:
        answer = await _as_underway(self.api.call("freepublish/get", {"publish_id": kept[RECEIPT]}))
        status = answer.get("publish_status")
        if status == 0:
            items = (answer.get("article_detail") or {}).get("item") or [{}]
            return _named(answer, "article_id"), str(items[0].get("article_url", ""))
        if status == 1 or not isinstance(status, int):
            raise Underway("publishing", retry_after=ASK_AGAIN)
        # Refused by the account's own checks, or taken down since: sending again is a new decision with a new draft.
        kept.clear()
        await stage.keep(kept)
        raise Permanent(f"publish_status_{status}")

    async def _take_down(self, stage: Stage, kept: dict[str, Any]) -> None:
        """Delete earlier versions; what can't be deleted is kept as such for people to see. Deleting twice is harmless."""
        if WITHDREW in kept or not stage.earlier:
            return
        gone = [await self._delete(article) for article in stage.earlier]
        kept[WITHDREW] = "deleted" if all(gone) else "refused"
        await stage.keep(kept)

    async def _delete(self, article: str) -> bool:
        try:
            await _harmless(self.api.call("freepublish/delete", {"article_id": article, "index": 0}))
        except Permanent as error:
            return error.code == GONE_ALREADY
        return True


def _named(answer: dict[str, Any], field: str) -> str:
    found = answer.get(field)
    if not isinstance(found, str) or not found:
        raise Temporary(f"no_{field}")
    return found


async def _harmless(work: Awaitable[Got]) -> Got:
    """Nobody is told anything by this, so it may be done again after silence."""
    try:
        return await work
    except Unknown as error:
        raise Temporary(error.code, str(error)) from error


async def _as_underway(work: Awaitable[Got]) -> Got:
    """The other side has taken the message before: what fails now leaves that as it is."""
    try:
        return await work
    except (Temporary, Unknown) as error:
        raise Underway(error.code, str(error), retry_after=error.retry_after) from error
