"""Ingestion as a command: the sources at some paths, one after the other, in one account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import perf_counter

from fingerpost_gateway.operations.orders import IngestOrder, is_address
from fingerpost_gateway.operations.results import FailedSource, IngestResult, SkippedSource
from fingerpost_gateway.operations.stoppable import Repeatable
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.detect import SourceKind, detect_source, open_source
from fingerpost_knowledge_hub.errors import SourceNotFoundError, SourceUnrecognisedError
from fingerpost_knowledge_hub.files import FilesSource, SampleSource
from fingerpost_knowledge_hub.govuk import apply_event_files
from fingerpost_knowledge_hub.govuk.live import ContentApiClient, LiveSource, open_address
from fingerpost_knowledge_hub.sources import Source
from fingerpost_knowledge_hub.sync import Progress, SyncReport, synchronise
from fingerpost_retrieval import GuidanceIndex, IndexFault

Job = Callable[[], SyncReport]


def ingest(
    order: IngestOrder,
    catalogue: Catalogue,
    index: GuidanceIndex,
    progress: Progress,
    visits: Path,
    client: ContentApiClient | None = None,
) -> IngestResult:
    """Bring the index into step with the sources of the order. Blocks.

    Args:
        progress: called with (done, total) of the source at hand; what it raises stops the
            ingestion between two batches, and what was done stays.
        visits: keeps what was fetched from GOV.UK, so that it is not fetched again.
        client: asks GOV.UK for the addresses among the paths.

    Raises:
        KnowledgeHubError: a source or the catalogue cannot be used.
        RetrievalError: the index cannot be written.
    """
    began = perf_counter()
    progress = Repeatable(progress)
    ingestion = _Ingestion(order, catalogue, index, progress)
    # All are opened first, so that a wrong path is told before the others take their time.
    jobs = [
        ingestion.synchronising(_live_source(path, order, visits, client))
        if is_address(path)
        else ingestion.of_files(Path(path))
        for path in order.paths
    ]
    if order.sample:
        jobs.append(ingestion.synchronising(SampleSource()))
    reports = [run() for run in jobs]
    changed = any(report.added or report.changed or report.removed for report in reports)
    warnings = _put_in_order(index, progress.again) if changed else ()
    return _account(reports, perf_counter() - began, warnings)


class _Ingestion:
    """What all jobs of one order have in common."""

    def __init__(
        self, order: IngestOrder, catalogue: Catalogue, index: GuidanceIndex, progress: Progress
    ) -> None:
        self._order = order
        self._catalogue = catalogue
        self._index = index
        self._progress = progress

    def of_files(self, path: Path) -> Job:
        if self._order.kind != "events":
            return self.synchronising(_source(path, self._order))
        if not path.exists():
            raise SourceNotFoundError(f"nothing at {path}: check the path")
        return partial(
            apply_event_files,
            path,
            self._catalogue,
            self._index,
            tenant=self._order.tenant,
            progress=self._progress,
        )

    def synchronising(self, source: Source) -> Job:
        # A page that is named alone says nothing of the others.
        is_whole = not isinstance(source, LiveSource) or source.is_whole
        return partial(
            synchronise,
            source,
            self._catalogue,
            self._index,
            tenant=self._order.tenant,
            prune=self._order.prune and is_whole,
            allow_shrink=self._order.allow_shrink,
            progress=self._progress,
        )


def _live_source(
    address: str, order: IngestOrder, visits: Path, client: ContentApiClient | None
) -> LiveSource:
    if order.kind not in ("auto", "govuk"):
        raise SourceUnrecognisedError(
            f"{address} is an address, and only pages and sitemaps of GOV.UK are read from the "
            f"web: leave out --source {order.kind}, or save what is there and name the file"
        )
    return open_address(address, visits, client)


def _source(path: Path, order: IngestOrder) -> Source:
    kind = detect_source(path) if order.kind == "auto" else SourceKind(order.kind)
    if kind is SourceKind.FILES and order.collection:
        return FilesSource(path, collection=order.collection)
    return open_source(path, kind)


def _put_in_order(index: GuidanceIndex, pulse: Callable[[], None]) -> tuple[str, ...]:
    """Merge and index what has been written, so that searches stay fast however much there is."""
    try:
        index.optimise(pulse)
    except IndexFault as error:
        return (f"the pages are in, but searches are slower than they could be: {error}",)
    return ()


def _account(
    reports: Sequence[SyncReport], seconds: float, warnings: tuple[str, ...]
) -> IngestResult:
    statuses: Counter[str] = Counter()
    for report in reports:
        statuses.update(report.statuses)
    return IngestResult(
        added=sum(report.added for report in reports),
        changed=sum(report.changed for report in reports),
        removed=sum(report.removed for report in reports),
        unchanged=sum(report.unchanged for report in reports),
        failed=sum(len(report.failed) for report in reports),
        failures=tuple(
            FailedSource(item.source, item.error) for report in reports for item in report.failed
        ),
        skipped=tuple(
            SkippedSource(item.source, item.reason) for report in reports for item in report.skipped
        ),
        statuses=dict(statuses),
        complete=all(report.complete for report in reports),
        warnings=(*(warning for report in reports for warning in report.warnings), *warnings),
        seconds=seconds,
    )
