"""Keeps how far a delivery has come, and when a piece is to go out."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from content.columns import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("deliveries") as table:
        table.add_column(sa.Column("stage", sa.JSON(none_as_null=True), server_default="{}", nullable=False))
    with op.batch_alter_table("pieces") as table:
        table.add_column(sa.Column("publish_at", UtcDateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("schedule", sa.JSON(none_as_null=True), nullable=True))
        table.create_index("ix_pieces_publish_at", ["publish_at"], unique=False)
