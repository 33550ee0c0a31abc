"""Lets experts ask back, hand over and report from the field, and keeps what they were told."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from content.columns import UtcDateTime

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "ask_backs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("text", AutoString(length=2000), nullable=False),
        sa.Column("asked_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("paused_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("reply", AutoString(length=2000), nullable=False),
        sa.Column("replied_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_ask_backs_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ask_backs")),
    )
    with op.batch_alter_table("ask_backs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_ask_backs_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ask_backs_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_ask_backs_state"), ["state"], unique=False)

    op.create_table(
        "assignment_notices",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("way", AutoString(length=16), nullable=False),
        sa.Column("code", AutoString(length=100), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("made_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("told_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_assignment_notices_assignment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignment_notices")),
        sa.UniqueConstraint("subject_id", "kind", name=op.f("uq_assignment_notices_subject_id_kind")),
    )
    with op.batch_alter_table("assignment_notices", schema=None) as batch_op:
        batch_op.create_index(
            batch_op.f("ix_assignment_notices_assignment_id"), ["assignment_id"], unique=False
        )
        batch_op.create_index(batch_op.f("ix_assignment_notices_state"), ["state"], unique=False)

    op.create_table(
        "hand_overs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("to_expert_id", sa.Uuid(), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("reason", AutoString(length=500), nullable=False),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", AutoString(length=500), nullable=False),
        sa.Column("decided_by", sa.Uuid(), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["assignment_id"], ["assignments.id"], name=op.f("fk_hand_overs_assignment_id")
        ),
        sa.ForeignKeyConstraint(["to_expert_id"], ["experts.id"], name=op.f("fk_hand_overs_to_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hand_overs")),
    )
    with op.batch_alter_table("hand_overs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_hand_overs_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_overs_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_hand_overs_state"), ["state"], unique=False)

    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.add_column(sa.Column("reached", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("place", AutoString(length=200), server_default="", nullable=False))

    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.add_column(
            sa.Column("why_not_first", AutoString(length=32), server_default="", nullable=False)
        )
