"""Counts of what is read, by day, subject and way; nothing of who reads."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reach",
        sa.Column("day", sa.Date(), nullable=False),
        sa.Column("subject", AutoString(length=32), nullable=False),
        sa.Column("way", AutoString(length=16), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "subject", "way", name=op.f("pk_reach")),
    )
