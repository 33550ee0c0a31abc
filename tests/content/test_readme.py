"""The README's diagrams are the tables, and it names every deciding file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

import content
from content.case_states import CASE
from content.delivery_states import DELIVERY
from content.incident_states import INCIDENT
from content.lifecycle import Lifecycle
from content.piece_states import PIECE

FOLDER = Path(content.__path__[0])
README = (FOLDER / "README.md").read_text("utf-8")
MACHINES: list[Lifecycle[Any, Any]] = [CASE, PIECE, DELIVERY, INCIDENT]
SHAPES = {
    "cases",
    "columns",
    "delivery",
    "errors",
    "lifecycle",
    "pieces",
    "publications",
}  # tables and ground


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: m.name)
def test_a_state_diagram_is_its_table(machine: Lifecycle[Any, Any]) -> None:
    shown = README.split(f"<!-- {machine.name}:begin -->")[1].split(f"<!-- {machine.name}:end -->")[0]
    assert shown.strip() == f"```mermaid\n{machine.diagram()}\n```", "paste diagram() between the marks"


def test_every_deciding_file_is_named() -> None:
    files = {path.stem for path in FOLDER.glob("*.py")} - SHAPES - {"__init__"}
    missing = {name for name in files if f"`{name}`" not in README and not name.endswith("_states")}
    assert not missing
