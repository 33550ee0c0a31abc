"""Does a person find the page? A hundred publications and two hundred questions, written by hand as people type them.

Sixty publications are prepared texts, forty stand in `tests/data/search_pages.tsv`. Each has two questions in
`tests/data/search_questions.tsv`: the first was looked at while the ranking was made, the second only counted. A third, in
`tests/data/search_spoken.tsv`, is as villagers say it (dialect, everyday words, Traditional characters); the other words
of `service/site/everyday.tsv` were written beside these, so they hold what is there and are no figure.
"""

from __future__ import annotations

import csv
import random
from functools import cache
from pathlib import Path

import pytest

from content import prepared
from content.body import PieceBody
from content.render.told import told
from service.site.current import Public
from service.site.search import find, sync
from service.store.engine import Database
from tests.render.situations import publication

DATA = Path(__file__).resolve().parent.parent / "data"


def _table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines, delimiter="\t"))


@cache
def hundred() -> Public:
    """All hundred publications as the site has them."""
    asked = {row["id"] for row in _table("search_questions.tsv")}
    bodies = {one.id: (one.body, one.kind) for one in prepared.all_texts() if one.id in asked}
    for row in _table("search_pages.tsv"):
        body = PieceBody(title=row["title"], claim=row["claim"], verdict="false", fact=row["fact"])
        bodies[row["id"]] = (body, "rebuttal")
    made = [
        told(publication(body, kind, id_, number))
        for number, (id_, (body, kind)) in enumerate(bodies.items())
    ]
    return Public(tuple(made), len(made))


@pytest.mark.parametrize("half", ["tuning", "figure"])
async def test_the_right_page_is_among_the_first_three_for_nineteen_questions_in_twenty(
    db: Database, half: str
) -> None:
    public = hundred()
    questions = [(row[half], row["id"]) for row in _table("search_questions.tsv")]
    assert len(public.pages) == len({id_ for _, id_ in questions}) == 100
    await sync(db, public)
    missed = [
        (question, wanted) for question, wanted in questions if wanted not in (await find(db, question))[:3]
    ]
    assert len(missed) <= 5, missed


async def test_the_page_is_found_by_how_people_say_it(db: Database) -> None:
    await sync(db, hundred())
    rows = _table("search_spoken.tsv")
    missed = [row for row in rows if row["id"] not in (await find(db, row["spoken"]))[:3]]
    assert len({row["id"] for row in rows}) == 100
    assert len(missed) <= 2, missed


def _mistyped(question: str, rng: random.Random) -> str:
    """With one character that sounds alike: its neighbour in GB 2312, which is ordered by sound."""
    places = [n for n, sign in enumerate(question) if sign >= "啊" or sign.isalpha()]
    for place in rng.sample(places, len(places)):
        row, cell = (*question[place].encode("gb2312", "ignore"), 0, 0)[:2]
        if 0xB1 <= row <= 0xD6 and 0xA2 <= cell <= 0xFD:
            return (
                question[:place]
                + bytes((row, cell + rng.choice((-1, 1)))).decode("gb2312")
                + question[place + 1 :]
            )
    return question


async def test_one_wrong_character_does_not_hide_the_page(db: Database) -> None:
    await sync(db, hundred())
    rng = random.Random(7)
    typed = [(_mistyped(row["tuning"], rng), row) for row in _table("search_questions.tsv")]
    assert sum(question != row["tuning"] for question, row in typed) >= 95
    missed = [question for question, row in typed if row["id"] not in (await find(db, question))[:3]]
    assert len(missed) <= 5, missed


@pytest.mark.postgres
async def test_postgresql_gives_the_same_three(db: Database, pg: Database) -> None:
    for database in (db, pg):
        await sync(database, hundred())
    questions = [row[half] for row in _table("search_questions.tsv") for half in ("tuning", "figure")]
    for question in questions + [row["spoken"] for row in _table("search_spoken.tsv")]:
        assert (await find(db, question))[:3] == (await find(pg, question))[:3], question
