"""`qingyuan match`: queries in, matches out, in the same order."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

CLAIMS = [
    {"id": "milk", "text": "空腹喝牛奶会引起胃穿孔", "body": "牛奶不会伤胃，乳糖不耐受的人可能腹胀。"},
    {"id": "dam", "text": "青山水库决堤，下游群众赶快转移"},
]


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "service", "match", *arguments]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    path.write_text("".join(json.dumps(claim, ensure_ascii=False) + "\n" for claim in CLAIMS), "utf-8")
    return path


def test_each_query_gets_one_line_in_its_order(claims: Path) -> None:
    queries = [{"id": "q1", "text": "青山水库要决堤了？"}, {"id": "q2", "text": "空腹不能喝牛奶，胃会穿孔"}]
    done = run("--claims", str(claims), "--top", "1", stdin="\n".join(map(json.dumps, queries)))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["id"] for answer in answers] == ["q1", "q2"]
    assert [[match["id"] for match in answer["matches"]] for answer in answers] == [["dam"], ["milk"]]
    assert all(
        set(match) == {"id", "score"} and 0 <= match["score"] <= 1 for a in answers for match in a["matches"]
    )


def test_a_bad_line_gives_an_error_line_and_the_rest_go_on(claims: Path) -> None:
    done = run("--claims", str(claims), stdin='not json\n{"id": "q", "text": "青山水库决堤"}\n{"id": 7}\n')
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert answers[0]["line"] == 1
    assert answers[0]["error"]["type"] == "not_json"
    assert answers[1]["matches"][0]["id"] == "dam"
    assert answers[2]["id"] == 7
    assert answers[2]["error"]["type"] == "no_text"


def test_only_bad_lines_fail(claims: Path) -> None:
    assert run("--claims", str(claims), stdin="[]\n").returncode == 1


def test_a_bad_claim_is_told_and_left_out(claims: Path) -> None:
    claims.write_text('{"id": "x"}\n' + claims.read_text("utf-8"), "utf-8")
    done = run("--claims", str(claims), stdin='{"id": "q", "text": "空腹喝牛奶胃穿孔"}\n')
    assert done.returncode == 0
    assert "claims.jsonl:1:" in done.stderr
    assert json.loads(done.stdout)["matches"][0]["id"] == "milk"


def test_a_missing_claims_file_is_one_clear_line_and_exit_two(tmp_path: Path) -> None:
    done = run("--claims", str(tmp_path / "nowhere.jsonl"))
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1
    assert "nowhere.jsonl" in done.stderr
