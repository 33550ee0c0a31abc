"""What must be true in the end, by the receivers' own record, the files of the site and the rows of the house."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlmodel import col, select
from sqlmodel.ext.asyncio.session import AsyncSession

from content.delivery import Attempt, Delivery
from content.delivery_states import DeliveryState
from content.publications import Publication
from content.render.told import told
from service.context import Context
from service.site.feeds import NEWEST
from service.site.shelf import Shelf
from service.usecases.audit import verify
from tests.channels.understood import Taken
from tests.kills.desk import Desk, Diary, item

MARGIN = timedelta(seconds=0.5)  # a row's moment is taken before its transaction ends
STAGES = {"publish": 0, "correct": 1, "retract": 2}


@dataclass(frozen=True)
class End:
    """Everything that the house holds."""

    publications: Sequence[Publication]
    deliveries: Sequence[Delivery]
    attempts: dict[UUID, list[Attempt]]

    @classmethod
    async def of(cls, session: AsyncSession) -> End:
        """Read it."""
        attempts = defaultdict(list)
        for attempt in (await session.exec(select(Attempt).order_by(col(Attempt.number)))).all():
            attempts[attempt.delivery_id].append(attempt)
        publications = (await session.exec(select(Publication).order_by(col(Publication.sequence)))).all()
        deliveries = (await session.exec(select(Delivery).order_by(col(Delivery.sequence)))).all()
        return cls(publications, deliveries, attempts)

    def sent(self, channel: str) -> list[tuple[str, str]]:
        """(page, act) of all that went out on a channel, sorted."""
        rows = [d for d in self.deliveries if d.channel_name == channel]
        return sorted((d.public_id, d.type) for d in rows if d.state == DeliveryState.SENT)


async def audit_holds(ctx: Context, session: AsyncSession) -> None:
    assert (await verify(ctx, session)).good


def desk_is_content(desk: Desk, end: End) -> None:
    """Every confirmed act is there, and every item stands there with each of its versions once."""
    there = {(p.public_id, p.version): p.type for p in end.publications}
    diary = [json.loads(line) for line in desk.diary.read_text("utf-8").splitlines()]
    for entry in diary:
        if "page" in entry:
            assert there[(entry["page"], entry["version"])] == entry["did"], entry
    acts: dict[str, list[str]] = defaultdict(list)
    titles: dict[str, set[str]] = defaultdict(set)
    for publication in end.publications:
        acts[publication.public_id].append(publication.type)
        titles[publication.snapshot["body"]["title"]].add(publication.public_id)
    wanted = Counter[tuple[str, ...]]()
    for number in Diary(desk.diary).begun:
        one = item(desk, number)
        wanted[("publish", *["correct"] * one.corrected, *["retract"] * one.retracted)] += 1
        assert one.warning or len(titles[one.title]) == 1, f"{one.title} was published twice"
    assert Counter(map(tuple, acts.values())) == wanted


def nothing_is_lost(end: End) -> None:
    """Every version has its row on every channel, and every row is sent, or was called off before anybody had it."""
    states = {d.state for d in end.deliveries}
    assert states <= {DeliveryState.SENT, DeliveryState.CANCELLED}, states
    for row in end.deliveries:
        if row.state == DeliveryState.CANCELLED:
            assert row.error == "withdrawn_before_sending", row.error
    rows = {(d.publication_id, d.channel_name) for d in end.deliveries}
    for publication in end.publications:
        if publication.type == "publish":
            for channel in {d.channel_name for d in end.deliveries}:
                assert (publication.id, channel) in rows, f"{channel} was not told"


def arrived_once_and_in_order(channel: str, taken: Iterable[Taken], end: End) -> None:
    """The receiver has exactly what the house says was sent, each once, and no correction before its original."""
    got = [(one.page, one.act) for one in taken if one.channel == channel]
    twice = [pair for pair, times in Counter(got).items() if times > 1]
    assert not twice, f"{channel}: arrived twice: {twice}"
    assert sorted(got) == end.sent(channel), f"{channel}: {set(got) ^ set(end.sent(channel))}"
    for page in {page for page, _ in got}:
        acts = [STAGES[act] for p, act in got if p == page]
        assert acts == sorted(acts), f"{channel}: {page} came as {acts}"


def urgent_goes_first(end: End) -> None:
    """No everyday text was begun on a channel while the first version of an incident's text waited there untried."""
    for channel in {d.channel_name for d in end.deliveries}:
        rows = [d for d in end.deliveries if d.channel_name == channel]
        tried = {d.id: [a.started_at for a in end.attempts[d.id]] for d in rows}
        urgent = [d for d in rows if d.priority > 0 and d.type == "publish" and tried[d.id]]
        alone = {d.public_id for d in rows} - {d.public_id for d in rows if d.type != "publish"}
        for everyday in (d for d in rows if d.priority == 0 and d.public_id in alone):
            for begun in tried[everyday.id]:
                passed = [d for d in urgent if d.created_at + MARGIN < begun < tried[d.id][0] - MARGIN]
                assert not passed, f"{channel}: {everyday.public_id} went before {passed[0].public_id}"


def site_stands(shelf: Shelf, end: End) -> None:
    """Every page in its newest version, and the newest of them once in each feed of the house."""
    manifest = shelf.manifest()
    newest = {p.public_id: told(p) for p in end.publications}
    pages = {path for path in manifest.entries if re.fullmatch(r"/p/[0-9a-z]{12}", path)}
    assert pages == {one.path for one in newest.values()}
    for one in newest.values():
        entry = manifest.entries[one.path]
        assert entry.status == (410 if one.retracted else 200)
        html = shelf.read(entry).decode()
        assert one.retracted or one.body.title in html, one.path
        assert not one.corrections or one.corrections[-1].reason in html, one.path
    latest = sorted(newest.values(), key=lambda one: (one.issued_at, one.sequence), reverse=True)
    warnings = [one for one in latest if one.kind == "warning"][:NEWEST]
    for feed in ("/feed.xml", "/atom.xml", "/feed.json"):
        assert feed_pages(shelf, feed) == Counter(one.public_id for one in latest[:NEWEST]), feed
    assert set(feed_pages(shelf, "/cap.xml")) == {one.public_id for one in warnings}


def feed_pages(shelf: Shelf, feed: str) -> Counter[str]:
    """How many entries of each page stand in a feed."""
    manifest = shelf.manifest()
    if feed not in manifest.entries:
        return Counter()
    body = shelf.read(manifest.entries[feed]).decode()
    if feed.endswith(".json"):
        return Counter(entry["id"].rpartition("/")[2] for entry in json.loads(body)["items"])
    entries = re.findall(r"<(item|entry)>(.*?)</\1>", body, re.S)
    found = [re.search(r"/p/([0-9a-z]{12})", text) for _, text in entries]
    return Counter(match.group(1) for match in found if match)


def hub_knows(taken: Iterable[Taken], end: End, behind: timedelta) -> None:
    """The hub was told that the feeds are new after the last of them was."""
    pings = [one.at for one in taken if one.channel == "websub"]
    last = max(p.issued_at for p in end.publications) + behind
    assert pings, "the hub was never told"
    assert max(pings) >= last.timestamp()
