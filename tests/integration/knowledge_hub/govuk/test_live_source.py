"""The live site as a source: a sync with it costs little and loses nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from contentserver import ContentServer, answering
from govukkit import Json, Payloads
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.errors import (
    DocumentError,
    FetchError,
    ForbiddenAddressError,
    SourceError,
)
from fingerpost_knowledge_hub.govuk import GovukFolder
from fingerpost_knowledge_hub.govuk.live import ContentApiClient, Limits, LiveSource, open_address
from fingerpost_knowledge_hub.sources import Found, Item
from fingerpost_knowledge_hub.sync import SyncReport, synchronise

QUICK = Limits(requests_per_second=1_000, backoff_s=0.01, retries=1, failures_in_a_row=5)
WELSH = "/gwasanaethau-ar-lein-cymraeg-cthem"


def answer(path: str, text: str = "Text.", **fields: object) -> Json:
    return {
        "schema_name": "answer",
        "base_path": path,
        "title": f"Title of {path}",
        "details": {"body": f"<p>{text}</p>"},
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
def visits(tmp_path: Path) -> Path:
    return tmp_path / "visits.db"


@pytest.fixture
def source(site: ContentServer, visits: Path) -> Callable[..., LiveSource]:
    """A source for the site; each call is a new run of the program."""

    def made(**options: object) -> LiveSource:
        client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
        return LiveSource(client, visits, **options)  # type: ignore[arg-type]

    return made


@pytest.fixture
def index() -> RecordingIndex:
    return RecordingIndex()


@pytest.fixture
def catalogue(tmp_path: Path) -> Iterator[Catalogue]:
    engine = sa.create_engine(f"sqlite:///{tmp_path / 'hub.db'}")
    made = Catalogue(engine)
    made.create()
    yield made
    engine.dispose()


@pytest.fixture
def sync(
    catalogue: Catalogue, index: RecordingIndex, source: Callable[..., LiveSource]
) -> Callable[..., SyncReport]:
    def synced(*, prune: bool = True, **options: object) -> SyncReport:
        return synchronise(source(**options), catalogue, index, prune=prune)

    return synced


Sync = Callable[..., SyncReport]


def test_pages_of_the_sitemap_are_indexed(sync: Sync, index: RecordingIndex) -> None:
    report = sync()
    assert (report.added, report.failed, report.complete) == (3, [], True)
    assert index.texts() == {"/a": "Text.", "/b": "Text.", "/c": "Text."}


def test_second_run_sends_no_page_and_changes_nothing(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    index.replaced = 0
    report = sync()
    assert (report.added, report.changed, report.unchanged) == (0, 0, 3)
    assert (site.unchanged, index.replaced) == (3, 0)


def test_changed_page_is_replaced(sync: Sync, site: ContentServer, index: RecordingIndex) -> None:
    sync()
    site.pages["/b"] = answer("/b", "New.")
    report = sync()
    assert (report.changed, report.unchanged) == (1, 2)
    assert index.texts()["/b"] == "New."


def test_page_off_the_sitemap_leaves_the_index(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    del site.pages["/b"]
    list_pages(site)
    assert sync().removed == 1
    assert set(index.texts()) == {"/a", "/c"}


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_gone_is_removed_even_without_pruning(
    sync: Sync, site: ContentServer, index: RecordingIndex, catalogue: Catalogue, status: int
) -> None:
    sync()
    site.special["/b"] = answering(status)
    report = sync(prune=False)
    assert (report.removed, report.statuses) == (1, {"live": 2, "gone": 1})
    assert set(index.texts()) == {"/a", "/c"}
    record = catalogue.get("default", "/b", "en")
    assert record is not None
    assert record.document.status is Status.GONE
    assert sync(prune=False).removed == 0


def test_page_that_moved_is_found_at_its_new_path_only(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    site.pages["/new"] = answer("/new")
    site.special["/b"] = answering(303, Location="/api/content/new")
    sync(prune=False)
    assert set(index.texts()) == {"/a", "/c", "/new"}


def test_page_that_is_withdrawn_leaves_the_index(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    notice = {"explanation": "Old.", "withdrawn_at": "2026-01-01T00:00:00Z"}
    site.pages["/b"] = answer("/b", withdrawn_notice=notice)
    report = sync()
    assert (report.removed, report.statuses) == (1, {"live": 2, "withdrawn": 1})
    assert set(index.texts()) == {"/a", "/c"}


def test_page_that_never_was_is_skipped(sync: Sync) -> None:
    report = sync(paths=["/a", "/nowhere"], prune=False)
    assert [(one.source, one.reason) for one in report.skipped] == [("/nowhere", "not_found")]
    assert report.added == 1


def test_paths_are_asked_for_once_each_and_in_their_canonical_form(
    sync: Sync, site: ContentServer
) -> None:
    sync(paths=["/a", "/a/", "/x/../a?b=c"], prune=False)
    assert dict(site.requests) == {"/a": 1}


def test_what_is_no_path_is_told_at_once(source: Callable[..., LiveSource]) -> None:
    with pytest.raises(DocumentError, match="is no path on the site"):
        source(paths=["https://evil.example/"])


def test_failed_page_is_reported_and_its_record_kept(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    site.special["/b"] = answering(500)
    report = sync()
    (failure,) = report.failed
    assert failure.source == "/b"
    assert "answers 500, 2 times: run this again later" in failure.error
    assert set(index.texts()) == {"/a", "/b", "/c"}


def test_broken_payload_is_reported(sync: Sync, site: ContentServer) -> None:
    site.special["/b"] = answering(200, b'{"schema_name": "answer"')
    (failure,) = sync().failed
    assert failure.source == "/b"
    assert "cannot be read as a content item" in failure.error


def test_site_that_is_down_removes_nothing(
    sync: Sync, site: ContentServer, index: RecordingIndex
) -> None:
    site.pages |= {f"/{number}": answer(f"/{number}") for number in range(20)}
    list_pages(site)
    sync()
    for path in site.pages:
        site.special[path] = answering(503)
    report = sync()
    assert not report.complete
    assert "pages in a row failed" in report.failed[-1].error
    assert len(index.texts()) == 23


@pytest.mark.parametrize("body", [b"", b"<html>Sorry</html"])
def test_broken_sitemap_removes_nothing(
    sync: Sync, site: ContentServer, index: RecordingIndex, body: bytes
) -> None:
    sync()
    site.special["/sitemap.xml"] = answering(200, body)
    report = sync()
    assert (report.complete, report.removed) == (False, 0)
    assert "is no sitemap" in report.failed[0].error
    assert len(index.texts()) == 3


def test_run_that_was_cut_off_goes_on_where_it_was(
    sync: Sync, site: ContentServer, source: Callable[..., LiveSource], catalogue: Catalogue
) -> None:
    site.pages |= {f"/{number}": answer(f"/{number}") for number in range(20)}
    list_pages(site)

    def cut_off_at_the_tenth(done: int, total: int | None) -> None:
        if done == 10:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        synchronise(
            source(), catalogue, RecordingIndex(), prune=True, progress=cut_off_at_the_tenth
        )
    asked = sum(site.requests.values())
    assert sync(recheck_after_s=3600.0).added == 23
    twice = [path for path, count in site.requests.items() if count > 1 and path != "/sitemap.xml"]
    assert len(twice) <= 2 * QUICK.concurrency, "only what was on its way is asked for again"
    assert asked < 1 + 23


def test_pages_that_were_fetched_but_never_catalogued_are_read_from_the_visits(
    sync: Sync, site: ContentServer, source: Callable[..., LiveSource]
) -> None:
    list(source().parts())
    assert sync().added == 3
    assert site.unchanged == 3


def test_deleted_visits_cost_only_requests(
    sync: Sync, visits: Path, site: ContentServer, index: RecordingIndex
) -> None:
    sync()
    visits.unlink()
    index.replaced = 0
    report = sync()
    assert (report.unchanged, report.failed, index.replaced) == (3, [], 0)
    assert site.unchanged == 0


def test_damaged_visits_are_told_with_the_cure(
    sync: Sync, visits: Path, index: RecordingIndex
) -> None:
    sync()
    visits.write_bytes(b"no database" * 1000)
    report = sync()
    assert (report.complete, report.removed) == (False, 0)
    assert "if it is damaged, delete it" in report.failed[0].error


def test_folder_of_the_visits_that_is_not_there_is_told(site: ContentServer) -> None:
    client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
    source = LiveSource(client, Path("/nonexistent/visits.db"))
    with pytest.raises(SourceError, match=r"cannot be used \(unable to open"):
        list(source.items())


@pytest.mark.data
def test_live_site_and_saved_payloads_give_the_same_documents(
    payloads: Payloads, visits: Path
) -> None:
    served = {}
    for name in payloads.names():
        payload = payloads.payload(name)
        if "/frontend/" in name and payload.get("base_path"):
            served[payload["base_path"]] = payload
    with ContentServer(list(served.values())) as site:
        client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
        live = LiveSource(client, visits, paths=[str(path) for path in served])
        fetched = _documents(list(live.items()))
    assert len(fetched) > 60
    saved = _documents(list(GovukFolder(payloads.items).items()))
    assert fetched.keys() <= saved.keys()
    assert all(digest in saved[path] for path, digests in fetched.items() for digest in digests)


def _documents(items: list[Item]) -> dict[str, set[str]]:
    digests: dict[str, set[str]] = {}
    for item in items:
        if isinstance(item, Found):
            digests.setdefault(item.document.path, set()).add(item.document.digest)
    return digests


def test_address_of_a_page_is_that_page_and_of_a_sitemap_all_in_it(
    site: ContentServer, visits: Path
) -> None:
    client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
    page = open_address(f"{site.url}/b?from=search#top", visits, client)
    assert (set(_documents(list(page.items()))), page.is_whole) == ({"/b"}, False)
    everything = open_address(f"{site.url}/sitemap.xml", visits, client)
    assert set(_documents(list(everything.items()))) == {"/a", "/b", "/c"}
    assert everything.is_whole


def test_sitemaps_prune_only_their_own_pages(
    site: ContentServer, visits: Path, catalogue: Catalogue, index: RecordingIndex
) -> None:
    site.special["/second.xml"] = answering(
        200, f"<urlset><url><loc>{site.url}/c</loc></url></urlset>".encode()
    )
    site.special["/first.xml"] = answering(
        200, f"<urlset><url><loc>{site.url}/a</loc></url></urlset>".encode()
    )
    client = ContentApiClient(site.url, limits=QUICK, loopback_for_tests=True)
    for name in ("first", "second"):
        source = open_address(f"{site.url}/{name}.xml", visits, client)
        synchronise(source, catalogue, index, prune=True, allow_shrink=True)
    assert set(index.texts()) == {"/a", "/c"}


@pytest.mark.parametrize(
    "address", ["https://evil.example/bees", "http://www.gov.uk/bees", "https://x@www.gov.uk/bees"]
)
def test_address_elsewhere_is_refused_at_once(visits: Path, address: str) -> None:
    with pytest.raises(ForbiddenAddressError):
        open_address(address, visits)


def test_what_is_no_address_is_told(visits: Path) -> None:
    with pytest.raises(FetchError, match="is no address"):
        open_address("https://www.gov.uk:port/", visits)
