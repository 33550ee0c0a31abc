"""Situations of the writing desk: complete texts, pieces on their way, publications. Invented, like everything here."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from content.body import PieceBody, SourceRef
from content.permissions import Actor
from content.pieces import Approval, Piece, Revision
from content.publications import Publication
from service.channels.outlets import Outlets, outlets
from service.context import Context
from service.feeds.guard import guarded_session
from service.feeds.policy import FetchPolicy
from service.store.engine import Database
from service.usecases import pieces, publish, review

REBUTTAL = PieceBody(
    title="饮用水水质达标，无须囤积桶装水",
    claim="上游工厂泄漏，全市自来水有毒，明天起停水三天",
    verdict="false",
    fact="今天三次检测，出厂水和管网末梢水四十二项指标全部达标，没有停水安排。",
    why="水务部门每天检测并公布结果；上游断面监测数据没有异常。",
    todo="照常用水；以供水单位的公告为准，不转发没有来源的通知。",
    sources=(
        SourceRef(title="每日水质公告", url="https://example.org/water/20261124", publisher="供水单位"),
    ),
    topics=("health",),
    regions=("360902",),
)
EXPLAINER = PieceBody(
    title="雷雨天的六条避险要点",
    question="打雷时在田里干活怎么躲避？",
    answer="立即离开田埂和树下，蹲低、双脚并拢，不打金属柄雨伞。",
    sources=(SourceRef(title="防雷科普手册", url="https://example.org/lightning"),),
)


async def written(
    ctx: Context, db: Database, by: Actor, body: PieceBody = REBUTTAL, kind: str = "rebuttal", **more: Any
) -> tuple[Piece, Revision]:
    """A draft with this text."""
    async with db.write() as session:
        piece = await pieces.create(ctx, session, more.pop("case_id", None), kind, by, **more)
    async with db.write() as session:
        revision = await pieces.save(ctx, session, piece.id, body, by, piece.revision)
    return piece, revision


async def submitted(ctx: Context, db: Database, piece: Piece, revision: Revision, by: Actor) -> None:
    """The text is handed in."""
    async with db.write() as session:
        await review.submit(ctx, session, piece.id, revision.number, revision.sha256, by)


async def approved(
    ctx: Context, db: Database, piece: Piece, revision: Revision, by: Actor, issuer: Actor
) -> Approval:
    """The text is handed in and approved."""
    await submitted(ctx, db, piece, revision, by)
    async with db.write() as session:
        return await review.approve(ctx, session, piece.id, revision.number, revision.sha256, issuer)


async def published(
    ctx: Context,
    db: Database,
    by: Actor,
    issuer: Actor,
    body: PieceBody = REBUTTAL,
    kind: str = "rebuttal",
    **more: Any,
) -> Publication:
    """From nothing to published."""
    piece, revision = await written(ctx, db, by, body, kind, **more)
    await approved(ctx, db, piece, revision, by, issuer)
    async with db.write() as session:
        return await publish.publish(ctx, session, piece.id, issuer)


async def corrected(
    ctx: Context, db: Database, public_id: str, by: Actor, issuer: Actor, **changes: Any
) -> Publication:
    """A correction of what stands there, through all its steps."""
    async with db.write() as session:
        piece = await publish.start_correction(ctx, session, public_id, by)
    async with db.read() as session:
        body = (await pieces.page(ctx, session, piece.id)).body
    changes.setdefault("correction_note", "原文检测项目数有误，应为四十三项。")
    async with db.write() as session:
        revision = await pieces.save(
            ctx, session, piece.id, body.model_copy(update=changes), by, piece.revision
        )
    await approved(ctx, db, piece, revision, by, issuer)
    async with db.write() as session:
        return await publish.publish(ctx, session, piece.id, issuer)


class Site:
    """Stands in for the renderer: notes what was rendered."""

    def __init__(self) -> None:
        self.rendered: list[str] = []

    async def __call__(self, public_id: str) -> None:
        self.rendered.append(public_id)


@asynccontextmanager
async def ways_out(ctx: Context, site: Site, *ports: int, smtp_url: str = "") -> AsyncIterator[Outlets]:
    """Outlets whose guard lets these ports of this machine through, and nothing else inside."""
    policy = FetchPolicy(allow=frozenset({("127.0.0.1", port) for port in ports}))
    http: aiohttp.ClientSession = guarded_session(policy)
    out = outlets(http, site, ctx.now, smtp_url, "示例市科学技术协会", patience=30)
    try:
        yield out
    finally:
        await out.close(2)
        await http.close()
