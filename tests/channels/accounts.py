"""A WeChat official account (公众号) on this machine that behaves as the real one does.

Checks token, rights, limits and cover; a draft that was published leaves the drafts box; a hand-over only queues, and the
result is known some questions later.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from aiohttp import web

APPID, APPSECRET = "wx0123456789abcdef", "0123456789abcdef0123456789abcdef"
TITLE, AUTHOR, DIGEST, CONTENT = 32, 16, 128, 20_000


def said(code: int = 0, words: str = "ok", **more: Any) -> web.Response:
    """An answer; always HTTP 200, and without `errcode` where something is given."""
    return web.json_response(more if more and not code else {"errcode": code, "errmsg": words, **more})


@dataclass
class Account:
    """What the account holds. `slow`: how often it says that it is still publishing."""

    slow: int = 1
    verdict: int = 0  # publish_status in the end
    drafts: dict[str, dict[str, Any]] = field(default_factory=dict)
    jobs: dict[str, tuple[str, int]] = field(default_factory=dict)  # receipt → article, questions left
    articles: dict[str, dict[str, Any]] = field(default_factory=dict)  # what readers can see, in order
    ever: list[dict[str, Any]] = field(default_factory=list)  # everything that readers ever saw
    token: int = 1
    cover: str = "qingyuan.jpg"
    made: int = 0  # drafts
    numbers: count[int] = field(default_factory=lambda: count(1))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Everything below /cgi-bin/."""
        body = json.loads(await request.read())
        act = request.path.partition("/cgi-bin/")[2]
        if act == "stable_token":
            return self._token(body)
        if request.query.get("access_token") != f"token-{self.token}":
            return said(40001, "invalid credential, access_token is invalid or not latest")
        acts = {
            "material/batchget_material": self._pictures,
            "draft/add": self._add,
            "draft/batchget": self._drafts,
            "draft/delete": self._forget,
            "freepublish/submit": self._submit,
            "freepublish/get": self._get,
            "freepublish/delete": self._delete,
        }
        return acts[act](body) if act in acts else said(48001, "api unauthorized")

    def _token(self, body: dict[str, Any]) -> web.Response:
        if body["appid"] != APPID or body["secret"] != APPSECRET:
            return said(40125, "invalid appsecret")
        if body.get("force_refresh"):
            self.token += 1
        return said(access_token=f"token-{self.token}", expires_in=7200)

    def _pictures(self, body: dict[str, Any]) -> web.Response:
        return said(item=[{"media_id": "PICTURE", "name": self.cover}], total_count=1, item_count=1)

    def _add(self, body: dict[str, Any]) -> web.Response:
        [article] = body["articles"]
        if article["thumb_media_id"] != "PICTURE":
            return said(40007, "invalid media_id")
        if len(article["title"]) > TITLE or not article["title"]:
            return said(45003, "title size out of limit")
        if len(article["author"]) > AUTHOR:
            return said(45110, "author size out of limit")
        if len(article["digest"]) > DIGEST:
            return said(45004, "description size out of limit")
        if len(article["content"]) >= CONTENT or len(article["content_source_url"].encode()) > 1024:
            return said(45002, "content size out of limit")
        if "<script" in article["content"] or "\\u" in article["content"]:
            return said(45166, "invalid content")
        self.made += 1
        name = f"DRAFT{next(self.numbers)}"
        self.drafts[name] = article
        return said(media_id=name)

    def _drafts(self, body: dict[str, Any]) -> web.Response:
        items = [{"media_id": k, "content": {"news_item": [v]}} for k, v in reversed(self.drafts.items())]
        return said(item=items[: body["count"]], total_count=len(items))

    def _forget(self, body: dict[str, Any]) -> web.Response:
        self.drafts.pop(body["media_id"], None)
        return said()

    def _submit(self, body: dict[str, Any]) -> web.Response:
        draft = self.drafts.pop(body["media_id"], None)
        if draft is None:
            return said(53502, "invalid draft id")
        number = next(self.numbers)
        article, receipt = f"ARTICLE{number}", f"{100000000 + number}"
        if self.verdict == 0:
            self.articles[article] = draft
            self.ever.append(draft)
        self.jobs[receipt] = (article, self.slow)
        return web.json_response({"errcode": 0, "errmsg": "ok", "publish_id": receipt, "msg_data_id": "1"})

    def _get(self, body: dict[str, Any]) -> web.Response:
        article, left = self.jobs[body["publish_id"]]
        if left:
            self.jobs[body["publish_id"]] = (article, left - 1)
            return said(publish_id=body["publish_id"], publish_status=1, fail_idx=[])
        if self.verdict:
            return said(publish_id=body["publish_id"], publish_status=self.verdict, fail_idx=[1])
        item = {"idx": 1, "article_url": f"http://mp.weixin.qq.com/s/{article}"}
        detail = {"count": 1, "item": [item]}
        return said(
            publish_id=body["publish_id"], publish_status=0, article_id=article, article_detail=detail
        )

    def _delete(self, body: dict[str, Any]) -> web.Response:
        if body["article_id"] not in self.articles:
            return said(53600, "invalid article id")
        del self.articles[body["article_id"]]
        return said()

    def titles(self) -> list[str]:
        """What readers can see now."""
        return [article["title"] for article in self.articles.values()]
