"""The catalogue does the same on SQLite and on PostgreSQL."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
import sqlalchemy as sa
from hubkit import ListSource, PartsSource, RecordingIndex, page

from fingerpost_knowledge_hub.catalogue import Catalogue, Entry
from fingerpost_knowledge_hub.documents import Identity, Status
from fingerpost_knowledge_hub.errors import CatalogueBusyError, CatalogueNotReadyError
from fingerpost_knowledge_hub.sync import forget, reindex, synchronise
from fingerpost_knowledge_hub.tables import metadata


def test_record_comes_back_as_it_was(catalogue: Catalogue) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    document = msgspec.structs.replace(page(text="Tŷ £5 🏠 \0", version=2**62), updated_at=summer)
    entry = Entry(document=document, source="s", authority="a", origin="o")
    catalogue.put("default", [entry])
    record = catalogue.get("default", "/a", "en")
    assert record is not None
    assert record.document == document
    known = catalogue.standings("default", [Identity("/a", "en")])[Identity("/a", "en")]
    assert known.revision.updated_at == datetime(2026, 7, 1, 11, tzinfo=UTC)
    assert known.revision.version == 2**62


def test_pages_come_change_hide_and_go(catalogue: Catalogue) -> None:
    index = RecordingIndex()
    first = [page(f"/{number}") for number in range(1200)]
    report = synchronise(ListSource(*first), catalogue, index, prune=True)
    assert report.added == 1200
    second = [
        *first[3:],
        page("/1", "New."),
        page("/2", status=Status.WITHDRAWN),
    ]
    report = synchronise(ListSource(*second), catalogue, index, prune=True)
    assert (report.changed, report.removed, report.unchanged) == (1, 2, 1197)
    assert len(index.texts()) == 1198
    assert catalogue.counts("default") == {
        ("guidance", Status.LIVE): 1198,
        ("guidance", Status.WITHDRAWN): 1,
        ("guidance", Status.GONE): 1,
    }
    fresh = RecordingIndex()
    assert reindex(catalogue, fresh) == 1198
    assert fresh.texts() == index.texts()
    assert forget("test", catalogue, index) == 1198
    assert index.texts() == {}


def test_unchanged_parts_are_not_read_again(catalogue: Catalogue) -> None:
    source, index = PartsSource(), RecordingIndex()
    for number in range(1200):
        source.write(f"{number}.md", "1", page(f"/{number}"))
    synchronise(source, catalogue, index, prune=True)
    source.reads.clear()
    del source.contents["7.md"]
    report = synchronise(source, catalogue, index, prune=True)
    assert source.reads == []
    assert (report.unchanged, report.removed) == (1199, 1)


def test_only_one_writer_holds_the_catalogue(catalogue: Catalogue) -> None:
    with (
        catalogue.exclusive(),
        pytest.raises(CatalogueBusyError),
        catalogue.exclusive(timeout=0.1),
    ):
        pass
    with catalogue.exclusive(timeout=0.1):
        pass


def test_missing_tables_are_named_with_the_cure(database: str) -> None:
    engine = sa.create_engine(database)
    metadata.drop_all(engine)
    with pytest.raises(CatalogueNotReadyError, match=r"Catalogue\.create"):
        Catalogue(engine).counts("default")
    engine.dispose()
