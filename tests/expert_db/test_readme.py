"""The README's diagram is the table."""

from __future__ import annotations

from pathlib import Path

import expert_db
from expert_db.assignment_states import ASSIGNMENT
from expert_db.sheet_columns import COLUMNS

README = (Path(expert_db.__path__[0]) / "README.md").read_text("utf-8")


def test_the_state_diagram_is_the_table() -> None:
    shown = README.split("<!-- assignment:begin -->")[1].split("<!-- assignment:end -->")[0]
    assert shown.strip() == f"```mermaid\n{ASSIGNMENT.diagram()}\n```", (
        "paste ASSIGNMENT.diagram() between the marks"
    )


def test_every_column_of_the_spreadsheet_is_named() -> None:
    listed = README.split("## The spreadsheet")[1].split("Lists are separated")[0].split()
    assert [
        column.heading for column in COLUMNS if column.heading not in [word.strip(".") for word in listed]
    ] == []
