"""What the catalogue keeps, and what it says when it cannot."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
import sqlalchemy as sa
from hubkit import page

from fingerpost_knowledge_hub.catalogue import Catalogue, Entry
from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.errors import (
    CatalogueBusyError,
    CatalogueError,
    CatalogueNotReadyError,
)


def entry(document: Document) -> Entry:
    return Entry(document=document, source="test", authority="test", origin="file.md")


def test_record_holds_the_whole_document(catalogue: Catalogue) -> None:
    document = page("/a", "Tŷ £5 “quoted” 🏠", version=3, day=4)
    catalogue.put("default", [entry(document)])
    record = catalogue.get("default", "/a", "en")
    assert record is not None
    assert record.document == document
    assert (record.source, record.authority, record.origin) == ("test", "test", "file.md")


def test_unknown_page_has_no_record(catalogue: Catalogue) -> None:
    catalogue.put("default", [entry(page("/a"))])
    assert catalogue.get("default", "/a", "cy") is None
    assert catalogue.get("other", "/a", "en") is None


def test_times_come_back_in_utc(catalogue: Catalogue) -> None:
    summer = datetime(2026, 7, 1, 12, tzinfo=timezone(timedelta(hours=1)))
    catalogue.put("default", [entry(msgspec.structs.replace(page(), updated_at=summer))])
    known = catalogue.standings("default", [Identity("/a", "en")])
    assert known[Identity("/a", "en")].revision.updated_at == datetime(2026, 7, 1, 11, tzinfo=UTC)


def test_time_without_a_zone_is_utc(catalogue: Catalogue) -> None:
    naive = datetime(2026, 7, 1, 12)  # noqa: DTZ001
    catalogue.put("default", [entry(msgspec.structs.replace(page(), updated_at=naive))])
    known = catalogue.standings("default", [Identity("/a", "en")])
    assert known[Identity("/a", "en")].revision.updated_at == naive.replace(tzinfo=UTC)


def test_thousands_of_pages_are_looked_up_at_once(catalogue: Catalogue) -> None:
    pages = [page(f"/{number}") for number in range(3000)]
    catalogue.put("default", [entry(one) for one in pages])
    asked = [*(one.identity for one in pages), Identity("/unknown", "en")]
    assert set(catalogue.standings("default", asked)) == {one.identity for one in pages}
    assert len(catalogue.standings_of("default", "test")) == 3000


def test_documents_of_one_status_and_collection_are_listed_in_order(catalogue: Catalogue) -> None:
    hub = msgspec.structs.replace(page("/hub"), collection="ai-knowledge-hub")
    catalogue.put(
        "default",
        [entry(one) for one in (page("/b"), page("/a"), hub, page("/d", status=Status.DRAFT))],
    )
    assert [one.path for one in catalogue.documents("default")] == ["/a", "/b", "/hub"]
    guidance = catalogue.documents("default", collection="guidance")
    assert [one.path for one in guidance] == ["/a", "/b"]
    drafts = catalogue.documents("default", status=Status.DRAFT)
    assert [one.path for one in drafts] == ["/d"]


def test_counts_are_by_collection_and_status(catalogue: Catalogue) -> None:
    catalogue.put(
        "default", [entry(page("/a")), entry(page("/b")), entry(page("/c", status=Status.DRAFT))]
    )
    assert catalogue.counts("default") == {
        ("guidance", Status.LIVE): 2,
        ("guidance", Status.DRAFT): 1,
    }


def test_missing_tables_are_named_with_the_cure(tmp_path: Path) -> None:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(CatalogueNotReadyError, match=r"Catalogue\.create"):
        Catalogue(engine).get("default", "/a", "en")
    engine.dispose()


def test_damaged_database_is_named_as_the_cause(tmp_path: Path) -> None:
    (tmp_path / "hub.db").write_bytes(b"this is no database, whatever its name says" * 100)
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    with pytest.raises(CatalogueError, match="not a database"):
        Catalogue(engine).get("default", "/a", "en")
    engine.dispose()


def test_database_that_may_not_be_written_is_named_as_the_cause(
    catalogue: Catalogue, tmp_path: Path
) -> None:
    read_only = sa.create_engine(f"sqlite:///file:{tmp_path / 'hub.db'}?mode=ro&uri=true")
    with pytest.raises(CatalogueError, match=r"readonly database.*is writable"):
        Catalogue(read_only).put("default", [entry(page("/a"))])
    read_only.dispose()


def test_other_databases_are_refused() -> None:
    with pytest.raises(CatalogueError, match="sqlite:// or postgresql://"):
        Catalogue(sa.create_mock_engine("mssql://", lambda *_: None))  # type: ignore[arg-type]


@pytest.fixture(params=["file", "memory"])
def lockable(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Catalogue]:
    address = "sqlite://" if request.param == "memory" else f"sqlite:///{tmp_path / 'hub.db'}"
    engine = sa.create_engine(address)
    yield Catalogue(engine)
    engine.dispose()


def test_only_one_writer_holds_the_catalogue(lockable: Catalogue) -> None:
    with (
        lockable.exclusive(),
        pytest.raises(CatalogueBusyError, match="another ingestion"),
        lockable.exclusive(timeout=0.05),
    ):
        pass
    with lockable.exclusive(timeout=0.05):
        pass


def test_catalogue_is_free_again_after_an_error(lockable: Catalogue) -> None:
    with pytest.raises(KeyError), lockable.exclusive():
        raise KeyError
    with lockable.exclusive(timeout=0.05):
        pass


def test_records_can_be_read_while_a_writer_holds_the_catalogue(catalogue: Catalogue) -> None:
    catalogue.put("default", [entry(page("/a"))])
    with catalogue.exclusive():
        assert catalogue.get("default", "/a", "en") is not None
