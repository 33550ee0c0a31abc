"""The README's diagram is the table."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import expert_db
from content.lifecycle import Lifecycle
from expert_db.ask_backs import ASK_BACK
from expert_db.assignment_states import ASSIGNMENT
from expert_db.hand_overs import HAND_OVER
from expert_db.notices import NOTICE
from expert_db.sheet_columns import COLUMNS

README = (Path(expert_db.__path__[0]) / "README.md").read_text("utf-8")


@pytest.mark.parametrize("table", [ASSIGNMENT, ASK_BACK, HAND_OVER, NOTICE], ids=lambda table: table.name)
def test_the_state_diagrams_are_the_tables(table: Lifecycle[Any, Any]) -> None:
    name = table.name
    shown = README.split(f"<!-- {name}:begin -->")[1].split(f"<!-- {name}:end -->")[0]
    assert shown.strip() == f"```mermaid\n{table.diagram()}\n```", f"paste {name}'s diagram between the marks"


def test_every_column_of_the_spreadsheet_is_named() -> None:
    listed = README.split("## The spreadsheet")[1].split("Lists are separated")[0].split()
    assert [
        column.heading for column in COLUMNS if column.heading not in [word.strip(".") for word in listed]
    ] == []
