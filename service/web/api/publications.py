"""What the public was told: newest version of every page, and one page with its versions. No login, no exercises."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from content.body import PieceBody, Verdict
from content.publications import Publication, PublicationType
from content.render.told import Told, told
from service.errors import NotFound
from service.store import publications
from service.web.api.cursors import pack, unpack
from service.web.api.endpoint import Answer, Call, Endpoint
from service.web.api.shapes import Listed, Page, Paged, Plain, Region, Shown
from service.web.openness import PUBLIC

SCANNED = 2_000  # versions looked at for one page of a filtered list
CACHE = {"Cache-Control": "public, max-age=30"}


class Filters(Paged):
    """Which pages. `type` is that of the newest version; `retract` are withdrawn ones, of which the reason is left."""

    kind: Literal["rebuttal", "explainer", "holding", "warning"] | None = None
    type: Literal["publish", "correct", "retract"] | None = None
    verdict: Verdict | None = None
    topic: str = Field(default="", max_length=32)
    region: Region | None = None
    audience: str = Field(default="", max_length=32)


class Version(Shown):
    """One version in the history of a page."""

    version: int
    type: Plain
    revision: int
    sha256: str
    reason: str
    issued_at: datetime


class Summary(Shown):
    """A page in a list. `url` is its address on the site; `verdict` is null for what is withdrawn.

    `over`: a relayed warning whose time is over, or that its issuer ended.
    """

    public_id: str
    version: int
    type: Plain
    kind: Plain
    title: str
    summary: str
    verdict: str | None
    topics: list[str]
    regions: list[str]
    audiences: list[str]
    url: str
    published_at: datetime
    issued_at: datetime
    sha256: str
    over: bool


class Whole(Summary):
    """A page. `body` is null when it is withdrawn; `reason` then says why."""

    body: PieceBody | None
    reason: str
    versions: list[Version]


def summary(call: Call, one: Told) -> dict[str, Any]:
    """A page as lists show it."""
    body = one.body
    return {
        "public_id": one.public_id,
        "version": one.version,
        "type": one.type,
        "kind": one.kind,
        "title": one.headline,
        "summary": one.summary,
        "verdict": None if one.retracted else body.verdict,
        "topics": list(body.topics),
        "regions": list(body.regions),
        "audiences": list(body.audiences),
        "url": f"{call.ctx.settings.public_url}{one.path}",
        "published_at": one.published_at,
        "issued_at": one.issued_at,
        "sha256": one.sha256,
        "over": one.lapsed or one.ended,
    }


async def listing(call: Call) -> Answer:
    """Newest change first. A filtered page may hold fewer than `limit` while `next` is not null."""
    wanted = call.asked(Filters)
    before: int | None = unpack(wanted.cursor, int)[0] if wanted.cursor else None
    found: list[Publication] = []
    more, left = True, SCANNED
    while more and left > 0 and len(found) < wanted.limit:
        rows = await publications.holding_now(call.session, before, min(200, left))
        more, left = len(rows) == min(200, left), left - len(rows)
        for row in rows:
            before = row.sequence
            if fits(row, wanted):
                found.append(row)
                if len(found) == wanted.limit:
                    more = more or row is not rows[-1]
                    break
    items = [summary(call, told(row, call.ctx.now())) for row in found]
    return Answer(Listed(items, pack(before) if more and before else None), headers=CACHE)


def fits(row: Publication, wanted: Filters) -> bool:
    """Whether a version passes the filters."""
    body: dict[str, Any] = row.snapshot["body"]

    def among(value: str | None, values: Sequence[str]) -> bool:
        return not value or value in values

    return (
        among(wanted.kind, (str(row.snapshot["kind"]),))
        and among(wanted.type, (row.type,))
        and among(wanted.topic, body.get("topics", ()))
        and among(wanted.region, body.get("regions", ()))
        and among(wanted.audience, body.get("audiences", ()))
        and (
            not wanted.verdict
            or (row.type != PublicationType.RETRACT and body.get("verdict") == wanted.verdict)
        )
    )


async def show(call: Call) -> Answer:
    """What stands at /p/{public_id}, and how it came to be so."""
    versions = await publications.versions(call.session, call.public_id)
    if not versions or versions[-1].exercise:
        raise NotFound()
    now = told(versions[-1], call.ctx.now())
    whole = {
        **summary(call, now),
        "body": None if now.retracted else now.body,
        "reason": now.reason,
        "versions": list(versions),
    }
    return Answer(
        whole, headers={**CACHE, "ETag": f'"{now.version}-{now.sha256[:16]}{"-over" * now.lapsed}"'}
    )


ENDPOINTS = (
    Endpoint(
        "GET", "/publications", "publications", "What has been published, newest change first", PUBLIC, listing,
        answer=Page[Summary], query=Filters,
    ),
    Endpoint(
        "GET", "/publications/{public_id}", "publication", "One publication with its versions", PUBLIC, show,
        answer=Whole, errors=(404,), etag=True,
    ),
)  # fmt: skip
