"""The queue in the order of what was seen last."""

from __future__ import annotations

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_cases_seen", "cases", ["state", "last_seen"])
