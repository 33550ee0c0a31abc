"""The command that asks the W3C's validator: what it sends, and what it makes of the answers.

`QINGYUAN_TEST_FEEDVALIDATOR` may name a checkout of the validator: then it is asked itself. The others ask a stand-in of ten lines.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.site.feedvalidator import ask, documents, main

CHECKOUT = os.environ.get("QINGYUAN_TEST_FEEDVALIDATOR", "")
LOGGING = """
class LoggedEvent:
    def __init__(self, params): self.params = params
class Error(LoggedEvent): pass
class Warning(LoggedEvent): pass
class Info(LoggedEvent): pass
class Success(LoggedEvent): pass
class UndefinedElement(Error): pass
class ContainsHTML(Warning): pass
"""
VALIDATOR = """
from . import logging
def validateStream(stream, contentType, base):
    body, said = stream.read(), [logging.Success({})]
    if b"docs" in body or contentType.startswith("text/plain"):
        said.append(logging.UndefinedElement({"parent": "head", "element": "docs", "line": 2, "value": base}))
    if base.endswith("/feed.xml") and WARN:
        said.append(logging.ContainsHTML({"element": "title", "line": 3, "value": base}))
    return {"loggedEvents": said}
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Iterator[Path]:
    package = tmp_path / "src" / "feedvalidator"
    package.mkdir(parents=True)
    (package / "logging.py").write_text(LOGGING)
    (package / "__init__.py").write_text(f"WARN = False\n{VALIDATOR}")
    yield tmp_path
    for name in [n for n in sys.modules if n.split(".")[0] == "feedvalidator"]:
        del sys.modules[name]


def test_it_is_shown_every_feed_list_and_export_with_type_and_address() -> None:
    shown = {one.address.removeprefix("https://qingyuan.example.org"): one for one in documents()}
    assert {"/feed.xml", "/atom.xml", "/cap.xml", "/feeds.opml", "/corrections/feed.xml"} <= shown.keys()
    assert shown["/atom.xml"].type == "application/atom+xml; charset=utf-8"
    assert shown["/feeds.opml"].type.startswith("text/x-opml")
    assert b"<opml" in shown["/admin/sources/export.opml"].body
    assert len(shown) > 60


def test_without_a_message_it_ends_well(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--checkout", str(checkout)]) == 0
    assert " documents, 0 errors, 0 other messages" in capsys.readouterr().out


def test_a_warning_is_printed_once_with_its_number_and_is_no_failure(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "src" / "feedvalidator" / "__init__.py").write_text(f"WARN = True\n{VALIDATOR}")
    assert main(["--checkout", str(checkout)]) == 0
    line, total = capsys.readouterr().out.splitlines()
    assert "warning ContainsHTML" in line
    assert "line 3" in line
    assert "element='title'" in line
    assert int(line.split("×")[0]) > 20
    assert "0 errors" in total


def test_an_error_is_a_failure(checkout: Path, capsys: pytest.CaptureFixture[str]) -> None:
    broken = VALIDATOR.replace('b"docs"', 'b"<ownerName>"')
    (checkout / "src" / "feedvalidator" / "__init__.py").write_text(f"WARN = False\n{broken}")
    assert main(["--checkout", str(checkout)]) == 1
    out = capsys.readouterr().out
    assert "error   UndefinedElement  https://qingyuan.example.org/feeds.opml  line 2" in out
    assert " 1 errors" in out


def test_without_a_validator_it_says_so_and_passes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--checkout", str(tmp_path)]) == 2
    assert "no src/feedvalidator" in capsys.readouterr().err


def test_a_validator_whose_own_need_is_missing_is_no_validator(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "src" / "feedvalidator" / "__init__.py").write_text("import no_such_parser_of_html\n")
    assert main(["--checkout", str(checkout)]) == 2
    assert "no_such_parser_of_html" in capsys.readouterr().err


if CHECKOUT:  # by hand, where the validator and html5lib are

    def test_the_validator_itself_finds_no_error() -> None:
        assert [str(said) for said in ask(Path(CHECKOUT)) if said.level == "Error"] == []
