"""`experts import · export · match` from a shell."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from expert_db import sheets
from service.cli.commands import build
from tests.usecases.expert_people import DEMO


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGYUAN_DATA_DIR", str(tmp_path / "var"))


def call(*arguments: str, code: int = 0) -> str:
    result = CliRunner().invoke(build(arguments), list(arguments))
    assert result.exit_code == code, (result.output, result.exception)
    return result.stdout


def test_the_directory_goes_in_and_comes_out_as_it_was(tmp_path: Path) -> None:
    assert json.loads(call("experts", "import", str(DEMO), "--dry-run", "--json")) == {
        "new": 89, "changed": 0, "same": 0, "applied": False,
    }  # fmt: skip
    call("experts", "import", str(DEMO))
    for name in ("out.csv", "out.xlsx"):
        call("experts", "export", str(tmp_path / name))
        assert len(sheets.read((tmp_path / name).read_bytes()).rows) == 89
        assert json.loads(call("experts", "import", name, "--json"))["same"] == 89


def test_errors_are_json_lines_and_nothing_is_imported(tmp_path: Path) -> None:
    (tmp_path / "bad.csv").write_text("姓名,灾种\n甲,火星\n乙,洪涝\n丙,=1+1\n", "utf-8")
    lines = [json.loads(line) for line in call("experts", "import", "bad.csv", "--json", code=1).splitlines()]
    assert [(line["row"], line["column"], line["code"]) for line in lines if "row" in line] == [
        (2, "灾种", "unknown_value"),
        (4, "灾种", "formula"),
    ]
    call("experts", "export", "after.csv")
    assert sheets.read((tmp_path / "after.csv").read_bytes()).rows == ()


def test_a_question_finds_who_knows(tmp_path: Path) -> None:
    call("experts", "import", str(DEMO))
    lines = call(
        "experts", "match", "铜鼓县暴雨后山体开裂，村民担心滑坡", "--limit", "3", "--json"
    ).splitlines()
    found = [json.loads(line) for line in lines]
    assert "示例专家·黄岩" in [one["name"] for one in found]
    for one in found:
        assert one["score"] == sum(reason["points"] for reason in one["reasons"])
    office = json.loads(call("experts", "match", "核实停电范围", "--kind", "fact", "--limit", "1", "--json"))
    assert office["kind"] == "department"
