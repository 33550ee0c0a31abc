"""`qingyuan classify`, `train` and `evaluate`, as another program calls them."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from classifiers.sentences.compose import HERE

COMMAND = [sys.executable, "-m", "service"]


def run(*arguments: str, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *arguments], input=stdin, capture_output=True, text=True, timeout=240, check=False
    )


def test_lines_come_back_in_order_with_the_contracts_fields() -> None:
    lines = [
        {
            "id": "b",
            "title": "暴雨",
            "text": "宜春市气象台发布暴雨红色预警信号",
            "source": "x",
            "published": None,
        },
        {"id": 7, "text": "网传铜鼓县要地震？官方辟谣：不实"},
        {"id": "a", "text": ""},
    ]
    done = run("classify", stdin="\n".join(json.dumps(line) for line in lines))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["id"] for answer in answers] == ["b", 7, "a"]
    fields = {"id", "rumor", "debunk", "emergency", "topics", "audiences", "regions", "model"}
    assert all(set(answer) == fields for answer in answers)
    assert answers[0]["emergency"]["level"] == "red"
    assert answers[1]["debunk"]["flag"]
    assert answers[1]["regions"] == ["360926"]


def test_a_source_that_the_city_knows_as_an_authority_reaches_the_floor() -> None:
    text = "近期降雨偏多，注意防范"
    sources = ["宜春市水利局", "www.yichun.gov.cn", "https://slj.yichun.gov.cn/a?b=1"]
    others = ["一位网友", "yichun.gov.cn.example", "https://[", 5, None]
    lines = [{"id": str(at), "text": text, "source": one} for at, one in enumerate([*sources, *others])]
    done = run("classify", stdin="\n".join(json.dumps(line) for line in lines))
    scores = [json.loads(line)["emergency"] for line in done.stdout.splitlines()]
    assert all(one["flag"] and one["score"] >= 0.5 for one in scores[: len(sources)])
    assert len({one["score"] for one in scores[len(sources) :]}) == 1
    assert scores[-1]["score"] < 0.5


def test_a_bad_line_is_one_error_line_and_the_rest_go_on() -> None:
    bad = ["{", "[1]", '{"id":"n"}', '{"id":"t","text":5}', '{"id":"tt","text":"a","title":["x"]}']
    done = run("classify", stdin="\n".join([*bad, '{"id":"ok","text":"雨"}', ""]))
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert done.returncode == 0
    assert [answer["error"]["type"] for answer in answers[:5]] == [
        "not_json",
        "not_an_object",
        "no_text",
        "bad_text",
        "bad_title",
    ]
    assert [answer["line"] for answer in answers[:5]] == [1, 2, 3, 4, 5]
    assert answers[2]["id"] == "n"
    assert answers[5]["id"] == "ok"


def test_only_bad_lines_fail() -> None:
    assert run("classify", stdin="nonsense\n").returncode == 1
    assert run("classify", stdin="").returncode == 0


def test_a_missing_model_is_a_bad_argument(tmp_path: Path) -> None:
    done = run("classify", "--model", str(tmp_path), stdin='{"id":1,"text":"雨"}')
    assert done.returncode == 2
    assert len(done.stderr.strip().splitlines()) == 1


def test_a_waiting_program_gets_its_answer_at_once() -> None:
    with subprocess.Popen([*COMMAND, "classify"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for number in range(3):
            process.stdin.write(json.dumps({"id": number, "text": "洪水来了"}).encode() + b"\n")
            process.stdin.flush()
            assert json.loads(process.stdout.readline())["id"] == number
        process.stdin.close()
        assert process.wait(20) == 0


@pytest.fixture
def posts(tmp_path: Path) -> Path:
    """Labelled lines made of our own sentences: rumor only, no other task."""
    rows = [
        line.split("\t")[0]
        for name in ("rumor_claims", "everyday")
        for line in (HERE / "labelled" / f"{name}.tsv").read_text("utf-8").splitlines()[1::3]
        if line and not line.startswith("#")
    ]
    half = len(rows) // 2
    path = tmp_path / "posts.jsonl"
    path.write_text(
        "".join(
            json.dumps(
                {"id": str(i), "text": text, "rumor": int(i < half), "date": f"2026-01-{i % 28 + 1:02}"}
            )
            + "\n"
            for i, text in enumerate(rows)
        ),
        "utf-8",
    )
    return path


def test_training_and_evaluating_from_files(posts: Path, tmp_path: Path) -> None:
    out = tmp_path / "model"
    done = run("train", "--data", str(posts), "--out", str(out))
    assert done.returncode == 0, done.stderr
    report = json.loads(run("evaluate", "--data", str(posts), "--model", str(out), "--json").stdout)
    assert report["rumor"]["macro_f1"] > 0.8
    assert "emergency" not in report
    answer = json.loads(run("classify", "--model", str(out), stdin='{"id":1,"text":"暴雨红色预警"}').stdout)
    assert answer["emergency"]["flag"]  # the shipped model's part is still there


def test_the_folder_of_our_sentences_can_be_evaluated_though_some_of_its_files_hold_no_texts() -> None:
    done = run("evaluate", "--data", str(HERE), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["examples"] >= 25  # the canaries


def test_bad_training_data_is_a_bad_argument(tmp_path: Path) -> None:
    empty = tmp_path / "none"
    assert run("train", "--data", str(empty), "--out", str(tmp_path / "m")).returncode == 2
    bad = tmp_path / "bad.jsonl"
    bad.write_text('{"text":"雨","rumor":1}\n{"text":"雨","rumor":9}\n')
    done = run("train", "--data", str(bad), "--out", str(tmp_path / "m"))
    assert done.returncode == 2
    assert "bad.jsonl: line 2" in done.stderr
