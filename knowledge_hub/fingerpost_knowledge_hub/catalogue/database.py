"""Talking to SQLite and PostgreSQL alike: connections, upserts and errors that name the cure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError

from fingerpost_knowledge_hub.errors import CatalogueError, CatalogueNotReadyError

ROWS = 500
"""Rows looked up or written in one statement; well within SQLite's 32,766 parameters."""


@contextmanager
def connection(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for reading."""
    with _explained(), engine.connect() as opened:
        yield opened


@contextmanager
def transaction(engine: sa.Engine) -> Iterator[sa.Connection]:
    """A connection for writing: all or nothing."""
    with _explained(), engine.begin() as opened:
        yield opened


def upsert(
    connected: sa.Connection,
    table: sa.Table,
    rows: Sequence[Mapping[str, object]],
    *,
    only: frozenset[str],
) -> None:
    """Insert rows; where the primary key exists, replace the columns named in `only`."""
    if not rows:
        return
    insert = sqlite.insert if connected.dialect.name == "sqlite" else postgresql.insert
    statement = insert(table)
    replaced = {
        column.name: column
        for column in statement.excluded
        if column.name in only and not column.primary_key
    }
    statement = statement.on_conflict_do_update(
        index_elements=list(table.primary_key), set_=replaced
    )
    connected.execute(statement, rows)


@contextmanager
def _explained() -> Iterator[None]:
    """Turn the database's errors into ours, with the cure."""
    try:
        yield
    except DBAPIError as error:
        cause = str(error.orig).partition("\n")[0]
        if "no such table" in cause or "does not exist" in cause:
            raise CatalogueNotReadyError(
                f"the catalogue's tables are missing ({cause}): "
                "run the migrations or call Catalogue.create()"
            ) from error
        raise CatalogueError(
            f"the catalogue's database refused ({cause}): check that it can be reached, that it "
            "is writable and that its disk has room"
        ) from error
