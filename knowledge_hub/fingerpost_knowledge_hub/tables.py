"""The knowledge hub's SQL tables, on one `metadata` that migrations of a larger schema can include."""

from __future__ import annotations

from datetime import UTC, datetime

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Dialect,
    Index,
    MetaData,
    String,
    Table,
    Text,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData()
"""Both tables of the knowledge hub, for `create_all` and for Alembic's `target_metadata`."""


class UtcDateTime(TypeDecorator[datetime]):
    """A moment, stored in UTC. SQLite keeps no time zone, so it is put back on reading."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        aware = value if value.tzinfo else value.replace(tzinfo=UTC)
        return aware.astimezone(UTC)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


documents = Table(
    "documents",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("path", Text, primary_key=True),
    Column("locale", String(35), primary_key=True),
    Column("source", Text, nullable=False),
    Column("authority", Text, nullable=False),
    Column("origin", Text, nullable=False),
    Column("collection", String(64), nullable=False),
    Column("status", String(16), nullable=False),
    Column("sample", Boolean, nullable=False),
    Column("digest", String(32), nullable=False),
    Column("version", BigInteger, nullable=False),
    Column("updated_at", UtcDateTime),
    Column("first_seen", UtcDateTime, nullable=False),
    Column("last_changed", UtcDateTime, nullable=False),
    Column("document", Text, nullable=False),
    Index("ix_documents_source", "tenant", "source"),
    Index("ix_documents_status", "tenant", "status", "collection"),
)
"""One row a page, whatever its status; `document` is the whole `Document` as JSON."""

source_parts = Table(
    "source_parts",
    metadata,
    Column("tenant", String(64), primary_key=True),
    Column("source", Text, primary_key=True),
    Column("part", Text, primary_key=True),
    Column("reading", Text, nullable=False),
)
"""What each part of a source held when it was last read, so that it need not be read again."""
