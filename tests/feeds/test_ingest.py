"""`qingyuan ingest` as an operator and other programs use it."""

import json
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from typer import Typer
from typer.testing import CliRunner

from service.cli import ingest as command
from service.feeds.policy import FetchPolicy
from tests.feeds.conftest import FeedServer
from tests.feeds.samples import CAP, STORIES, atom, rss

FIELDS = [
    "feed",
    "guid",
    "url",
    "title",
    "summary",
    "text",
    "authors",
    "published",
    "updated",
    "language",
    "enclosures",
]

app = Typer()
app.command()(command.ingest)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sub").mkdir()
    (tmp_path / "a.xml").write_bytes(rss())
    (tmp_path / "b.xml").write_bytes(atom(encoding="gb18030"))
    (tmp_path / "c.xml").write_bytes(b"<!doctype html><h1>login</h1>")
    (tmp_path / "sub" / "d.cap").write_text(CAP)
    (tmp_path / ".hidden").write_bytes(rss())
    return tmp_path


def run(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    result = CliRunner().invoke(app, [*arguments, "--json"])
    return result.exit_code, [json.loads(line) for line in result.stdout.splitlines()]


def test_every_entry_is_one_line_with_the_contract_s_fields(folder: Path) -> None:
    code, lines = run(str(folder / "a.xml"))
    assert code == 0
    assert [list(line) for line in lines] == [FIELDS] * len(STORIES)
    first = lines[0]
    assert first["feed"] == str(folder / "a.xml")
    assert (first["guid"], first["title"], first["text"]) == STORIES[0]
    assert datetime.fromisoformat(first["published"]).isoformat() == "2026-11-24T00:00:00+00:00"
    assert first["updated"] is None
    assert (first["authors"], first["enclosures"], first["language"]) == ([], [], "zh-cn")


def test_a_file_that_is_no_feed_gives_an_error_line_and_the_rest_go_on(folder: Path) -> None:
    code, lines = run(str(folder / "c.xml"), str(folder / "a.xml"), str(folder / "nowhere.xml"))
    assert code == 0
    assert lines[0]["error"]["type"] == "not_a_feed"
    assert lines[-1]["error"]["type"] == "unreadable"
    assert len(lines) == 2 + len(STORIES)


def test_a_folder_gives_its_files_in_order(folder: Path) -> None:
    code, lines = run(str(folder))
    assert code == 0
    assert [Path(line["feed"]).name for line in lines] == ["a.xml"] * 4 + ["b.xml"] * 4 + ["c.xml", "d.cap"]


def test_only_when_all_fail_the_exit_code_is_one(folder: Path) -> None:
    assert run(str(folder / "c.xml"), str(folder / "nowhere.xml"))[0] == 1


def test_nothing_to_read_is_a_bad_argument(tmp_path: Path) -> None:
    assert run(str(tmp_path))[0] == 2
    assert run()[0] == 2


def test_people_get_a_table(folder: Path) -> None:
    result = CliRunner().invoke(app, [str(folder)])
    assert "2026-11-24 00:00  宜春市气象台发布暴雨橙色预警信号" in result.stdout
    assert "✗" in result.stdout


def test_a_file_larger_than_the_limit_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QINGYUAN_FETCH_MAX_BYTES", "1024")
    code, lines = run(str(folder / "a.xml"))
    assert (code, lines[0]["error"]["type"]) == (1, "too_big")


def test_all_entries_of_a_long_file_come(tmp_path: Path) -> None:
    path = tmp_path / "long.xml"
    path.write_bytes(rss([(f"g{n}", f"第{n}条", "") for n in range(700)]))
    assert len(run(str(path))[1]) == 700


async def test_addresses_are_fetched_behind_the_guard(feed_server: FeedServer, tmp_path: Path) -> None:
    address = feed_server.gives("/feed", rss())
    outcomes = [outcome async for outcome in command.outcomes([address], feed_server.policy)]
    assert [item.title for item in outcomes[0].items] == [title for _, title, _ in STORIES]
    blocked = [outcome async for outcome in command.outcomes([address], FetchPolicy())]
    assert blocked[0].error is not None
    assert blocked[0].error[0] == "blocked"


def test_it_needs_no_database_and_no_folder_of_its_own(folder: Path, tmp_path: Path) -> None:
    """In a process of its own, elsewhere: nothing is written."""
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    code = "import typer; from service.cli.ingest import ingest; typer.run(ingest)"
    done = subprocess.run(
        [sys.executable, "-c", code, str(folder / "a.xml"), "--json"],
        cwd=elsewhere,
        env={"PYTHONPATH": str(Path(command.__file__).parents[2])},
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert len(done.stdout.splitlines()) == len(STORIES)
    assert list(elsewhere.iterdir()) == []
