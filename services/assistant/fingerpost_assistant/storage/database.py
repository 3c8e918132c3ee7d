"""The database connection: one place for addresses, SQLite's pragmas and what can go wrong."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TypedDict

from sqlalchemy import event, make_url, text
from sqlalchemy.engine.interfaces import DBAPIConnection, DBAPICursor
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


class _Pool(TypedDict, total=False):
    pool_size: int
    max_overflow: int
    pool_pre_ping: bool


_BUSY_S = 10.0
"""How long a connection waits for another one's lock, in seconds."""

_FILE_POOL: _Pool = {"pool_size": 4, "max_overflow": 0}
"""Each connection to a file is a thread here: a few that stay do more than many that come and go."""

_SERVER_POOL: _Pool = {"pool_pre_ping": True}
"""A server may have closed an idle connection; a file has not."""

_SWITCH_AGAIN_S = 0.01
"""Pause before the switch to WAL is tried again, in seconds."""

_PRAGMAS = (
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
            **(_FILE_POOL if address.get_backend_name() == "sqlite" else _SERVER_POOL),
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
    cursor.execute(f"PRAGMA busy_timeout = {_BUSY_S * 1000:.0f}")
    _switch_to_wal(cursor)
    for pragma in _PRAGMAS:
        cursor.execute(pragma)
    cursor.close()


def _switch_to_wal(cursor: DBAPICursor) -> None:
    """Let readers go on beside a writer; the file remembers, so that one connection switches it.

    The switch trades a read lock for an exclusive one. Of two processes that start at once and
    both try, SQLite refuses one without the wait, since each would wait for the other.
    """
    deadline = time.monotonic() + _BUSY_S
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > deadline:
                raise
            time.sleep(_SWITCH_AGAIN_S)
        else:
            return


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
