"""Three packages decide and one does: the deciding ones have no network, no session, no clock and no chance."""

import ast
from pathlib import Path

import pytest

from tests.repo.files import ROOT, tracked

DECIDING = ("classifiers", "content", "expert_db")
FORBIDDEN_MODULES = {
    "aiohttp", "asyncio", "socket", "ssl", "requests", "urllib.request", "http", "subprocess", "random", "secrets", "time",
    "sqlite3", "asyncpg", "aiosqlite", "sqlalchemy.ext.asyncio", "sqlalchemy.orm", "multiprocessing",
}  # fmt: skip
FORBIDDEN_CALLS = {"now", "utcnow", "today", "uuid4", "uuid1", "getenv", "urandom"}


def deciding_files() -> list[Path]:
    return [p for p in tracked(".py") if p.relative_to(ROOT).parts[0] in DECIDING]


def impurities(path: Path) -> list[str]:
    found = []
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        found += [
            f"line {getattr(node, 'lineno', 0)}: imports {n}"
            for n in names
            if n in FORBIDDEN_MODULES or n.split(".")[0] in FORBIDDEN_MODULES
        ]
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr in FORBIDDEN_CALLS
        ):
            found.append(f"line {node.lineno}: calls .{node.func.attr}()")
        if isinstance(node, ast.Attribute) and node.attr == "environ":
            found.append(f"line {node.lineno}: reads the environment")
    return found


@pytest.mark.parametrize("path", deciding_files(), ids=lambda p: str(p.relative_to(ROOT)))
def test_a_deciding_file_is_pure(path: Path) -> None:
    assert not impurities(path)


def test_the_check_itself_sees_a_clock(tmp_path: Path) -> None:
    bad = tmp_path / "bad.py"
    bad.write_text("from datetime import datetime\nimport random\nx = datetime.now()\n")
    assert len(impurities(bad)) == 2
