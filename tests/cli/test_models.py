"""`learn` and `model` from a shell: from labels to a model in use and back."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from content.permissions import Actor
from service import settings
from service.cli.commands import build
from service.cli.opening import open_database, prepare
from service.errors import QingyuanError
from tests.conftest import Clock
from tests.usecases.label_desk import decided


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("QINGYUAN_DATA_DIR", str(tmp_path / "var"))


def call(*arguments: str) -> str:
    result = CliRunner().invoke(build(arguments), list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def refused(*arguments: str) -> QingyuanError:
    result = CliRunner().invoke(build(arguments), list(arguments))
    assert isinstance(result.exception, QingyuanError), result.output
    return result.exception


async def a_desk(clock: Clock, *editors: Actor) -> None:
    ctx = replace(prepare(settings.load()), now=clock)
    async with open_database(ctx.settings) as db:
        await decided(ctx, db, clock, editors)


def test_learn_promote_and_roll_back(
    clock: Clock, editor: Actor, second_editor: Actor, tmp_path: Path
) -> None:
    assert json.loads(call("model", "list", "--json")) == {"current": "shipped", "trouble": "", "models": []}
    assert refused("learn").type == "labels_not_fit"
    asyncio.run(a_desk(clock, editor, second_editor))
    report = json.loads(call("learn", "--json"))
    assert report["promote"] is True
    version = report["version"]
    assert f"in use: {version}" in call("model", "promote", version, "--reason", "试用")
    listed = json.loads(call("model", "list", "--json"))
    assert (listed["current"], listed["models"][0]["current"]) == (version, True)
    assert f"→ {version}" in call("model", "list")
    assert "in use: shipped" in call("model", "rollback")
    assert refused("model", "promote", "qy-ffffffffffff").type == "not_found"
    assert "260 texts" in call("model", "labels", "--out", str(tmp_path / "desk.jsonl"))
