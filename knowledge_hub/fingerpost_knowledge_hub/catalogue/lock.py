"""One writer at a time: a lock on a database that dies with whoever holds it."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager

import sqlalchemy as sa
from sqlalchemy.exc import OperationalError

from fingerpost_knowledge_hub.catalogue.database import connection, transaction
from fingerpost_knowledge_hub.errors import CatalogueBusyError, CatalogueError

LOCK_SECONDS = 120.0
"""How long to wait for another writer. A batch of pages takes seconds even on a slow machine."""

_POLL_SECONDS = 0.1
"""The longest pause between two tries of SQLite's busy handler (sqlite3.c, `sqliteDefaultBusyCallback`)."""

_ADVISORY_KEY = 0x66_69_6E_67_65_72  # "finger"

_LOCK_NOT_AVAILABLE = "55P03"
"""PostgreSQL's code for a lock that was not granted in time (manual, appendix A)."""

_MAIN_FILE = "SELECT file FROM pragma_database_list WHERE name = 'main'"

_in_memory = threading.Lock()


@contextmanager
def exclusively(engine: sa.Engine, timeout: float = LOCK_SECONDS) -> Iterator[None]:
    """Hold the only permission to change the catalogue in this database.

    PostgreSQL: an advisory lock on a connection of its own. SQLite: an exclusive transaction
    on an empty database beside the real one, so that readers and writers of other tables are
    not held up. Either is released by the system when its process dies.

    Raises:
        CatalogueBusyError: another writer held it for longer than `timeout` seconds.
    """
    if engine.dialect.name == "postgresql":
        lock = _postgresql(engine, timeout)
    elif file := _file_of(engine):
        lock = _sqlite(f"{file}.sync-lock", timeout)
    else:
        lock = _process(timeout)
    with lock:
        yield


@contextmanager
def _postgresql(engine: sa.Engine, timeout: float) -> Iterator[None]:
    with transaction(engine) as connected:
        connected.execute(sa.text(f"SET LOCAL lock_timeout = {int(timeout * 1000)}"))
        try:
            connected.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_KEY)))
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) == _LOCK_NOT_AVAILABLE:
                raise _busy(timeout) from error
            raise
        yield


@contextmanager
def _sqlite(path: str, timeout: float) -> Iterator[None]:
    with closing(sqlite3.connect(path, timeout=timeout, isolation_level=None)) as own:
        try:
            own.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError as error:
            if "locked" in str(error):
                raise _busy(timeout) from error
            raise CatalogueError(
                f"{path} cannot be locked ({error}): check that its folder is writable"
            ) from error
        taken = time.monotonic()
        yield
        held = time.monotonic() - taken
    # Waiting writers poll: without a pause a sync that takes the lock again at once starves them.
    time.sleep(min(_POLL_SECONDS, held / 20))


@contextmanager
def _process(timeout: float) -> Iterator[None]:
    if not _in_memory.acquire(timeout=timeout):
        raise _busy(timeout)
    try:
        yield
    finally:
        _in_memory.release()


def _file_of(engine: sa.Engine) -> str:
    """The absolute path of an SQLite database; empty for one in memory."""
    with connection(engine) as connected:
        return str(connected.scalar(sa.text(_MAIN_FILE)) or "")


def _busy(timeout: float) -> CatalogueBusyError:
    return CatalogueBusyError(
        f"another ingestion has held the catalogue for {timeout:.0f} s: "
        "wait until it has finished, or stop it, then run this again"
    )
