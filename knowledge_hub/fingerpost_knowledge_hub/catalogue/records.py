"""The catalogue: a record of every page that a source ever listed, live or not."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from typing import Any

import msgspec
import sqlalchemy as sa

from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.catalogue.database import ROWS, connection, transaction, upsert
from fingerpost_knowledge_hub.catalogue.lock import LOCK_SECONDS, exclusively
from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.errors import CatalogueError
from fingerpost_knowledge_hub.precedence import UNSETTLED, Revision, Standing
from fingerpost_knowledge_hub.tables import documents as table
from fingerpost_knowledge_hub.tables import metadata

_STANDING = (
    table.c.path,
    table.c.locale,
    table.c.digest,
    table.c.status,
    table.c.version,
    table.c.updated_at,
    table.c.sample,
    table.c.source,
    table.c.authority,
    table.c.origin,
)


_RENEWED = frozenset(column.name for column in table.columns) - {"first_seen"}
_KEY = sa.tuple_(table.c.path, table.c.locale)


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """A page to be recorded, with who brought it."""

    document: Document
    source: str
    authority: str
    origin: str


class Record(Entry, frozen=True, kw_only=True):
    """A page as it is recorded."""

    first_seen: datetime
    last_changed: datetime


class Catalogue:
    """Records of pages in SQLite or PostgreSQL.

    Pages of every status are kept: a page that has gone leaves a tombstone with its last text,
    so that an old answer stays explicable and a late event cannot bring it back. Methods block;
    asynchronous callers use `asyncio.to_thread`.

        catalogue = Catalogue(sqlalchemy.create_engine("sqlite:///hub.db"))
        catalogue.create()
    """

    def __init__(self, engine: sa.Engine) -> None:
        """
        Raises:
            CatalogueError: the database is neither SQLite nor PostgreSQL.
        """
        if engine.dialect.name not in ("sqlite", "postgresql"):
            raise CatalogueError(
                f"{engine.dialect.name} is not supported: use a sqlite:// or postgresql:// address"
            )
        self.engine = engine

    def create(self) -> None:
        """Create the tables that do not exist yet (for use without migrations)."""
        metadata.create_all(self.engine)

    def get(self, tenant: str, path: str, locale: str) -> Record | None:
        """The record of one page, whatever its status."""
        return next(iter(self.records(tenant, [Identity(path, locale)])), None)

    def standings(self, tenant: str, identities: Iterable[Identity]) -> dict[Identity, Standing]:
        """What is known of these pages; those that were never seen are absent."""
        found: dict[Identity, Standing] = {}
        with connection(self.engine) as connected:
            for some in chunks(identities, ROWS):
                query = sa.select(*_STANDING).where(table.c.tenant == tenant, _KEY.in_(some))
                found.update(map(_standing, connected.execute(query)))
        return found

    def standings_of(self, tenant: str, source: str) -> dict[Identity, Standing]:
        """What is known of all pages for which a source is responsible, gone ones included."""
        query = sa.select(*_STANDING).where(table.c.tenant == tenant, table.c.source == source)
        with connection(self.engine) as connected:
            return dict(map(_standing, connected.execute(query)))

    def locales(self, tenant: str, path: str) -> list[str]:
        """The languages in which a page is recorded at a path, whatever its status."""
        query = sa.select(table.c.locale).where(table.c.tenant == tenant, table.c.path == path)
        with connection(self.engine) as connected:
            return sorted(connected.scalars(query))

    def records(self, tenant: str, identities: Iterable[Identity]) -> list[Record]:
        """The records of these pages; those that were never seen are absent."""
        found: list[Record] = []
        with connection(self.engine) as connected:
            for some in chunks(identities, ROWS):
                query = sa.select(table).where(table.c.tenant == tenant, _KEY.in_(some))
                found.extend(map(_record, connected.execute(query)))
        return found

    def unsettle(self, tenant: str, entries: Sequence[Entry]) -> None:
        """Note that the index is about to change for these pages, before it does.

        Until `put` settles them, no revision counts as the one that is indexed, so that a
        change that was cut off half way is done again, or undone, whatever comes next.
        """
        rows = [
            _row(tenant, entry, datetime.now(UTC))
            | {"digest": UNSETTLED, "version": 0, "updated_at": None}
            for entry in entries
        ]
        with transaction(self.engine) as connected:
            upsert(connected, table, rows, only=frozenset({"digest"}))

    def put(self, tenant: str, entries: Sequence[Entry]) -> None:
        """Record pages, each replacing what was recorded for its identity; all or none."""
        now = datetime.now(UTC)
        rows = [_row(tenant, entry, now) for entry in entries]
        with transaction(self.engine) as connected:
            upsert(connected, table, rows, only=_RENEWED)

    def documents(
        self, tenant: str, *, status: Status = Status.LIVE, collection: str | None = None
    ) -> Iterator[Document]:
        """Whole pages of one status, in the order of their paths, read a few at a time."""
        query = (
            sa.select(table.c.document)
            .where(table.c.tenant == tenant, table.c.status == status.value)
            .order_by(table.c.path, table.c.locale)
            .execution_options(yield_per=100)
        )
        if collection is not None:
            query = query.where(table.c.collection == collection)
        with connection(self.engine) as connected:
            for text in connected.scalars(query):
                yield msgspec.json.decode(text, type=Document)

    def digests(self, tenant: str) -> dict[Identity, str]:
        """The digests of all live pages, in the order of their paths."""
        query = (
            sa.select(table.c.path, table.c.locale, table.c.digest)
            .where(table.c.tenant == tenant, table.c.status == Status.LIVE.value)
            .order_by(table.c.path, table.c.locale)
        )
        with connection(self.engine) as connected:
            return {
                Identity(path, locale): digest for path, locale, digest in connected.execute(query)
            }

    def counts(self, tenant: str) -> dict[tuple[str, Status], int]:
        """How many pages are recorded, by collection and status."""
        query = (
            sa.select(table.c.collection, table.c.status, sa.func.count())
            .where(table.c.tenant == tenant)
            .group_by(table.c.collection, table.c.status)
        )
        with connection(self.engine) as connected:
            return {
                (collection, Status(status)): count
                for collection, status, count in connected.execute(query)
            }

    def exclusive(self, timeout: float = LOCK_SECONDS) -> AbstractContextManager[None]:
        """Permission to decide and to write, for one batch or one event at a time.

        Whoever compares a revision with what is recorded, changes the index and then records
        it must hold this throughout, or two writers could leave index and catalogue at odds.

        Raises:
            CatalogueBusyError: another writer held it for longer than `timeout` seconds.
        """
        return exclusively(self.engine, timeout)


def _record(row: sa.Row[*tuple[Any, ...]]) -> Record:
    return Record(
        document=msgspec.json.decode(row.document, type=Document),
        source=row.source,
        authority=row.authority,
        origin=row.origin,
        first_seen=row.first_seen,
        last_changed=row.last_changed,
    )


def _row(tenant: str, entry: Entry, now: datetime) -> dict[str, object]:
    document = entry.document
    return {
        "tenant": tenant,
        "path": document.path,
        "locale": document.locale,
        "source": entry.source,
        "authority": entry.authority,
        "origin": entry.origin,
        "collection": document.collection,
        "status": document.status.value,
        "sample": document.sample,
        "digest": document.digest,
        "version": document.version,
        "updated_at": document.updated_at,
        "first_seen": now,
        "last_changed": now,
        "document": msgspec.json.encode(document).decode(),
    }


def _standing(row: sa.Row[*tuple[Any, ...]]) -> tuple[Identity, Standing]:
    revision = Revision(
        digest=row.digest,
        status=Status(row.status),
        version=row.version,
        updated_at=row.updated_at,
        sample=row.sample,
    )
    standing = Standing(
        revision=revision, source=row.source, authority=row.authority, origin=row.origin
    )
    return Identity(row.path, row.locale), standing
