"""Ingestion as a command: the sources at some paths, one after the other, in one account."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from fingerpost_gateway.operations.orders import IngestOrder
from fingerpost_gateway.operations.results import FailedSource, IngestResult, SkippedSource
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.detect import SourceKind, detect_source, open_source
from fingerpost_knowledge_hub.files import FilesSource, SampleSource
from fingerpost_knowledge_hub.sources import Source
from fingerpost_knowledge_hub.sync import Progress, SyncReport, synchronise
from fingerpost_retrieval import GuidanceIndex


def ingest(
    order: IngestOrder, catalogue: Catalogue, index: GuidanceIndex, progress: Progress
) -> IngestResult:
    """Bring the index into step with the sources of the order. Blocks.

    Args:
        progress: called with (done, total) of the source at hand; what it raises stops the
            ingestion between two batches, and what was done stays.

    Raises:
        KnowledgeHubError: a source or the catalogue cannot be used.
        RetrievalError: the index cannot be written.
    """
    began = perf_counter()
    # All are opened first, so that a wrong path is told before the others take their time.
    sources = [_source(Path(path), order) for path in order.paths]
    if order.sample:
        sources.append(SampleSource())
    reports = [
        synchronise(
            source,
            catalogue,
            index,
            tenant=order.tenant,
            prune=order.prune,
            allow_shrink=order.allow_shrink,
            progress=progress,
        )
        for source in sources
    ]
    return _account(reports, perf_counter() - began)


def _source(path: Path, order: IngestOrder) -> Source:
    kind = detect_source(path) if order.kind == "auto" else SourceKind(order.kind)
    if kind is SourceKind.FILES and order.collection:
        return FilesSource(path, collection=order.collection)
    return open_source(path, kind)


def _account(reports: Sequence[SyncReport], seconds: float) -> IngestResult:
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
        warnings=tuple(warning for report in reports for warning in report.warnings),
        seconds=seconds,
    )
