"""What editors' decisions say about texts, for learning."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from content.columns import UtcDateTime
from service.store import append_only

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "desk_labels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("task", AutoString(length=16), nullable=False),
        sa.Column("answer", sa.Integer(), nullable=True),
        sa.Column("hazard", AutoString(length=32), nullable=True),
        sa.Column("other_id", sa.Uuid(), nullable=True),
        sa.Column("basis", AutoString(length=16), nullable=False),
        sa.Column("editor", AutoString(length=16), nullable=False),
        sa.Column("source", AutoString(length=40), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_desk_labels_case_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_desk_labels_evidence_id")),
        sa.ForeignKeyConstraint(["other_id"], ["evidence.id"], name=op.f("fk_desk_labels_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_desk_labels")),
    )
    for column in ("at", "case_id", "evidence_id"):
        op.create_index(op.f(f"ix_desk_labels_{column}"), "desk_labels", [column], unique=False)
    for sql in append_only.statements(op.get_bind().dialect.name, ("desk_labels",)):
        op.execute(sql)
