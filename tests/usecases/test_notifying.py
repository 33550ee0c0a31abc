"""Experts are told once, by their own mail or telephone, and only if they agreed to that."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from content.permissions import Actor
from expert_db.notices import Notice
from service.channels.errors import Permanent, Temporary, Unknown
from service.context import Context
from service.house import House
from service.jobs import due, work
from service.store import assignments as rows
from service.store import notices as store
from service.store.engine import Database
from service.usecases import asking_back, assignment_links, assignments, channels, experts, notifying
from tests.conftest import Clock
from tests.usecases.expert_people import AGREED, case, expert, of
from tests.usecases.test_alarms import Robots
from tests.web.conftest import Rules

DAY = {"given": True, "on": "2025-01-01"}
REACHABLE = {**AGREED, "contact": DAY, "messages": DAY}
EMAIL, PHONE = "kanarienvogel@example.org", "13987650042"


class Post(Robots):
    """Stands in for the mail server and the gateway: also notes to whom each message went."""

    def __init__(self, *faults: BaseException | None) -> None:
        super().__init__(*faults)
        self.to: list[tuple[str, Any]] = []

    def open(self, config: Any) -> Any:
        self.to.append((config.kind, config.settings["to"]))
        return super().open(config)


@pytest.fixture
def mailing(ctx: Context) -> Context:
    return replace(ctx, settings=replace_settings(ctx, smtp_url="smtp://mail.example:25"))


def replace_settings(ctx: Context, **changes: Any) -> Any:
    return ctx.settings.model_copy(update=changes)


async def asked(ctx: Context, db: Database, editor: Actor, **fields: Any) -> Any:
    fields = {"consent": REACHABLE, "contact": {"phone": PHONE, "email": EMAIL}} | fields
    person = await expert(ctx, db, editor, "示例甲", **fields)
    rumor = await case(ctx, db)
    async with db.write() as s:
        made = await assignments.offer(ctx, s, rumor.id, person.id, "菠菜豆腐能一起吃吗？", editor)
    return person, made


async def told(db: Database, assignment_id: Any) -> list[tuple[str, str, str]]:
    async with db.read() as s:
        return [(one.kind, one.state, one.code) for one in await store.of(s, [assignment_id])]


async def test_an_offer_goes_out_once_with_a_link_that_opens_it(
    mailing: Context, database: Database, editor: Actor
) -> None:
    post: Any = Post()
    _, made = await asked(mailing, database, editor)
    assert await notifying.tell(mailing, database, post) == 1
    assert await notifying.tell(mailing, database, post) == 0
    assert post.to == [("email", (EMAIL,))]
    message = post.heard[0]
    assert "菠菜豆腐能一起吃吗？" in message.told.body.fact
    token = message.url.rpartition("/a/")[2]
    async with database.read() as s:
        assert (await assignment_links.page(mailing, s, token)).assignment.id == made.id
    assert await told(database, made.id) == [("offer", "sent", "ok")]


async def test_a_reminder_goes_out_once_a_stage_and_leaves_the_first_link_good(
    mailing: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    post: Any = Post()
    person, made = await asked(mailing, db, editor)
    await notifying.tell(mailing, db, post)
    clock.move(hours=21)
    for _ in range(2):
        await assignments.remind_due(mailing, db)
        await notifying.tell(mailing, db, post)
    async with db.write() as s:
        await assignments.accept(mailing, s, made.id, of(person))
    clock.move(hours=48)
    for _ in range(2):
        await assignments.remind_due(mailing, db)
        await notifying.tell(mailing, db, post)
    assert [kind for kind, _, _ in await told(db, made.id)] == ["offer", "remind_offer", "remind_answer"]
    assert {state for _, state, _ in await told(db, made.id)} == {"sent"}
    first, second, third = (one.url for one in post.heard)
    assert first == second == third
    async with db.read() as s:
        await assignment_links.page(mailing, s, first.rpartition("/a/")[2])


async def test_in_an_incident_the_reminder_comes_minutes_before_the_end(
    mailing: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    post: Any = Post()
    _, made = await asked(mailing, db, editor)
    async with db.write() as s:
        s.add(made)
        made.gear, made.respond_by = "incident", clock.now.replace(minute=30)
    clock.move(minutes=10)
    assert await assignments.remind_due(mailing, db) == 0
    clock.move(minutes=10)
    assert await assignments.remind_due(mailing, db) == 1
    await notifying.tell(mailing, db, post)
    assert [one.told.body.title for one in post.heard][-1] == "提醒：有一个问题等您回音"


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"consent": AGREED}, "no_consent"),
        ({"consent": {**REACHABLE, "messages": {"given": False, "on": "2026-01-01"}}}, "no_consent"),
        ({"contact": None}, "no_address"),
        ({"contact": {"phone": PHONE, "email": ""}}, "no_address"),
    ],
)
async def test_nobody_is_told_who_did_not_agree_or_has_no_address(
    mailing: Context, db: Database, editor: Actor, fields: dict[str, Any], why: str
) -> None:
    post: Any = Post()
    _, made = await asked(mailing, db, editor, **fields)
    assert await notifying.tell(mailing, db, post) == 0
    assert post.heard == []
    assert await told(db, made.id) == [("offer", "skipped", why)]


async def test_without_a_mail_server_a_marked_gateway_sends_a_text(
    ctx: Context, db: Database, editor: Actor, sysadmin: Actor
) -> None:
    post: Any = Post()
    async with db.write() as s:
        url, marked = "https://sms.example/send", {"experts": True}
        await channels.add(ctx, s, "短信", "sms", url, sysadmin, settings=marked)
    _, made = await asked(ctx, db, editor)
    assert await notifying.tell(ctx, db, post) == 1
    assert post.to == [("sms", (PHONE,))]
    assert await told(db, made.id) == [("offer", "sent", "ok")]


@pytest.mark.parametrize(
    ("fault", "states"),
    [
        (Temporary("unreachable"), ["waiting", "sent"]),
        (Unknown("no_answer"), ["unknown", "unknown"]),
        (Permanent("smtp_550"), ["failed", "failed"]),
    ],
)
async def test_what_may_have_arrived_is_not_repeated(
    mailing: Context, db: Database, editor: Actor, clock: Clock, fault: BaseException, states: list[str]
) -> None:
    post: Any = Post(fault)
    seen: list[str] = []
    _, made = await asked(mailing, db, editor)
    for _ in states:
        await notifying.tell(mailing, db, post)
        seen.append((await told(db, made.id))[0][1])
        clock.move(minutes=2)
    assert seen == states


async def test_a_try_that_died_in_the_middle_is_not_made_again(
    mailing: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    post: Any = Post(KeyboardInterrupt())
    _, made = await asked(mailing, db, editor)
    with pytest.raises(KeyboardInterrupt):
        await notifying.tell(mailing, db, post)
    assert await notifying.tell(mailing, db, post) == 0
    assert (await told(db, made.id))[0][1] == "sending"
    clock.move(minutes=6)
    assert await notifying.tell(mailing, db, post) == 0
    assert (await told(db, made.id))[0][1] == "unknown"
    assert len(post.heard) == 1


async def test_the_next_in_line_and_a_reply_are_told_too(
    mailing: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    post: Any = Post()
    person, made = await asked(mailing, db, editor)
    contact = {"phone": "", "email": "zweiter@example.org"}
    second = await expert(mailing, db, editor, "示例乙", consent=REACHABLE, contact=contact)
    async with db.write() as s:
        question = await asking_back.ask(mailing, s, made.id, "是生吃还是焯水？", of(person))
        await asking_back.reply(mailing, s, question.id, "焯水。", editor)
        await assignments.decline(mailing, s, made.id, "没有时间", "", of(person))
    await notifying.tell(mailing, db, post)
    assert [to for _, to in post.to] == []  # nobody stood in line when the offer was made
    assert {state for _, state, _ in await told(db, made.id)} == {"skipped"}
    async with db.write() as s:
        other = await assignments.offer(mailing, s, made.case_id, second.id, "能一起吃吗？", editor)
        question = await asking_back.ask(mailing, s, other.id, "是生吃还是焯水？", of(second))
        await asking_back.reply(mailing, s, question.id, "焯水。", editor)
    assert await notifying.tell(mailing, db, post) == 2
    assert {one.told.body.title for one in post.heard} == {"请您帮忙解答一个问题", "您的追问有了答复"}


async def test_silence_is_answered_by_the_jobs_which_ask_and_tell_the_next(
    mailing: Context, db: Database, editor: Actor, clock: Clock
) -> None:
    post: Any = Post()
    contact = {"phone": "", "email": "zweiter@example.org"}
    await expert(mailing, db, editor, "示例乙", consent=REACHABLE, contact=contact)
    _, made = await asked(mailing, db, editor)
    house = House(ctx=mailing, db=db, assessors=Rules(), parts={"outlets": post})
    assert await due.tellings(house)
    await work.tell(house)
    assert not await due.tellings(house)
    clock.move(hours=24)
    assert await due.expiries(house)
    assert await work.expire(house) == 1
    await work.tell(house)
    first, second = (to for _, (to,) in post.to)
    assert {first, second} == {EMAIL, "zweiter@example.org"}
    async with db.read() as s:
        states = [one.state for one in await rows.of_case(s, made.case_id)]
    assert states == ["expired", "offered"]


async def test_no_address_stands_in_a_row_the_log_or_the_file(
    mailing: Context, db: Database, editor: Actor, capfd: pytest.CaptureFixture[str]
) -> None:
    post: Any = Post(Permanent("smtp_550", f"{EMAIL} is not known here"))
    await asked(mailing, db, editor)
    await notifying.tell(mailing, db, post)
    async with db.read() as s:
        assert EMAIL not in repr(await experts.listing(s, editor))
    await db.dispose()
    files = [path.read_bytes() for path in mailing.settings.data_dir.rglob("*") if path.is_file()]
    out = capfd.readouterr()
    for canary in (EMAIL, PHONE):
        assert canary not in out.out + out.err
        assert all(canary.encode() not in data for data in files)


def test_a_notice_has_no_place_for_an_address() -> None:
    assert {"email", "phone", "address", "to"}.isdisjoint(Notice.model_fields)
