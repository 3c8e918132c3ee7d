"""Publishing events that were saved as files: applied one after the other, in one account."""

from __future__ import annotations

from pathlib import Path
from time import perf_counter

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.govuk.events import Applied, Effect, apply_event
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.sources import Failed, Part, Skipped
from fingerpost_knowledge_hub.sync import Progress, SyncReport
from fingerpost_knowledge_hub.sync.progress import silent


def apply_event_files(
    path: Path,
    catalogue: Catalogue,
    index: DocumentIndex,
    *,
    tenant: str = "default",
    progress: Progress = silent,
) -> SyncReport:
    """Apply every publishing message in a folder, one JSON object a file, or in one file.

    Their order does not matter, and what was applied before is skipped as "repeated". A message
    that is broken fails, and the others go on.

    Raises:
        SourceError: there is nothing at the path, or a folder cannot be listed.
        CatalogueError: the catalogue cannot be used.
        Exception: whatever the index raises; what was done before then stays done.
    """
    started = perf_counter()
    folder = Folder(path, suffixes=frozenset({".json"}))
    found = list(folder.parts())
    report = SyncReport()
    for done, part in enumerate(found):
        progress(done, len(found))
        if isinstance(part, Skipped):
            report.skipped.append(part)
        elif isinstance(part, Failed):
            report.failed.append(part)
        else:
            _apply(part, folder, catalogue, index, tenant, report)
    progress(len(found), len(found))
    report.seconds = perf_counter() - started
    return report


def _apply(
    part: Part,
    folder: Folder,
    catalogue: Catalogue,
    index: DocumentIndex,
    tenant: str,
    report: SyncReport,
) -> None:
    try:
        applied = apply_event(folder.read(part), catalogue, index, tenant=tenant)
    except DocumentError as error:
        report.failed.append(Failed(part.source, str(error)))
    else:
        _account(applied, part.source, report)


def _account(applied: Applied, source: str, report: SyncReport) -> None:
    match applied.effect:
        case Effect.INDEXED:
            report.changed += applied.was_live
            report.added += not applied.was_live
            live = Status.LIVE.value
            report.statuses[live] = report.statuses.get(live, 0) + 1
        case Effect.WITHHELD:
            report.removed += applied.was_live
            report.skipped.append(Skipped(source, applied.reason))
        case Effect.SKIPPED:
            report.skipped.append(Skipped(source, applied.reason))
        case Effect.REPEATED | Effect.SUPERSEDED | Effect.CLAIMED:
            report.skipped.append(Skipped(source, applied.effect.value))
