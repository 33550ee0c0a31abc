"""kill -9 again and again while texts are published, corrected and retracted, with every kind of channel in the mix.

Exactly once on the site, in the feeds and on receivers that know a repeat; nothing arrives twice anywhere by itself; nothing is
lost; no correction before its original. A kill counts when it hit somebody at work. `QINGYUAN_TEST_KILLS` sets how often (20;
a fifth of it on PostgreSQL, a tenth with two processes side by side, three tenths with trouble).
"""

from __future__ import annotations

import asyncio
import os
import random
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from service.context import utc_now
from service.site.shelf import Shelf
from tests.conftest import START
from tests.kills import checks, receivers
from tests.kills.furniture import furnish
from tests.kills.receivers import Witness
from tests.kills.rounds import Rounds
from tests.kills.workers import Place, open_house
from tests.small_disk import fill, small_disk

pytestmark = pytest.mark.processes
KILLS = int(os.environ.get("QINGYUAN_TEST_KILLS", "20"))
HEARD = ("webhook", "email", "wecom", "dingtalk", "feishu", "wechat", "sms", "todo")  # recorded page by page


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Witness]:
    process, found = receivers.start(tmp_path / "taken.jsonl", 20261124)
    yield found
    process.kill()
    process.join()


def opened(folder: Path, witness: Witness, template: Path | None, database_url: str = "") -> Rounds:
    """A furnished house on this database, nobody in it yet."""
    data_dir = folder / "var"
    data_dir.mkdir(exist_ok=True)
    if template:
        shutil.copy(template, data_dir / "qingyuan.sqlite")
    place = Place(data_dir, database_url, witness.port, witness.smtp_port, utc_now() - START)
    desk = asyncio.run(furnish(place, folder, warnings=KILLS // 20 + 3))
    return Rounds(place, desk, witness, random.Random(20261124))


def end_well(rounds: Rounds, one_clock: bool = True) -> None:
    """Everything comes to its end, and everything that must hold does."""
    rounds.finish()
    asyncio.run(check(rounds, one_clock))


async def check(rounds: Rounds, one_clock: bool) -> None:
    taken = [*rounds.witness.settle(), *rounds.ledger.by_hand]
    async with open_house(rounds.place) as (ctx, db):
        async with db.read() as session:
            await checks.audit_holds(ctx, session)
            end = await checks.End.of(session)
        print(f"{rounds.ledger}; {len(end.publications)} publications, {len(end.deliveries)} deliveries")
        checks.desk_is_content(rounds.desk, end)
        checks.nothing_is_lost(end)
        for channel in HEARD:
            checks.arrived_once_and_in_order(channel, taken, end)
        checks.site_stands(Shelf(ctx.settings.site_dir), end)
        if one_clock:  # what was first is read off the clock
            checks.urgent_goes_first(end)
            checks.hub_knows(taken, end, rounds.place.behind)
    assert not [one for one in taken if one.channel.endswith("refused")], "a receiver said no"


def test_killed_again_and_again_each_message_arrives_once_and_in_order(
    tmp_path: Path, sqlite_template: Path, witness: Witness
) -> None:
    rounds = opened(tmp_path, witness, sqlite_template)
    rounds.until(KILLS)
    end_well(rounds)


@pytest.mark.postgres
def test_so_it_is_on_postgresql(tmp_path: Path, pg_url: str, witness: Witness) -> None:
    rounds = opened(tmp_path, witness, None, pg_url)
    rounds.until(KILLS // 5)
    end_well(rounds)


@pytest.mark.postgres
def test_so_it_is_with_two_processes_of_which_one_or_both_die(
    tmp_path: Path, pg_url: str, witness: Witness
) -> None:
    rounds = opened(tmp_path, witness, None, pg_url)
    rounds.together(KILLS // 10)
    end_well(rounds)


def test_so_it_is_while_the_disk_of_the_site_is_full_and_when_the_clock_is_set_back(
    tmp_path: Path, sqlite_template: Path, witness: Witness
) -> None:
    with small_disk(tmp_path / "var" / "site", 64 * 2**20) as site:
        rounds = opened(tmp_path, witness, sqlite_template)
        rounds.until(KILLS // 10)
        ballast = fill(site)
        rounds.until(KILLS // 10 * 2)
        ballast.unlink()
        rounds.set_back(timedelta(hours=1))
        rounds.until(KILLS // 10 * 3)
        end_well(rounds, one_clock=False)
