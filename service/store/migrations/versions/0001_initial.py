"""The first schema: every table, and the triggers that keep facts as they are."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlmodel.sql.sqltypes import AutoString

from content.columns import UtcDateTime
from service.store import append_only

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

FROZEN = (
    "evidence",
    "revisions",
    "piece_acts",
    "approvals",
    "publications",
    "attempts",
    "audit_entries",
    "answers",
    "opinion_decisions",
)
NO_UPDATE = ("items",)


def upgrade() -> None:
    op.create_table(
        "audit_entries",
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("actor_name", AutoString(length=100), nullable=False),
        sa.Column("act", AutoString(length=64), nullable=False),
        sa.Column("subject", AutoString(length=32), nullable=False),
        sa.Column("subject_id", AutoString(length=64), nullable=False),
        sa.Column("before", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("after", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("reason", AutoString(length=2000), nullable=False),
        sa.Column("previous", AutoString(length=64), nullable=False),
        sa.Column("hash", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_audit_entries")),
        sa.UniqueConstraint("hash", name=op.f("uq_audit_entries_hash")),
    )
    with op.batch_alter_table("audit_entries", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entries_act"), ["act"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_actor_id"), ["actor_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entries_subject_id"), ["subject_id"], unique=False)

    op.create_table(
        "cases",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("title", AutoString(length=500), nullable=False),
        sa.Column("category", AutoString(length=32), nullable=True),
        sa.Column("hazard", AutoString(length=32), nullable=True),
        sa.Column("level", AutoString(length=8), nullable=True),
        sa.Column("regions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("topics", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("demand", sa.Integer(), nullable=False),
        sa.Column("sources", sa.Integer(), nullable=False),
        sa.Column("claimed_by", sa.Uuid(), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("merged_into", sa.Uuid(), nullable=True),
        sa.Column("dismissed_reason", AutoString(length=500), nullable=True),
        sa.Column("known_publication", AutoString(length=32), nullable=True),
        sa.Column("known_score", sa.Float(), nullable=True),
        sa.Column("answered_with", AutoString(length=32), nullable=True),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("changed_after_approval", sa.Boolean(), nullable=False),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("first_seen", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen", UtcDateTime(timezone=True), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_claimed_by"), ["claimed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_follows"), ["follows"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_merged_into"), ["merged_into"], unique=False)
        batch_op.create_index("ix_cases_queue", ["state", "priority", "last_seen"], unique=False)

    op.create_table(
        "channels",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=100), nullable=False),
        sa.Column("kind", AutoString(length=32), nullable=False),
        sa.Column("url", AutoString(length=2000), nullable=False),
        sa.Column("secret", sa.LargeBinary(), nullable=True),
        sa.Column("settings", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("health", AutoString(length=16), nullable=False),
        sa.Column("reason", AutoString(length=500), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_success", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_channels")),
        sa.UniqueConstraint("name", name=op.f("uq_channels_name")),
    )
    op.create_table(
        "evidence",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("item_id", sa.Uuid(), nullable=True),
        sa.Column("source_id", sa.Uuid(), nullable=True),
        sa.Column("source_name", AutoString(length=200), nullable=False),
        sa.Column("authority", sa.Boolean(), nullable=False),
        sa.Column("url", AutoString(), nullable=True),
        sa.Column("canonical_url", AutoString(length=2100), nullable=True),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("published", UtcDateTime(timezone=True), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("assessment", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_evidence")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_evidence_canonical_url"), ["canonical_url"], unique=False)
        batch_op.create_index(batch_op.f("ix_evidence_item_id"), ["item_id"], unique=False)

    op.create_table(
        "experts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("name", AutoString(length=100), nullable=False),
        sa.Column("title", AutoString(length=100), nullable=False),
        sa.Column("unit", AutoString(length=200), nullable=False),
        sa.Column("disciplines", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("hazards", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("topics", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("regions", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("tier", AutoString(length=16), nullable=False),
        sa.Column("audiences", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("skills", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("languages", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("profile", AutoString(), nullable=False),
        sa.Column("publications", AutoString(), nullable=False),
        sa.Column("on_call", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("away", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("load_limit", sa.Integer(), nullable=False),
        sa.Column("conflicts", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("term_start", sa.Date(), nullable=True),
        sa.Column("term_end", sa.Date(), nullable=True),
        sa.Column("consent", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("contact_masked", AutoString(length=200), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_experts")),
    )
    with op.batch_alter_table("experts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_experts_user_id"), ["user_id"], unique=False)

    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=True),
        sa.Column("key", AutoString(length=200), nullable=False),
        sa.Column("request_sha256", AutoString(length=64), nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_idempotency_keys")),
        sa.UniqueConstraint("user_id", "key", name=op.f("uq_idempotency_keys_user_id_key")),
    )
    op.create_table(
        "leases",
        sa.Column("name", AutoString(length=100), nullable=False),
        sa.Column("holder", AutoString(length=100), nullable=False),
        sa.Column("until", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "login_tries",
        sa.Column("name_sha256", AutoString(length=64), nullable=False),
        sa.Column("failed", sa.Integer(), nullable=False),
        sa.Column("locked_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("name_sha256", name=op.f("pk_login_tries")),
    )
    op.create_table(
        "publications",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=32), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", AutoString(length=16), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("approval_id", sa.Uuid(), nullable=True),
        sa.Column("snapshot", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reason", AutoString(length=2000), nullable=False),
        sa.Column("references", sa.Uuid(), nullable=True),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("published_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("issued_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_publications")),
        sa.UniqueConstraint("public_id", "version", name=op.f("uq_publications_public_id_version")),
        sa.UniqueConstraint("sequence", name=op.f("uq_publications_sequence")),
    )
    with op.batch_alter_table("publications", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_publications_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_publications_issued", ["issued_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_piece_id"), ["piece_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_publications_public_id"), ["public_id"], unique=False)

    op.create_table(
        "settings",
        sa.Column("key", AutoString(length=100), nullable=False),
        sa.Column("value", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_settings")),
    )
    op.create_table(
        "sources",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("url", AutoString(length=2000), nullable=False),
        sa.Column("canonical_url", AutoString(length=2000), nullable=True),
        sa.Column("host", AutoString(length=260), nullable=False),
        sa.Column("title", AutoString(length=200), nullable=False),
        sa.Column("category", AutoString(length=100), nullable=False),
        sa.Column("authority", sa.Boolean(), nullable=False),
        sa.Column("region", AutoString(length=6), nullable=True),
        sa.Column("enabled", sa.Boolean(), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("state", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("health", AutoString(length=16), nullable=False),
        sa.Column("reason", AutoString(length=500), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("next_poll", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", AutoString(length=100), nullable=True),
        sa.Column("claimed_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_poll", UtcDateTime(timezone=True), nullable=True),
        sa.Column("last_success", UtcDateTime(timezone=True), nullable=True),
        sa.Column("items_seen", sa.Integer(), nullable=False),
        sa.Column("added_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_sources")),
        sa.UniqueConstraint("canonical_url", name=op.f("uq_sources_canonical_url")),
        sa.UniqueConstraint("url", name=op.f("uq_sources_url")),
    )
    with op.batch_alter_table("sources", schema=None) as batch_op:
        batch_op.create_index("ix_sources_due", ["enabled", "next_poll"], unique=False)
        batch_op.create_index(batch_op.f("ix_sources_host"), ["host"], unique=False)

    op.create_table(
        "tips",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("token_sha256", AutoString(length=64), nullable=False),
        sa.Column("text", AutoString(length=8000), nullable=False),
        sa.Column("url", AutoString(length=2000), nullable=False),
        sa.Column("region", AutoString(length=6), nullable=True),
        sa.Column("contact", sa.LargeBinary(), nullable=True),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("public_id", AutoString(length=32), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("answered_at", UtcDateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tips")),
        sa.UniqueConstraint("token_sha256", name=op.f("uq_tips_token_sha256")),
    )
    with op.batch_alter_table("tips", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_tips_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_tips_state"), ["state"], unique=False)

    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", AutoString(length=64), nullable=False),
        sa.Column("display_name", AutoString(length=100), nullable=False),
        sa.Column("roles", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("password_hash", AutoString(length=200), nullable=True),
        sa.Column("totp_secret", sa.LargeBinary(), nullable=True),
        sa.Column("totp_step", sa.Integer(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=True),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.Column("disabled_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("language", AutoString(length=8), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("name", name=op.f("uq_users_name")),
    )
    with op.batch_alter_table("users", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_users_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "assignments",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("question", AutoString(length=2000), nullable=False),
        sa.Column("evidence", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("reasons", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("offered_by", sa.Uuid(), nullable=False),
        sa.Column("offered_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("respond_by", UtcDateTime(timezone=True), nullable=False),
        sa.Column("due_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("accepted_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("ended_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("note", AutoString(length=2000), nullable=False),
        sa.Column("suggestion", AutoString(length=500), nullable=False),
        sa.Column("candidates", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("shortlist", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("gear", AutoString(length=16), nullable=False),
        sa.Column("follows", sa.Uuid(), nullable=True),
        sa.Column("reminded_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("link_sha256", AutoString(length=64), nullable=True),
        sa.Column("link_until", UtcDateTime(timezone=True), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_assignments_case_id")),
        sa.ForeignKeyConstraint(["expert_id"], ["experts.id"], name=op.f("fk_assignments_expert_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_assignments")),
    )
    with op.batch_alter_table("assignments", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_assignments_case_id"), ["case_id"], unique=False)
        batch_op.create_index("ix_assignments_due", ["state", "respond_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_expert_id"), ["expert_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_assignments_link_sha256"), ["link_sha256"], unique=False)

    op.create_table(
        "case_links",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("evidence_id", sa.Uuid(), nullable=False),
        sa.Column("origin_case_id", sa.Uuid(), nullable=False),
        sa.Column("linked_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_case_links_case_id")),
        sa.ForeignKeyConstraint(["evidence_id"], ["evidence.id"], name=op.f("fk_case_links_evidence_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_links")),
        sa.UniqueConstraint("evidence_id", name=op.f("uq_case_links_evidence_id")),
    )
    with op.batch_alter_table("case_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_links_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_links_linked_at"), ["linked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_case_links_origin_case_id"), ["origin_case_id"], unique=False)

    op.create_table(
        "deliveries",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("publication_id", sa.Uuid(), nullable=False),
        sa.Column("public_id", AutoString(length=32), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("type", AutoString(length=16), nullable=False),
        sa.Column("channel_id", sa.Uuid(), nullable=False),
        sa.Column("channel_name", AutoString(length=100), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("next_attempt_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("claimed_by", AutoString(length=100), nullable=True),
        sa.Column("claimed_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("remote_id", AutoString(length=200), nullable=True),
        sa.Column("error", AutoString(length=500), nullable=True),
        sa.Column("resolved_by", sa.Uuid(), nullable=True),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["channel_id"], ["channels.id"], name=op.f("fk_deliveries_channel_id")),
        sa.ForeignKeyConstraint(
            ["publication_id"], ["publications.id"], name=op.f("fk_deliveries_publication_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint(
            "publication_id", "channel_id", name=op.f("uq_deliveries_publication_id_channel_id")
        ),
    )
    with op.batch_alter_table("deliveries", schema=None) as batch_op:
        batch_op.create_index("ix_deliveries_channel", ["channel_id", "sequence"], unique=False)
        batch_op.create_index("ix_deliveries_due", ["state", "next_attempt_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_public_id"), ["public_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_deliveries_publication_id"), ["publication_id"], unique=False)

    op.create_table(
        "items",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("source_id", sa.Uuid(), nullable=False),
        sa.Column("guid", AutoString(length=2000), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("url", AutoString(length=2000), nullable=True),
        sa.Column("canonical_url", AutoString(length=2000), nullable=True),
        sa.Column("title", AutoString(), nullable=False),
        sa.Column("summary_html", AutoString(), nullable=False),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("authors", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("published", UtcDateTime(timezone=True), nullable=True),
        sa.Column("updated", UtcDateTime(timezone=True), nullable=True),
        sa.Column("language", AutoString(length=35), nullable=True),
        sa.Column("enclosures", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("content_hash", AutoString(length=64), nullable=False),
        sa.Column("cap", AutoString(), nullable=True),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["source_id"], ["sources.id"], name=op.f("fk_items_source_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_items")),
        sa.UniqueConstraint("source_id", "guid", "revision", name=op.f("uq_items_source_id_guid_revision")),
    )
    with op.batch_alter_table("items", schema=None) as batch_op:
        batch_op.create_index("ix_items_seen", ["seen_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_items_source_id"), ["source_id"], unique=False)
        batch_op.create_index("ix_items_url", ["canonical_url"], unique=False)

    op.create_table(
        "login_sessions",
        sa.Column("token_sha256", AutoString(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("csrf", AutoString(length=64), nullable=False),
        sa.Column("must_enroll", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("last_seen", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_login_sessions_user_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_login_sessions")),
    )
    with op.batch_alter_table("login_sessions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_login_sessions_user_id"), ["user_id"], unique=False)

    op.create_table(
        "opinion_decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", AutoString(length=16), nullable=False),
        sa.Column("reason", AutoString(length=2000), nullable=False),
        sa.Column("answers", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("by", sa.Uuid(), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_opinion_decisions_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_opinion_decisions")),
    )
    with op.batch_alter_table("opinion_decisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_opinion_decisions_case_id"), ["case_id"], unique=False)

    op.create_table(
        "pieces",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", AutoString(length=16), nullable=False),
        sa.Column("state", AutoString(length=16), nullable=False),
        sa.Column("title", AutoString(length=300), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=True),
        sa.Column("incident_id", sa.Uuid(), nullable=True),
        sa.Column("corrects", AutoString(length=32), nullable=True),
        sa.Column("corrects_version", sa.Integer(), nullable=True),
        sa.Column("public_id", AutoString(length=32), nullable=True),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("submitted_by", sa.Uuid(), nullable=True),
        sa.Column("autosave", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("autosave_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("locked_by", sa.Uuid(), nullable=True),
        sa.Column("locked_at", UtcDateTime(timezone=True), nullable=True),
        sa.Column("review_due", UtcDateTime(timezone=True), nullable=True),
        sa.Column("exercise", sa.Boolean(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("updated_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=op.f("fk_pieces_case_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_pieces")),
        sa.UniqueConstraint("public_id", name=op.f("uq_pieces_public_id")),
    )
    with op.batch_alter_table("pieces", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pieces_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pieces_corrects"), ["corrects"], unique=False)
        batch_op.create_index(batch_op.f("ix_pieces_incident_id"), ["incident_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_pieces_state"), ["state"], unique=False)

    op.create_table(
        "setup_links",
        sa.Column("token_sha256", AutoString(length=64), nullable=False),
        sa.Column("user_id", sa.Uuid(), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("expires_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("used_at", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("fk_setup_links_user_id")),
        sa.PrimaryKeyConstraint("token_sha256", name=op.f("pk_setup_links")),
    )
    with op.batch_alter_table("setup_links", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_setup_links_user_id"), ["user_id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("assignment_id", sa.Uuid(), nullable=False),
        sa.Column("case_id", sa.Uuid(), nullable=False),
        sa.Column("expert_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", AutoString(length=16), nullable=True),
        sa.Column("text", AutoString(), nullable=False),
        sa.Column("sources", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["assignment_id"], ["assignments.id"], name=op.f("fk_answers_assignment_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_answers")),
    )
    with op.batch_alter_table("answers", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_answers_assignment_id"), ["assignment_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_case_id"), ["case_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_answers_expert_id"), ["expert_id"], unique=False)

    op.create_table(
        "approvals",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("approver_id", sa.Uuid(), nullable=False),
        sa.Column("approver_name", AutoString(length=100), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_approvals_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_approvals")),
        sa.UniqueConstraint("piece_id", "revision", name=op.f("uq_approvals_piece_id_revision")),
    )
    with op.batch_alter_table("approvals", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_approvals_piece_id"), ["piece_id"], unique=False)

    op.create_table(
        "assessments",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("model", AutoString(length=80), nullable=False),
        sa.Column("rumor", sa.Float(), nullable=False),
        sa.Column("debunk", sa.Float(), nullable=False),
        sa.Column("emergency", sa.Float(), nullable=False),
        sa.Column("result", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_assessments_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_assessments")),
    )
    op.create_table(
        "attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("delivery_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("worker", AutoString(length=100), nullable=False),
        sa.Column("started_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("finished_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("outcome", AutoString(length=16), nullable=False),
        sa.Column("code", AutoString(length=50), nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=False),
        sa.ForeignKeyConstraint(["delivery_id"], ["deliveries.id"], name=op.f("fk_attempts_delivery_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_attempts")),
        sa.UniqueConstraint("delivery_id", "number", name=op.f("uq_attempts_delivery_id_number")),
    )
    with op.batch_alter_table("attempts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_attempts_delivery_id"), ["delivery_id"], unique=False)

    op.create_table(
        "pending_items",
        sa.Column("item_id", sa.Uuid(), nullable=False),
        sa.Column("seen_at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("claimed_by", AutoString(length=100), nullable=True),
        sa.Column("claimed_until", UtcDateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["item_id"], ["items.id"], name=op.f("fk_pending_items_item_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("item_id", name=op.f("pk_pending_items")),
    )
    with op.batch_alter_table("pending_items", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_pending_items_seen_at"), ["seen_at"], unique=False)

    op.create_table(
        "piece_acts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("act", AutoString(length=16), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("by_id", sa.Uuid(), nullable=False),
        sa.Column("by_name", AutoString(length=100), nullable=False),
        sa.Column("at", UtcDateTime(timezone=True), nullable=False),
        sa.Column("note", AutoString(length=2000), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_piece_acts_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_piece_acts")),
    )
    with op.batch_alter_table("piece_acts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_piece_acts_piece_id"), ["piece_id"], unique=False)

    op.create_table(
        "revisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("piece_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.JSON(none_as_null=True), nullable=False),
        sa.Column("sha256", AutoString(length=64), nullable=False),
        sa.Column("author_id", sa.Uuid(), nullable=False),
        sa.Column("author_name", AutoString(length=100), nullable=False),
        sa.Column("created_at", UtcDateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["piece_id"], ["pieces.id"], name=op.f("fk_revisions_piece_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_revisions")),
        sa.UniqueConstraint("piece_id", "number", name=op.f("uq_revisions_piece_id_number")),
    )
    with op.batch_alter_table("revisions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_revisions_piece_id"), ["piece_id"], unique=False)

    for sql in append_only.statements(op.get_bind().dialect.name, FROZEN, NO_UPDATE):
        op.execute(sql)
