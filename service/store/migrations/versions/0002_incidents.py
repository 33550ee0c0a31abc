"""Incidents, their acts and cases; what is an exercise stays one."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from content.columns import UtcDateTime
from service.store import append_only

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

FROZEN = ("incident_acts", "incident_cases")
EXERCISES = ("incidents", "cases", "pieces")


def upgrade() -> None:
    op.create_table(
        "incidents",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=120), nullable=False),
        sa.Column("hazard", AutoString(length=32), nullable=False),
        sa.Column("category", AutoString(length=32), nullable=False),
        sa.Column("level", AutoString(length=8), nullable=True),
        sa.Column("regions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("order_source", AutoString(length=200), nullable=False),
        sa.Column("warning_ref", AutoString(length=500), nullable=True),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("proposed_by", sa.Uuid(), nullable=True),
        sa.Column("proposed_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("activated_by", sa.Uuid(), nullable=True),
        sa.Column("activated_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("end_proposed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("stood_down_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("closed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("set_aside", sa.Boolean(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("changes", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_state"), ["state"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_warning_ref"), ["warning_ref"], unique=False)

    op.create_table(
        "incident_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("act", AutoString(length=16), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=True),
        sa.Column("by_name", AutoString(length=100), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("reason", AutoString(length=1000), nullable=False),
        sa.Column("details", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["incident_id"], ["incidents.id"], name=op.f("fk_incident_acts_incident_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_acts")),
        sa.UniqueConstraint("incident_id", "number", name=op.f("uq_incident_acts_incident_id_number")),
    )
    with op.batch_alter_table("incident_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_acts_incident_id"), ["incident_id"], unique=False)

    op.create_table(
        "incident_cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["incident_id"], ["incidents.id"], name=op.f("fk_incident_cases_incident_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident_cases")),
        sa.UniqueConstraint("incident_id", "case_id", name=op.f("uq_incident_cases_incident_id_case_id")),
    )
    with op.batch_alter_table("incident_cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incident_cases_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incident_cases_incident_id"), ["incident_id"], unique=False)

    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.add_column(sa.Column("exercise", sa.Boolean(), nullable=False, server_default=sa.false()))

    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.add_column(sa.Column("pace", sa.Integer(), nullable=True))

    dialect = op.get_bind().dialect.name
    for sql in append_only.statements(dialect, FROZEN):
        op.execute(sql)
    for table in EXERCISES:
        op.execute(append_only.stays(dialect, table, "exercise"))
