"""What the public would be told if this text went out now: the very renditions, made from the snapshot it would become.

Stores nothing. An approver reads this, and `publishing.issue` makes the same from the same.
"""

from __future__ import annotations

from dataclasses import dataclass

from content import publishing
from content.messages import message
from content.piece_states import PieceState
from content.pieces import Approval
from content.publications import Publication
from content.publishing import Stamp
from content.render import article, plain, script
from content.render.chat import Rendition, renditions
from content.render.told import House, Told, told
from service.context import Context
from service.usecases.pieces import PiecePage

PLACEHOLDER = "preview"
OUT = frozenset({PieceState.PUBLISHED, PieceState.CORRECTED, PieceState.RETRACTED})


@dataclass(frozen=True)
class Preview:
    """`html` is the body of the page and of the feeds; `script` is read out over village loudspeakers;
    `renditions` are what robots and phones get.
    """

    told: Told
    title: str
    html: str
    text: str
    script: str
    summary: str
    renditions: tuple[Rendition, ...]


def snapshot(ctx: Context, page: PiecePage) -> Publication:
    """The publication that this text would become, with placeholders for what only publishing knows."""
    if page.published is not None and page.piece.state in OUT:
        return page.published
    approval = page.approval or Approval(
        id=ctx.new_id(),
        piece_id=page.piece.id,
        revision=page.revision.number,
        sha256=page.revision.sha256,
        approver_id=ctx.new_id(),
        approver_name="",
        at=ctx.now(),
    )
    stamp = Stamp(
        id=ctx.new_id(),
        public_id=page.piece.public_id or page.piece.corrects or PLACEHOLDER,
        sequence=0,
        now=ctx.now(),
        by_id=page.piece.author_id,
    )
    previous = page.published if page.piece.corrects else None
    return publishing.issue(page.piece, page.revision, approval, previous, (), stamp)


def preview(ctx: Context, page: PiecePage, house: House) -> Preview:
    """The renditions of the newest revision."""
    publication = snapshot(ctx, page)
    seen = told(publication)
    told_to_channels = message(publication, "", house)
    sent = told_to_channels.payload()
    return Preview(
        told=seen,
        title=plain.one_line(str(sent["title"])),
        html=article.html(seen, house),
        text=article.text(seen, house),
        script=script.render(seen, house),
        summary=plain.one_line(str(sent["summary"])),
        renditions=renditions(told_to_channels),
    )
