"""The database connection: one place for addresses, SQLite's pragmas and what can go wrong."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.exc import (
    ArgumentError,
    DataError,
    DBAPIError,
    IntegrityError,
    NoSuchModuleError,
    OperationalError,
)
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import (
    AsyncEngine,
    AsyncSession,
    async_sessionmaker,
    create_async_engine,
)
from sqlalchemy.pool import ConnectionPoolEntry

from fingerpost_assistant.errors import DatabaseUnavailable

_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}

_PRAGMAS = (
    # First, so that the switch to WAL waits for another process that starts as well.
    "PRAGMA busy_timeout = 10000",
    "PRAGMA journal_mode = WAL",
    # With WAL a crash of the machine can lose the last commits, but damages nothing.
    "PRAGMA synchronous = NORMAL",
    "PRAGMA foreign_keys = ON",
)


def create_engine(url: str) -> AsyncEngine:
    """An engine for SQLite or PostgreSQL; "sqlite:///…" and "postgresql://…" will do.

    Raises:
        DatabaseUnavailable: the address cannot be understood or its driver is missing.
    """
    try:
        address = make_url(url)
        address = address.set(drivername=_DRIVERS.get(address.drivername, address.drivername))
        # Values are redacted, but they are still nobody's business in a log.
        engine = create_async_engine(
            address,
            hide_parameters=True,
            # A server may have closed an idle connection; a file has not.
            pool_pre_ping=address.get_backend_name() != "sqlite",
        )
    except (ArgumentError, NoSuchModuleError) as error:
        raise DatabaseUnavailable(f"not a database address: {error}") from error
    except ModuleNotFoundError as error:
        raise DatabaseUnavailable(
            f"{error.name} is missing: pip install 'fingerpost-assistant[postgres]'"
        ) from error
    if engine.dialect.name == "sqlite":
        event.listen(engine.sync_engine, "connect", set_pragmas)
    return engine


def set_pragmas(connection: DBAPIConnection, _: ConnectionPoolEntry) -> None:
    """Set a new SQLite connection up for many readers and a patient writer."""
    cursor = connection.cursor()
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _cause(error: DBAPIError | PoolTimeoutError | OSError) -> str:
    """The driver's own words where they describe the server; else they may quote values."""
    if isinstance(error, OperationalError):
        return str(error.orig)
    if isinstance(error, DBAPIError):
        return type(error.orig).__name__
    return str(error) or type(error).__name__


class Database:
    """Transactions, and one error for everything that keeps them from happening."""

    def __init__(self, url: str) -> None:
        self.engine = create_engine(url)
        self._sessions = async_sessionmaker(self.engine, expire_on_commit=False)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncSession]:
        """A session whose work is committed at the end, or rolled back on any error.

        Raises:
            IntegrityError, DataError: what was to be written does not fit the tables.
            DatabaseUnavailable: anything else that the database refused.
        """
        try:
            async with self._sessions.begin() as session:
                yield session
        except (IntegrityError, DataError):
            raise
        except (DBAPIError, PoolTimeoutError, OSError) as error:
            raise DatabaseUnavailable(_cause(error)) from error

    async def check(self) -> None:
        """Raise `DatabaseUnavailable` when a query cannot be answered."""
        async with self.transaction() as session:
            await session.execute(text("SELECT 1"))

    async def close(self) -> None:
        await self.engine.dispose()
