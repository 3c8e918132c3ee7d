"""GOV.UK as operators ingest it: addresses of the live site, and saved publishing messages."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from commandline import fingerpost, result_of
from contentserver import ContentServer, answering

from fingerpost_gateway.operations.ingestion import ingest
from fingerpost_gateway.operations.orders import IngestOrder
from fingerpost_gateway.operations.results import IngestResult
from fingerpost_knowledge_hub import Catalogue
from fingerpost_knowledge_hub.govuk.live import ContentApiClient, Limits
from fingerpost_retrieval import GuidanceIndex

QUICK = Limits(requests_per_second=1_000, backoff_s=0.01, retries=1)

Ingest = Callable[..., IngestResult]


def answer(path: str, **fields: object) -> dict[str, object]:
    return {
        "schema_name": "answer",
        "document_type": "answer",
        "base_path": path,
        "locale": "en",
        "title": f"Mooring fees at {path}",
        "details": {"body": "<p>The mooring fee is £40 a night.</p>"},
        **fields,
    }


@pytest.fixture
def site() -> Iterator[ContentServer]:
    with ContentServer([answer("/a"), answer("/b"), answer("/c")]) as running:
        list_pages(running)
        yield running


def list_pages(site: ContentServer) -> None:
    """Let the sitemap list every page that the site has now."""
    entries = "".join(f"<url><loc>{site.url}{path}</loc></url>" for path in site.pages)
    site.special["/sitemap.xml"] = answering(200, f"<urlset>{entries}</urlset>".encode())


@pytest.fixture
def ingested(site: ContentServer, tmp_path: Path) -> Iterator[Ingest]:
    """Ingests from the local site, into a catalogue and an index of the test's own."""
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    catalogue = Catalogue(engine)
    catalogue.create()
    with GuidanceIndex.open(tmp_path / "index", None) as index:

        def run(*paths: str, **options: object) -> IngestResult:
            order = IngestOrder(paths=paths, **options)  # type: ignore[arg-type]
            client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
            visits = tmp_path / "visits.db"
            return ingest(order, catalogue, index, lambda done, total: None, visits, client)

        yield run
    engine.dispose()


def test_sitemap_is_ingested_and_what_it_lists_no_more_is_removed(
    ingested: Ingest, site: ContentServer
) -> None:
    sitemap = f"{site.url}/sitemap.xml"
    assert ingested(sitemap).added == 3
    again = ingested(sitemap)
    assert (again.unchanged, site.unchanged) == (3, 3)
    del site.pages["/b"]
    list_pages(site)
    assert ingested(sitemap).removed == 1


def test_page_is_ingested_and_takes_no_other_away(ingested: Ingest, site: ContentServer) -> None:
    assert ingested(f"{site.url}/a").added == 1
    report = ingested(f"{site.url}/b")
    assert (report.added, report.removed, report.warnings) == (1, 0, ())
    assert ingested(f"{site.url}/a", f"{site.url}/b").unchanged == 2


def test_page_that_is_gone_is_removed_when_it_is_named_again(
    ingested: Ingest, site: ContentServer
) -> None:
    ingested(f"{site.url}/a")
    site.special["/a"] = answering(410)
    assert ingested(f"{site.url}/a").removed == 1


def test_published_messages_change_the_index_and_each_has_its_fate(
    data_dir: Path, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    save(folder / "1.json", answer("/zeppelins", payload_version=1))
    save(folder / "2.json", answer("/gondolas", payload_version=5))
    save(folder / "3.json", answer("/gondolas", payload_version=4))
    save(folder / "4.json", answer("/people", payload_version=1, schema_name="organisation"))
    report = result_of(data_dir, "ingest", "--source", "events", str(folder))
    assert (report["added"], report["changed"], report["removed"]) == (2, 0, 0)
    assert report["skipped"] == [
        {"source": "3.json", "reason": "superseded"},
        {"source": "4.json", "reason": "not_guidance:organisation"},
    ]
    save(tmp_path / "gone.json", answer("/gondolas", payload_version=6, schema_name="gone"))
    report = result_of(data_dir, "ingest", "--source", "events", str(tmp_path / "gone.json"))
    assert report["removed"] == 1
    passages = result_of(data_dir, "search", "mooring fee", "--limit", "5")["passages"]
    urls = {passage["url"].partition("#")[0] for passage in passages}
    assert "https://www.gov.uk/zeppelins" in urls
    assert "https://www.gov.uk/gondolas" not in urls


def save(file: Path, message: dict[str, object]) -> None:
    file.write_text(json.dumps(message))


@pytest.mark.parametrize(
    ("arguments", "cure"),
    [
        (("https://elsewhere.example/bees",), "allowed are www.gov.uk"),
        (("http://www.gov.uk/bees",), "is no plain https address"),
        (("https://www.gov.uk/bees", "--source", "files"), "leave out --source files"),
        (("/nowhere/at/all", "--source", "events"), "check the path"),
    ],
)
def test_what_is_not_to_be_had_is_refused_at_once(
    data_dir: Path, arguments: tuple[str, ...], cure: str
) -> None:
    refused = fingerpost(data_dir, "ingest", *arguments)
    assert refused.returncode == 2
    assert cure in " ".join(refused.stderr.split())
