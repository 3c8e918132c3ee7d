"""What the live client knows of pages from earlier visits, in one file."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

import msgspec

from fingerpost_knowledge_hub.errors import SourceError

_TABLE = """
    create table if not exists visits (
        path text primary key, stamp text not null, etag text not null,
        checked_at real not null, locale text not null, body blob
    ) without rowid
"""
_RECORD = """
    insert into visits values (?, ?, ?, ?, ?, ?) on conflict (path) do update set
        stamp = excluded.stamp, etag = excluded.etag, checked_at = excluded.checked_at,
        locale = excluded.locale, body = excluded.body
"""


class Visit(msgspec.Struct, frozen=True, kw_only=True):
    """A page as it was when it was last asked for."""

    path: str
    stamp: str
    """Names the state it was in: changes whenever the page may have changed."""
    etag: str = ""
    checked_at: float = 0.0
    """Seconds since the epoch."""
    locale: str = ""
    """Language of the guidance found there; "" if there was none."""


class Kept(NamedTuple):
    """A page as it was fetched."""

    body: bytes
    locale: str
    """As in `Visit`."""


class Visits:
    """The last visit to every page, with what the page was then.

    Each visit is in the file when the method returns: a run that is cut off has lost nothing,
    and a page need not be fetched twice to be read. Used by one thread at a time; `with` keeps
    the file open for many visits.
    """

    def __init__(self, file: Path) -> None:
        self._file = file
        self._open: sqlite3.Connection | None = None

    def __enter__(self) -> Visits:
        with self._explained():
            self._open = self._connect()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._open is not None:
            self._open.close()
            self._open = None

    def last(self) -> dict[str, Visit]:
        """The last visit to every page, by path.

        Raises:
            SourceError: the file cannot be used; so do all methods.
        """
        query = "select path, stamp, etag, checked_at, locale from visits"
        with self._connected() as connection:
            visits = (
                Visit(path=path, stamp=stamp, etag=etag, checked_at=checked_at, locale=locale)
                for path, stamp, etag, checked_at, locale in connection.execute(query)
            )
            return {visit.path: visit for visit in visits}

    def kept(self, path: str, stamp: str) -> Kept | None:
        """What the page was in the state that `stamp` names, if that is the last one."""
        query = "select body, locale from visits where path = ? and stamp = ? and body is not null"
        with self._connected() as connection:
            row = connection.execute(query, (path, stamp)).fetchone()
            return None if row is None else Kept(zlib.decompress(row[0]), row[1])

    def record(self, visit: Visit, body: bytes | None) -> None:
        """Write a visit down; `body` is None for a page that is not there."""
        packed = None if body is None else zlib.compress(body)
        values = (visit.path, visit.stamp, visit.etag, visit.checked_at, visit.locale, packed)
        with self._connected() as connection:
            connection.execute(_RECORD, values)

    def touch(self, path: str, checked_at: float) -> None:
        """Write down that a page was found as it was."""
        with self._connected() as connection:
            connection.execute(
                "update visits set checked_at = ? where path = ?", (checked_at, path)
            )

    @contextmanager
    def _connected(self) -> Iterator[sqlite3.Connection]:
        with self._explained():
            if self._open is not None:
                with self._open:
                    yield self._open
            else:
                with closing(self._connect()) as connection, connection:
                    yield connection

    def _connect(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self._file)
        try:
            # Power that fails may cost the last visits, which cost a request each; no more.
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma synchronous = normal")
            connection.execute(_TABLE)
        except sqlite3.Error:
            connection.close()
            raise
        return connection

    @contextmanager
    def _explained(self) -> Iterator[None]:
        try:
            yield
        except (sqlite3.Error, zlib.error) as error:
            raise SourceError(
                f"{self._file} cannot be used ({error}): check the rights and the room on its "
                "disk; if it is damaged, delete it, and all pages are asked for again"
            ) from error
