"""Brings a database's tables up to date, safely when several processes start at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import URL, Connection, NullPool, event, inspect, text
from sqlalchemy import create_engine as create_sync_engine
from sqlalchemy.exc import DBAPIError

from fingerpost_assistant.errors import DatabaseTooNew, DatabaseUnavailable
from fingerpost_assistant.storage.database import create_engine, set_pragmas

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0001"
"""The newest migration. Known here so that a start with nothing to do need not load Alembic."""

MIGRATIONS = Path(__file__).parent / "migrations"

_LOCK = 0x66696E67
"""Key of PostgreSQL's advisory lock: any number that other users of the database do not take."""


async def upgrade(url: str) -> None:
    """Bring the tables of the assistant and of the knowledge hub up to date.

    Of several processes that start at once one migrates and the others wait for it.

    Args:
        url: an SQLAlchemy URL of SQLite or PostgreSQL.

    Raises:
        DatabaseTooNew: the database was made by a newer version.
        DatabaseUnavailable: it cannot be reached or written.
    """
    engine = create_engine(url)
    try:
        if engine.dialect.name == "sqlite":
            # Without aiosqlite, whose thread complains when opening fails and the loop ends.
            await asyncio.to_thread(_upgrade_file, engine.url)
        else:
            async with engine.connect() as connection:
                await connection.run_sync(_upgrade)
    except (DBAPIError, OSError) as error:
        cause = error.orig if isinstance(error, DBAPIError) else error
        raise DatabaseUnavailable(str(cause)) from error
    finally:
        await engine.dispose()


def _upgrade_file(url: URL) -> None:
    engine = create_sync_engine(url.set(drivername="sqlite"), poolclass=NullPool)
    event.listen(engine, "connect", set_pragmas)
    with engine.connect() as connection:
        _upgrade(connection)


def _upgrade(connection: Connection) -> None:
    if _revision(connection) == HEAD:
        return
    connection.rollback()
    _lock(connection)
    # Whoever held the lock before may have migrated.
    revision = _revision(connection)
    if revision != HEAD:
        _migrate(connection, revision)
    connection.commit()


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    revision: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    return revision


def _lock(connection: Connection) -> None:
    """Let one process at a time go on, until its transaction ends."""
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql("BEGIN IMMEDIATE")
    else:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK})


def _migrate(connection: Connection, revision: str | None) -> None:
    from alembic import command
    from alembic.script import ScriptDirectory
    from alembic.util import CommandError

    config = alembic_config(connection)
    if revision is not None:
        try:
            ScriptDirectory.from_config(config).get_revision(revision)
        except CommandError:
            raise DatabaseTooNew(revision) from None
    command.upgrade(config, HEAD)


def alembic_config(connection: Connection) -> Config:
    """Alembic's configuration for the packaged migrations on this connection."""
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config
