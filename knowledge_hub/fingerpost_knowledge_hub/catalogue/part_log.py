"""What the parts of a source held when they were last read, so that unchanged ones are not read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import msgspec
import sqlalchemy as sa

from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.catalogue.database import ROWS, connection, transaction, upsert
from fingerpost_knowledge_hub.documents import Identity
from fingerpost_knowledge_hub.precedence import Revision
from fingerpost_knowledge_hub.sources import Skipped
from fingerpost_knowledge_hub.tables import source_parts as table


class Glimpse(msgspec.Struct, frozen=True):
    """That a page was found, and which revision of it, without the page."""

    path: str
    locale: str
    origin: str
    revision: Revision

    @property
    def identity(self) -> Identity:
        return Identity(self.path, self.locale)


class Reading(msgspec.Struct, frozen=True):
    """Everything that one part held, and the stamp that it bore then."""

    stamp: str
    found: tuple[Glimpse, ...]
    skipped: tuple[Skipped, ...]


class PartLog:
    """The readings of one source's parts, in the catalogue's database."""

    def __init__(self, engine: sa.Engine, tenant: str, source: str) -> None:
        self._engine = engine
        self._tenant = tenant
        self._source = source
        self._mine = (table.c.tenant == tenant, table.c.source == source)

    def readings(self) -> dict[str, Reading]:
        """The last reading of every part, by the part's name."""
        query = sa.select(table.c.part, table.c.reading).where(*self._mine)
        with connection(self._engine) as connected:
            return {
                part: msgspec.json.decode(reading, type=Reading)
                for part, reading in connected.execute(query)
            }

    def update(self, readings: Mapping[str, Reading], forget: Iterable[str]) -> None:
        """Store readings, and forget parts that are no more or could not be read."""
        rows = [
            {
                "tenant": self._tenant,
                "source": self._source,
                "part": part,
                "reading": msgspec.json.encode(reading).decode(),
            }
            for part, reading in readings.items()
        ]
        with transaction(self._engine) as connected:
            upsert(connected, table, rows, only=frozenset({"reading"}))
            for some in chunks(forget, ROWS):
                connected.execute(sa.delete(table).where(*self._mine, table.c.part.in_(some)))
