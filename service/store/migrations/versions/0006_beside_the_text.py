"""Keeps copies of sources, machine drafts, when a text is looked at again, and whether an asker was told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from content.columns import UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "source_copies",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=32), nullable=True),
        sa.Column("key", AutoString(length=64), nullable=False),
        sa.Column("url", AutoString(length=2000), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("checked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("fault", AutoString(length=40), nullable=False),
        sa.Column("changed", sa.Boolean(), nullable=False),
        sa.Column("settled", sa.Boolean(), nullable=False),
        sa.Column("taken_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("landed", AutoString(length=2048), nullable=False),
        sa.Column("media", AutoString(length=100), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_source_copies_piece_id_pieces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_source_copies")),
        sa.UniqueConstraint("piece_id", "key", name=op.f("uq_source_copies_piece_id_key")),
    )
    op.create_table(
        "machine_drafts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("asked_by", sa.Uuid(), nullable=False),
        sa.Column("asked_name", AutoString(length=100), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("model", AutoString(length=100), nullable=False),
        sa.Column("fault", AutoString(length=40), nullable=False),
        sa.Column("prompt_sha256", AutoString(length=64), nullable=False),
        sa.Column("paragraphs", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("taken", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_machine_drafts_piece_id_pieces")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_machine_drafts")),
    )
    for table, columns in {
        "source_copies": ("piece_id", "public_id", "next_at"),
        "machine_drafts": ("piece_id", "state"),
    }.items():
        for column in columns:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
    with op.batch_alter_table("pieces") as batch:
        batch.add_column(sa.Column("review_asked_at", UtcDateTime(timezone=True), nullable=True))
        batch.create_index("ix_pieces_review_due", ["review_due"], unique=False)
    with op.batch_alter_table("tips") as batch:
        batch.add_column(sa.Column("told", AutoString(length=16), nullable=True))
        batch.add_column(sa.Column("tell_at", UtcDateTime(timezone=True), nullable=True))
        batch.add_column(sa.Column("tell_tries", sa.Integer(), server_default="0", nullable=False))
