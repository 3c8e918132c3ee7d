"""What Alembic runs: migrations on the connection that `storage.schema` hands over.

A new migration is a file in `versions/`. The test that compares the migrated database with
the tables says what it must do, and `HEAD` in `storage/schema.py` must name it.
"""

from __future__ import annotations

from alembic import context

from fingerpost_assistant.storage.tables import metadata
from fingerpost_knowledge_hub.tables import metadata as hub_metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=[metadata, hub_metadata],
    # SQLite can undo DDL: a migration that fails half-way leaves nothing behind.
    transactional_ddl=True,
    # SQLite alters tables by copying them.
    render_as_batch=True,
)
with context.begin_transaction():
    context.run_migrations()
