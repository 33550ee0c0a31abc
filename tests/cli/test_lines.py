"""Whatever stands on stdin, each line costs only itself: `classify` and `match` as a careless program feeds them."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

COMMAND = [sys.executable, "-m", "service"]
RAIN = "宜春市气象台发布暴雨红色预警信号"


def run(*arguments: str, stdin: bytes = b"", **env: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [*COMMAND, *arguments],
        input=stdin,
        capture_output=True,
        timeout=120,
        check=False,
        env={**os.environ, **env},
    )


def answers(done: subprocess.CompletedProcess[bytes]) -> list[dict[str, Any]]:
    def refuse(name: str) -> None:
        raise AssertionError(f"{name} is no JSON")

    return [json.loads(line, parse_constant=refuse) for line in done.stdout.decode("utf-8").splitlines()]


def kinds(done: subprocess.CompletedProcess[bytes]) -> list[object]:
    return [answer["error"]["type"] if "error" in answer else "ok" for answer in answers(done)]


def test_odd_lines_cost_only_themselves() -> None:
    odd = [
        b'\xef\xbb\xbf{"id":"bom","text":"a"}',
        b'{"id":"crlf","text":"b"}\r',
        b"",
        b"   ",
        b'{"id":"half","text":"a\\ud83d"}',
        b'{"id":"\\ud800","text":"half an id"}',
        b'{"id":NaN,"text":"a"}',
        b'{"id":1e999,"text":"a"}',
        b'{"id":"\xff","text":"a"}',
        b"[" * 100_000,
        b'{"id":"extra","text":"a","error":{"x":1},"source":{"y":2},"published":7}',
        b'{"id":"titled","title":"a"}',
        b'{"text":"nobody"}',
        b'{"id":"' + b"k" * 10_000 + b'","text":"a\\u0000b"}',
        b'{"id":"end","text":"no line break"}',
    ]
    done = run("classify", stdin=b"\n".join(odd))
    bad = ["not_json"] * 4
    assert (done.returncode, done.stderr) == (0, b"")
    assert kinds(done) == ["ok", "ok", "ok", "ok", *bad, "ok", "ok", "ok", "ok", "ok"]
    found = answers(done)
    assert [one["id"] for one in found[:4]] == ["bom", "crlf", "half", "\ud800"]
    assert [one["line"] for one in found[4:8]] == [7, 8, 9, 10]
    assert [one["id"] for one in found[8:]] == ["extra", "titled", 13, "k" * 10_000, "end"]


@pytest.mark.parametrize("encoding", ["ascii", "gbk"])
def test_answers_are_utf_8_whatever_the_locale(encoding: str) -> None:
    line = json.dumps({"id": "雨", "text": RAIN}).encode()
    assert answers(run("classify", stdin=line, PYTHONIOENCODING=encoding))[0]["id"] == "雨"


def test_a_text_of_megabytes_is_read_to_its_limit_and_a_longer_line_is_refused_by_itself() -> None:
    long = json.dumps({"id": "long", "text": RAIN + "。" * 2_000_000}).encode()
    endless = b'{"id":"endless","text":"' + b"a" * (17 * 1024 * 1024) + b'"}'
    done = run("classify", stdin=b"\n".join([long, endless, b'{"id":"after","text":"a"}']))
    assert kinds(done) == ["ok", "too_long", "ok"]
    assert answers(done)[1]["line"] == 2


def test_a_reader_that_has_enough_and_a_full_disk_end_it_without_a_traceback(tmp_path: Path) -> None:
    many = tmp_path / "many.jsonl"
    many.write_text('{"id":1,"text":"雨"}\n' * 3_000, "utf-8")
    with (
        many.open("rb") as lines,
        subprocess.Popen(
            [*COMMAND, "classify"], stdin=lines, stdout=subprocess.PIPE, stderr=subprocess.PIPE
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        assert process.stdout.readline()
        process.stdout.close()
        assert process.stderr.read() == b""
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [*COMMAND, "classify"],
            input=b'{"id":1,"text":"a"}',
            stdout=full,
            stderr=subprocess.PIPE,
            timeout=60,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.splitlines() == [b"qingyuan: standard output: No space left on device"]


def test_no_stdin_at_all_is_nothing_to_do_and_ctrl_c_is_quiet() -> None:
    closed = subprocess.run(
        ["sh", "-c", f"{sys.executable} -m service classify <&-"],
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert (closed.returncode, closed.stdout, closed.stderr) == (0, b"", b"")
    with subprocess.Popen([*COMMAND, "classify"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b'{"id":1,"text":"a"}\n')
        process.stdin.flush()
        assert process.stdout.readline()
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130


def test_entries_are_utf_8_and_a_full_disk_is_one_line_for_ingest_too(tmp_path: Path) -> None:
    feed = tmp_path / "雨.xml"
    feed.write_text("<rss version='2.0'><channel><item><title>雨🌧</title></item></channel></rss>", "utf-8")
    for form in (["--json"], []):
        done = run("ingest", str(feed), *form, PYTHONIOENCODING="ascii")
        assert done.returncode == 0
        assert "雨🌧" in done.stdout.decode("utf-8")
    with Path("/dev/full").open("wb") as full:
        words = [*COMMAND, "ingest", str(feed)]
        stopped = subprocess.run(words, stdout=full, stderr=subprocess.PIPE, timeout=60, check=False)
    assert (stopped.returncode, len(stopped.stderr.splitlines())) == (1, 1)


def test_what_a_person_reads_does_not_stop_at_a_character_that_the_terminal_lacks() -> None:
    for words in (["--help"], ["ingest"], ["matrix"]):
        done = run(*words, PYTHONIOENCODING="ascii")
        assert done.returncode in (0, 2)
        assert b"Traceback" not in done.stderr


@pytest.fixture
def claims(tmp_path: Path) -> Path:
    path = tmp_path / "claims.jsonl"
    rows: list[dict[str, object]] = [
        {"id": 5, "text": "空腹喝牛奶会引起胃穿孔"},
        {"id": "twice", "text": "青山水库明天决堤"},
        {"id": None, "text": "没有编号"},
        {"id": {"a": 1}, "text": "编号不是编号"},
        {"id": "twice", "text": "西瓜打了膨大剂会爆炸"},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), "utf-8-sig")
    return path


def test_a_claim_is_named_as_its_file_names_it_and_what_is_wrong_in_the_file_is_said(claims: Path) -> None:
    queries = [
        b'{"id":"\\ud801","text":"\xe7\xa9\xba\xe8\x85\xb9\xe5\x96\x9d\xe7\x89\x9b\xe5\xa5\xb6\xe8\x83\x83\xe7\xa9\xbf\xe5\xad\x94\\ud800"}',
        json.dumps({"id": 2, "text": "西瓜打膨大剂会爆炸吗"}).encode(),
        json.dumps({"id": 3, "text": "青山水库决堤"}).encode(),
        b'{"id":4,"text":7}',
    ]
    done = run("match", "--claims", str(claims), "--top", "1000000", stdin=b"\n".join(queries))
    found = answers(done)
    assert [one["id"] for one in found] == ["\ud801", 2, 3, 4]
    best = [[match["id"] for match in one["matches"]][:1] for one in found[:3]]
    assert best == [[5], ["twice"], []]
    assert kinds(done)[3] == "bad_text"
    said = done.stderr.decode().splitlines()
    assert [line.split("claims.jsonl:")[1].split(":")[0] for line in said] == ["3", "4", "5"]
    assert "'twice' again" in said[2]


def test_packed_claims_are_read_and_what_only_says_so_is_one_clear_line(tmp_path: Path) -> None:
    import gzip

    packed = tmp_path / "claims.jsonl.gz"
    packed.write_bytes(gzip.compress(json.dumps({"id": "a", "text": "青山水库明天决堤"}).encode()))
    query = json.dumps({"id": 1, "text": "青山水库明天决堤"}).encode()
    assert answers(run("match", "--claims", str(packed), stdin=query))[0]["matches"][0]["id"] == "a"
    for content in (b"no archive", packed.read_bytes()[:-12]):
        packed.write_bytes(content)
        done = run("match", "--claims", str(packed), stdin=query)
        assert done.returncode == 2
        assert len(done.stderr.splitlines()) == 1
