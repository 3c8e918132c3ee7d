"""Bring catalogue and index into step with a source: only what changed is touched."""

from __future__ import annotations

from collections.abc import Mapping
from time import perf_counter

import msgspec

from fingerpost_knowledge_hub.catalogue import Catalogue, Entry
from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.catalogue.part_log import PartLog
from fingerpost_knowledge_hub.documents import Document, Identity, Status
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.precedence import Standing, Verdict, judge
from fingerpost_knowledge_hub.sources import Failed, Skipped, Source
from fingerpost_knowledge_hub.sync.listing import Candidate
from fingerpost_knowledge_hub.sync.progress import Progress, silent
from fingerpost_knowledge_hub.sync.prune import BATCH, absent, remove_pages, why_held
from fingerpost_knowledge_hub.sync.report import SyncReport
from fingerpost_knowledge_hub.sync.scan import scan
from fingerpost_knowledge_hub.sync.spool import Spool

_WORK = frozenset({Verdict.NEW, Verdict.CHANGED, Verdict.RENEWED})


def synchronise(
    source: Source,
    catalogue: Catalogue,
    index: DocumentIndex,
    *,
    tenant: str = "default",
    prune: bool,
    allow_shrink: bool = False,
    progress: Progress | None = None,
) -> SyncReport:
    """Make the index hold the live pages of a source, and the catalogue a record of all.

    Idempotent, and safe to interrupt: the index changes first and the catalogue after, batch by
    batch, so that a batch between the two is simply done again. Several syncs and events may
    run at once: they take turns, and each decides on what the others left.

    Args:
        prune: remove pages that the source no longer lists. Not done for a listing that broke
            off, nor for pages whose file failed to be read.
        allow_shrink: prune even if all pages vanished, or most of many (`HELD_SHARE`).
        progress: called with (done, total); total is None while the source is being listed.

    Raises:
        CatalogueError: the catalogue cannot be used.
        KnowledgeHubError: there is no room for temporary files.
        Exception: whatever the index raises; what was done before then stays done.
    """
    started = perf_counter()
    with Spool(source) as spool:
        run = _Run(source, spool, catalogue, index, tenant, progress or silent)
        run.apply()
        if prune:
            run.prune(allow_shrink)
    run.report.seconds = perf_counter() - started
    return run.report


class _Run:
    """One sync: what the source lists, the changes that follow, and their account."""

    def __init__(
        self,
        source: Source,
        spool: Spool,
        catalogue: Catalogue,
        index: DocumentIndex,
        tenant: str,
        progress: Progress,
    ) -> None:
        self._source = source
        self._spool = spool
        self._catalogue = catalogue
        self._index = index
        self._tenant = tenant
        self._progress = progress
        log = PartLog(catalogue.engine, tenant, source.name)
        listing = scan(source, log, spool, progress)
        self._winners = listing.winners
        self.report = SyncReport(
            failed=listing.failed, skipped=listing.skipped, complete=listing.complete
        )

    def apply(self) -> None:
        """Add and replace pages, and take out those that are listed as not live."""
        known = self._catalogue.standings_of(self._tenant, self._source.name)
        strangers = [identity for identity in self._winners if identity not in known]
        known |= self._catalogue.standings(self._tenant, strangers)
        work: list[Candidate] = []
        for candidate in self._winners.values():
            standing = known.get(candidate.identity)
            verdict = self._judge(candidate, standing)
            if verdict in _WORK:
                work.append(candidate)
            else:
                self._account(candidate, verdict, standing)
        done = len(self._winners) - len(work)
        self._progress(done, len(self._winners))
        for batch in chunks(work, BATCH):
            self._apply_batch(batch)
            done += len(batch)
            self._progress(done, len(self._winners))

    def prune(self, allow_shrink: bool) -> None:
        """Remove what the source no longer lists, if its listing can be relied on."""
        if not self.report.complete:
            return
        known = self._catalogue.standings_of(self._tenant, self._source.name)
        gone = absent(known, self._winners, self.report.failed)
        if not allow_shrink and (reason := why_held(known, gone)):
            self.report.warnings.append(reason)
            return
        self.report.removed += remove_pages(
            gone, self._source.name, self._catalogue, self._index, self._tenant
        )

    def _apply_batch(self, batch: list[Candidate]) -> None:
        entries: dict[Identity, Entry] = {}
        for candidate in batch:
            if document := self._spool.load(candidate):
                entries[candidate.identity] = self._entry(candidate, document)
            else:
                failure = Failed(candidate.origin, "changed while it was read: run this again")
                self.report.failed.append(failure)
        with self._catalogue.exclusive():
            # Others may have written since the listing: judge again by what is there now.
            known = self._catalogue.standings(self._tenant, entries)
            judged = [
                (candidate, self._judge(candidate, known.get(candidate.identity)))
                for candidate in batch
                if candidate.identity in entries
            ]
            self._write(
                [
                    (_versioned(entries[candidate.identity], known), verdict)
                    for candidate, verdict in judged
                    if verdict in _WORK
                ],
                known,
            )
        for candidate, verdict in judged:
            self._account(candidate, verdict, known.get(candidate.identity))

    def _write(
        self, changes: list[tuple[Entry, Verdict]], known: Mapping[Identity, Standing]
    ) -> None:
        """The index first, the catalogue after: what is cut off in between is done again."""
        replaced: list[Document] = []
        removed: list[Identity] = []
        for entry, verdict in changes:
            document = entry.document
            if document.status is not Status.LIVE:
                if _is_live(known.get(document.identity)):
                    removed.append(document.identity)
            elif verdict is not Verdict.RENEWED:
                replaced.append(document)
        entries = [entry for entry, _ in changes]
        self._catalogue.unsettle(self._tenant, entries)
        if replaced:
            self._index.replace(replaced, self._tenant)
        if removed:
            self._index.remove(removed, self._tenant)
        self._catalogue.put(self._tenant, entries)

    def _account(self, candidate: Candidate, verdict: Verdict, before: Standing | None) -> None:
        report = self.report
        status = candidate.revision.status
        if verdict is Verdict.SUPERSEDED:
            report.skipped.append(Skipped(candidate.origin, "superseded"))
            return
        if verdict is Verdict.CLAIMED and before is not None:
            report.skipped.append(Skipped(candidate.origin, f"claimed:{before.source}"))
            return
        report.statuses[status.value] = report.statuses.get(status.value, 0) + 1
        if status is not Status.LIVE:
            report.skipped.append(Skipped(candidate.origin, status.value))
            report.removed += _is_live(before)
        elif verdict in (Verdict.SAME, Verdict.RENEWED):
            report.unchanged += 1
        elif _is_live(before):
            report.changed += 1
        else:
            report.added += 1

    def _judge(self, candidate: Candidate, standing: Standing | None) -> Verdict:
        return judge(
            candidate.revision,
            standing,
            source=self._source.name,
            authority=self._source.authority,
        )

    def _entry(self, candidate: Candidate, document: Document) -> Entry:
        return Entry(
            document=document,
            source=self._source.name,
            authority=self._source.authority,
            origin=candidate.origin,
        )


def _versioned(entry: Entry, known: Mapping[Identity, Standing]) -> Entry:
    """A copy that bears no version goes on under the one that its page had reached.

    A late event of a lower number stays late, whichever copies came in between.
    """
    before = known.get(entry.document.identity)
    if entry.document.version or before is None or before.authority != entry.authority:
        return entry
    document = msgspec.structs.replace(entry.document, version=before.revision.version)
    return msgspec.structs.replace(entry, document=document)


def _is_live(standing: Standing | None) -> bool:
    return standing is not None and standing.is_live
