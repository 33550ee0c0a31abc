"""The command line: quick help, exit codes of the contract, one clear line for what goes wrong."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from service import settings
from service.__main__ import exit_code
from service.cli.commands import COMMANDS, build
from service.context import Context
from service.errors import BadSetting, Invalid, NeedsMigration, NotFound

Environment = dict[str, str]


@pytest.fixture
def env(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Environment:
    """A DATA_DIR of its own; the working folder has no qingyuan.toml."""
    monkeypatch.chdir(tmp_path)
    found = {"QINGYUAN_DATA_DIR": str(tmp_path / "var"), "QINGYUAN_LOG": "json"}
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    return found


def call(*arguments: str) -> str:
    """What a command prints; it must end well."""
    result = CliRunner().invoke(build(arguments), list(arguments))
    assert result.exit_code == 0, (result.output, result.exception)
    return result.stdout


def process(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    """A command as a real process."""
    import os

    return subprocess.run(
        [sys.executable, "-m", "service", *arguments],
        cwd=settings.ROOT,
        env={**os.environ, **more},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_help_names_every_command_in_under_a_second() -> None:
    seconds = []
    for _ in range(3):
        started = time.perf_counter()
        found = process("--help")
        seconds.append(time.perf_counter() - started)
        assert found.returncode == 0
    assert all(name in found.stdout for name in COMMANDS)
    assert min(seconds) < 1


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_help(name: str) -> None:
    assert CliRunner().invoke(build([name]), [name, "--help"]).exit_code == 0


@pytest.mark.parametrize("arguments", [["nonsense"], ["user", "add"], ["serve", "--nonsense"]])
def test_bad_arguments_exit_2(arguments: list[str]) -> None:
    assert CliRunner().invoke(build(arguments), arguments).exit_code == 2


@pytest.mark.parametrize(
    ("error", "code"),
    [(BadSetting(), 2), (Invalid(), 2), (NeedsMigration(), 3), (NotFound(), 1), (ValueError(), None)],
)
def test_errors_have_the_exit_codes_of_the_contract(error: Exception, code: int | None) -> None:
    assert exit_code(error) == code


def test_a_bad_setting_is_one_clear_line_and_exit_2(env: Environment) -> None:
    found = process("user", "list", QINGYUAN_PORT="many")
    assert found.returncode == 2
    assert found.stderr.startswith("qingyuan: QINGYUAN_PORT: ")
    assert found.stderr.count("\n") == 1


def test_in_production_an_empty_database_needs_migrate_first(env: Environment) -> None:
    assert process("user", "list", QINGYUAN_ENV="prod").returncode == 3
    assert process("migrate", QINGYUAN_ENV="prod").returncode == 0
    assert process("user", "list", QINGYUAN_ENV="prod").returncode == 0


def test_a_worker_without_postgresql_is_a_bad_setting(env: Environment) -> None:
    found = process("worker")
    assert (found.returncode, found.stderr.count("\n")) == (2, 1)


def test_a_database_that_is_not_there_is_one_clear_line(env: Environment) -> None:
    found = process("user", "list", QINGYUAN_DATABASE_URL="postgresql+asyncpg://nobody@127.0.0.1:9/none")
    assert found.returncode == 1
    assert found.stderr.startswith("qingyuan: the database cannot be opened")
    assert found.stderr.count("\n") == 1


def test_migrate_says_what_it_would_do_and_does_it_once(env: Environment) -> None:
    assert json.loads(call("migrate", "--dry-run", "--json"))["steps"]
    assert json.loads(call("migrate", "--json"))["steps"]
    assert json.loads(call("migrate", "--json"))["steps"] == []


def test_an_account_is_made_with_a_link_and_stands_in_the_list_and_the_log(env: Environment) -> None:
    made = json.loads(call("user", "add", "Wang.Fang", "--role", "editor", "--role", "issuer", "--json"))
    assert "/setup/" in made["setup"]
    call("user", "disable", "wang.fang", "--reason", "调离")
    call("user", "enable", "wang.fang")
    assert call("user", "reset", "wang.fang").count("/setup/") == 1
    listed = json.loads(call("user", "list", "--json"))
    assert listed == {"name": "wang.fang", "roles": ["editor", "issuer"], "state": "waits for its password"}
    acts = [json.loads(line)["act"] for line in call("audit", "export").splitlines()]
    assert acts == ["user.create", "user.disable", "user.enable", "user.reset"]
    assert json.loads(call("audit", "verify", "--json"))["good"]


def test_a_broken_audit_log_fails_verify(env: Environment, ctx: Context) -> None:
    call("user", "add", "wang.fang", "--role", "editor")
    Path(env["QINGYUAN_DATA_DIR"], "audit-head.json").unlink()
    assert CliRunner().invoke(build(["audit"]), ["audit", "verify"]).exit_code == 1


def test_backup_and_restore_carry_accounts_elsewhere(
    env: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    call("user", "add", "wang.fang", "--role", "editor")
    call("backup", str(tmp_path / "copy.tar.gz"))
    monkeypatch.setenv("QINGYUAN_DATA_DIR", str(tmp_path / "elsewhere"))
    call("restore", str(tmp_path / "copy.tar.gz"))
    assert json.loads(call("user", "list", "--json"))["name"] == "wang.fang"
    assert json.loads(call("audit", "verify", "--json"))["good"]


def test_doctor_finds_a_fresh_installation_unmade_and_a_made_one_well(env: Environment) -> None:
    first = CliRunner().invoke(build(["doctor"]), ["doctor", "--json"])
    assert first.exit_code == 1
    assert not json.loads(first.stdout)["database"]["well"]
    call("migrate")
    found = json.loads(call("doctor", "--json"))
    assert all(check["well"] for check in found.values()), found


def test_crashpoints_and_matrix_print_their_tables(env: Environment) -> None:
    assert "publish.after_commit" in json.loads(call("crashpoints", "--json"))
    assert json.loads(call("matrix", "--json"))["acts"]["piece.approve"] == ["issuer"]
    assert "piece.approve" in call("matrix")


def test_only_the_asked_command_is_imported() -> None:
    app = build(["--help"])
    assert isinstance(app, typer.Typer)
    assert {info.callback.__name__ for info in app.registered_commands if info.callback} == {"_nothing"}


def test_the_report_of_a_month_is_written_as_a_workbook_or_csv(env: Environment, tmp_path: Path) -> None:
    for name, first in (("report.xlsx", b"PK"), ("report.csv", b"\xef\xbb\xbfgroup")):
        out = tmp_path / name
        assert str(out) in call("report", "--month", "2026-10", "--out", str(out)).replace("\n", "")
        assert out.read_bytes().startswith(first)
    refused = CliRunner().invoke(build(["report"]), ["report", "--out", str(tmp_path / "report.doc")])
    assert isinstance(refused.exception, BadSetting)
