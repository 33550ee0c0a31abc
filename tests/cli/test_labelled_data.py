"""Labelled files as people bring them to `train` and `evaluate`: what is wrong is named, nothing is learned by half."""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from service.cli.commands import build
from service.cli.training import collect

SUBJECTS = (
    "牛奶",
    "柚子",
    "西瓜",
    "手机",
    "微波炉",
    "大蒜",
    "空调",
    "自来水",
    "面粉",
    "食盐",
    "鸡蛋",
    "豆角",
)
FALSE = ("吃了会中毒", "千万不要碰", "赶快转发给家人", "已经有人死了", "明天全市停售", "内部消息不让说")
TRUE = ("今天上市", "价格平稳", "供应充足", "丰收了", "检测全部合格", "节日促销")


def posts(number: int) -> list[dict[str, Any]]:
    """Invented posts, every second one a rumor."""
    rng = random.Random(number)
    rows: list[dict[str, Any]] = []
    for at in range(number):
        words = FALSE if at % 2 else TRUE
        text = f"{rng.choice(SUBJECTS)}{rng.choice(words)}，{rng.choice(SUBJECTS)}{rng.choice(words)}{at}"
        rows.append({"id": at, "text": text, "rumor": at % 2, "date": f"2026-01-{at % 28 + 1:02}"})
    return rows


def lines(rows: Iterable[Mapping[str, object]]) -> bytes:
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def call(*arguments: str | Path) -> Result:
    words = [str(argument) for argument in arguments]
    return CliRunner().invoke(build(words), words)


def trained(path: Path, out: Path, *more: str | Path) -> str:
    done = call("train", "--data", path, "--out", out, *more)
    assert done.exit_code == 0, done.output
    return done.stdout.split(":")[0]


def refused(path: Path, out: Path, command: str = "train") -> str:
    where: list[str | Path] = ["--out", out] if command == "train" else []
    done = call(command, "--data", path, *where)
    assert done.exit_code == 2, done.output
    assert len(done.stderr.splitlines()) == 1
    return done.stderr


@pytest.fixture
def out(tmp_path: Path) -> Path:
    return tmp_path / "model"


@pytest.fixture
def good(tmp_path: Path) -> Path:
    path = tmp_path / "good.jsonl"
    path.write_bytes(lines(posts(80)))
    return path


@pytest.mark.parametrize(
    "labels",
    [
        {"rumor": 2},
        {"rumor": "yes"},
        {"rumor": [1]},
        {"emergency": 0.5},
        {"category": "weather"},
        {"hazard": "deluge"},
        {"hazard": ["flood"]},
        {"topics": "food"},
        {"topics": ["cooking"]},
        {"topics": [["food"]]},
        {"text": 5},
        {"text": None},
        {"title": ["x"]},
    ],
)
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_label_that_cannot_be_read_is_named_with_its_line(
    tmp_path: Path, out: Path, command: str, labels: dict[str, object]
) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines([*posts(60), {"id": "x", "text": "雨", "rumor": 1} | labels]))
    said = refused(path, out, command)
    assert "posts.jsonl: line 61" in said
    assert next(iter(labels)).rstrip("s") in said
    assert not out.exists()


@pytest.mark.parametrize("last", [b"{", b"[" * 100_000, b'{"text":"\xff","rumor":1}', b"[1]", b'"x"'])
@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, out: Path, command: str, last: bytes) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines(posts(60)) + last + b"\n")
    assert "posts.jsonl, line 61" in refused(path, out, command)


@pytest.mark.parametrize("command", ["train", "evaluate"])
def test_a_file_that_cannot_be_read_is_one_clear_line(tmp_path: Path, out: Path, command: str) -> None:
    packed = gzip.compress(lines(posts(60)))
    for name, content in (
        ("a.jsonl.gz", b"no archive"),
        ("b.jsonl.gz", packed[:-12]),
        ("c.jsonl.gz", packed[:40] + b"\x00" * 40),
        ("d.tsv", "雨\trumor=1\n".encode("gbk")),
    ):
        path = tmp_path / name
        path.write_bytes(content)
        assert name in refused(path, out, command)


def test_the_same_labels_in_other_clothes_are_the_same_model(tmp_path: Path, out: Path, good: Path) -> None:
    rows = posts(80)
    version = trained(good, out)
    written = {
        "strings.jsonl": lines([row | {"rumor": str(row["rumor"])} for row in rows]),
        "bools.jsonl": lines([row | {"rumor": bool(row["rumor"])} for row in rows]),
        "dos.jsonl": b"\xef\xbb\xbf" + lines(rows).replace(b"\n", b"\r\n\r\n"),
        "packed.jsonl.gz": gzip.compress(lines(rows)),
        "named.txt": lines([row | {"source": {"a": 1}, "debunk": None, "topics": None} for row in rows]),
    }
    for name, content in written.items():
        path = tmp_path / name
        path.write_bytes(content)
        assert trained(path, tmp_path / f"{name}-model") == version, name
    assert trained(good, tmp_path / "twice", good) == version


def test_what_is_not_learned_says_why(tmp_path: Path, out: Path) -> None:
    path = tmp_path / "posts.jsonl"
    path.write_bytes(lines([row | {"rumor": 1} for row in posts(60)]))
    assert "rumor 60 yes 0 no" in refused(path, out)
    path.write_bytes(b"")
    assert "rumor 0 yes 0 no" in refused(path, out)
    path.write_bytes(lines([{"text": "雨"}]))
    assert "no line has a label" in refused(path, out, "evaluate")


def test_lines_that_contradict_are_counted_and_the_first_counts(
    tmp_path: Path, good: Path, out: Path
) -> None:
    path = tmp_path / "torn.jsonl"
    path.write_bytes(lines([*posts(80), *(row | {"rumor": 1 - row["rumor"]} for row in posts(80)[:7])]))
    done = call("train", "--data", path, "--out", out)
    assert done.stderr.startswith("7 lines contradict")
    assert done.stdout.split(":")[0] == trained(good, tmp_path / "good-model")


@pytest.mark.parametrize("where", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_is_said_before_the_work(
    tmp_path: Path, good: Path, where: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("x")
    monkeypatch.setattr("service.cli.training.fit", lambda *_: pytest.fail("it was fitted first"))
    assert str(tmp_path / where) in refused(good, tmp_path / where)


def test_a_model_beside_its_data_is_no_data(tmp_path: Path, good: Path) -> None:
    version = trained(tmp_path, tmp_path)
    assert trained(tmp_path, tmp_path) == version
    assert {path.name for path in tmp_path.iterdir()} == {
        "good.jsonl",
        "manifest.json",
        "space-0.npz",
        "space-1.npz",
    }


def test_other_tasks_stay_the_shipped_models(out: Path, good: Path) -> None:
    from classifiers import model_file

    trained(good, out)
    shipped, own = model_file.load(model_file.SHIPPED), model_file.load(out)
    assert own.column("rumor") != shipped.column("rumor")
    assert own.column("rumor", "message") is None
    for task in ("emergency", "topics", "hazard"):
        assert [c for s in own.spaces for c in s.columns if c.task == task] == [
            c for s in shipped.spaces for c in s.columns if c.task == task
        ]


def test_evaluate_prints_the_figures_that_a_judge_asks_for(tmp_path: Path, out: Path, good: Path) -> None:
    trained(good, out)
    done = call("evaluate", "--data", good, "--model", out, "--json")
    report = json.loads(done.stdout)
    assert report["examples"] == 80
    assert report["model"] == trained(good, tmp_path / "again")
    assert {"macro_f1", "precision", "recall", "average_precision", "roc_area", "calibration_error"} <= set(
        report["rumor"]
    )
    assert sum(number for *_, number in report["rumor"]["reliability"]) == 80
    text = call("evaluate", "--data", good, "--model", out).stdout
    assert f"macro_f1={report['rumor']['macro_f1']:.3f}" in text
    assert "said" in text


def test_what_two_files_say_of_one_text_is_learned_from_both(tmp_path: Path) -> None:
    rows: list[dict[str, object]] = [
        {"text": "暴雨冲断了桥", "emergency": 1},
        {"text": "暴雨冲断了桥", "hazard": "rainstorm", "topics": ["weather"]},
        {"text": "暴雨冲断了桥", "emergency": 1, "hazard": "flood"},
    ]
    paths = [tmp_path / f"{number}.jsonl" for number in range(3)]
    for path, row in zip(paths, rows, strict=True):
        path.write_bytes(lines([row]))
    found = collect(paths)
    assert [(one.emergency, one.hazard, one.topics) for one in found.examples] == [
        (1, "rainstorm", ("weather",))
    ]
    assert found.torn == 1
