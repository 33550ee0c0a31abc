"""Documents tell only what is true now: links lead somewhere, and no machine's own paths stand in the project."""

import re
from pathlib import Path

import pytest

from tests.repo.files import ROOT, tracked

LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
MACHINE = re.compile(r"(?<![\w.])/(work|farm|root)/")


def local_links(path: Path) -> list[str]:
    return [
        target.split("#")[0]
        for target in LINK.findall(path.read_text("utf-8"))
        if not target.startswith(("http://", "https://", "mailto:", "#"))
    ]


@pytest.mark.parametrize("path", tracked(".md"), ids=lambda p: str(p.relative_to(ROOT)))
def test_every_local_link_leads_to_a_file(path: Path) -> None:
    dead = [target for target in local_links(path) if target and not (path.parent / target).exists()]
    assert not dead


def test_no_path_of_a_machine_is_committed() -> None:
    endings = (
        ".py",
        ".md",
        ".toml",
        ".yaml",
        ".yml",
        ".html",
        ".js",
        ".css",
        "Makefile",
        ".service",
        ".conf",
    )
    found = [
        str(path.relative_to(ROOT))
        for ending in endings
        for path in tracked(ending)
        if MACHINE.search(path.read_text("utf-8")) and path != Path(__file__).resolve()
    ]
    assert not found


def test_every_package_has_a_readme() -> None:
    missing = [
        name
        for name in ("classifiers", "content", "expert_db", "service", "deploy", "tests")
        if not (ROOT / name / "README.md").exists()
    ]
    assert not missing
