"""Situations of a newsroom, made as the house itself makes them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from uuid import UUID, uuid4

from sqlmodel import col, select

from classifiers.assess import Assessor
from classifiers.model_file import SHIPPED, load
from classifiers.regions import Gazetteer
from classifiers.signals import Assessment
from classifiers.text import Text
from content.cases import Case, CaseLink, Evidence
from content.permissions import Actor
from content.publications import Publication
from service.context import Context
from service.feeds.clean import NewItem, clean
from service.feeds.parsed import ParsedEntry
from service.settings import ROOT
from service.store import items
from service.store.engine import Database
from service.store.tables import Source
from service.usecases import cases, sources
from service.usecases.item_rows import item_row


class ShippedAssessor:
    """The shipped model (or the written rules alone) in this very process."""

    def __init__(self, rules_only: bool = False) -> None:
        lines = (ROOT / "deploy/cities/yichun/divisions.jsonl").read_text("utf-8").splitlines()
        gazetteer = Gazetteer.from_rows([json.loads(line) for line in lines if line.strip()])
        self._assessor = Assessor(None if rules_only else load(SHIPPED), gazetteer)

    async def assess(self, texts: Sequence[Text]) -> list[Assessment]:
        return self._assessor.assess(texts)


async def a_source(
    ctx: Context, db: Database, by: Actor, name: str = "宜春日报", authority: bool = False
) -> Source:
    async with db.write() as session:
        url = f"https://feeds.example.cn/{uuid4().hex}.xml"
        return await sources.add(ctx, session, url, by, title=name, authority=authority)


def story(title: str, text: str = "", guid: str = "", url: str = "", cap: str | None = None) -> NewItem:
    """An entry as a feed gives it, cleaned."""
    number = uuid4().hex
    return clean(
        ParsedEntry(
            guid=guid or number,
            url=url or f"https://news.example.cn/{number}",
            title=title,
            text=text,
            cap=cap,
        )
    )


async def arrive(
    ctx: Context, db: Database, source: Source, *stories: NewItem, revision: int = 1
) -> list[UUID]:
    """Store stories as a poll does; their ids."""
    rows = [item_row(one, ctx.new_id(), source.id, revision, ctx.now()) for one in stories]
    async with db.write() as session:
        await items.append(session, rows)
    return [row["id"] for row in rows]


async def all_cases(db: Database) -> list[Case]:
    async with db.read() as session:
        return list((await session.exec(select(Case).order_by(col(Case.created_at), col(Case.title)))).all())


async def evidence_of(db: Database, case: Case) -> list[Evidence]:
    query = (
        select(Evidence)
        .join(CaseLink, col(CaseLink.evidence_id) == col(Evidence.id))
        .where(CaseLink.case_id == case.id)
        .order_by(col(Evidence.seen_at), col(Evidence.title))
    )
    async with db.read() as session:
        return list((await session.exec(query)).all())


async def by_hand(ctx: Context, db: Database, by: Actor, title: str, kind: str = "rumor") -> Case:
    async with db.write() as session:
        return await cases.open_by_hand(ctx, session, title, kind, "热线里有人反映。", by)


async def published(
    ctx: Context,
    db: Database,
    public_id: str,
    claim: str,
    fact: str,
    *,
    type: str = "publish",
    version: int = 1,
    sequence: int = 1,
    case: Case | None = None,
) -> Publication:
    """One version of something that stands (or stood) before the public."""
    body = {"title": fact[:40], "claim": claim, "fact": fact}
    row = Publication(
        id=ctx.new_id(),
        public_id=public_id,
        version=version,
        sequence=sequence,
        type=type,
        piece_id=ctx.new_id(),
        case_id=case.id if case else None,
        revision=1,
        sha256="0" * 64,
        snapshot={"kind": "rebuttal", "body": body},
        published_at=ctx.now(),
        issued_at=ctx.now(),
        by_id=uuid4(),
    )
    async with db.write() as session:
        session.add(row)
    return row
