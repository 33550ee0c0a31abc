"""What Alembic runs. The connection comes from `service.store.migrate`; there is no offline mode."""

from __future__ import annotations

from alembic import context
from sqlmodel import SQLModel

import service.store.tables  # noqa: F401  # completes the metadata
from service.store import migrate

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=SQLModel.metadata,
    render_as_batch=True,
    include_object=migrate.is_ours,
    compare_type=True,
    transactional_ddl=True,  # SQLite too: the engine says BEGIN itself
)
with context.begin_transaction():
    context.run_migrations()
