"""The first half of a sync: list a source, reading only what changed, and pick each page's winner."""

from __future__ import annotations

import re
from collections.abc import Iterator

import msgspec

from fingerpost_knowledge_hub.catalogue.part_log import Glimpse, PartLog, Reading
from fingerpost_knowledge_hub.documents import FORMAT_VERSION, Document
from fingerpost_knowledge_hub.errors import SourceError
from fingerpost_knowledge_hub.precedence import Revision
from fingerpost_knowledge_hub.sources import (
    Failed,
    Found,
    IncrementalSource,
    Item,
    Part,
    Skipped,
    Source,
)
from fingerpost_knowledge_hub.sync.listing import Candidate, Listing
from fingerpost_knowledge_hub.sync.progress import Progress
from fingerpost_knowledge_hub.sync.spool import Spool

_LOCALE = re.compile(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}")
_LONGEST_PATH = 1024
_LONGEST_COLLECTION = 64


def scan(source: Source, log: PartLog, spool: Spool, progress: Progress) -> Listing:
    """List everything in a source; documents that were read go to the spool.

    A source that breaks off leaves a listing that is not complete, with the cause among the
    failures.
    """
    reader = _Reader(source, log, spool, progress)
    try:
        reader.read()
        reader.listing.complete = True
    except SourceError as error:
        reader.listing.failed.append(Failed(source.name, str(error)))
    return reader.listing


class _Reader:
    """One pass over a source."""

    def __init__(self, source: Source, log: PartLog, spool: Spool, progress: Progress) -> None:
        self.listing = Listing()
        self._source = source
        self._log = log
        self._spool = spool
        self._progress = progress
        self._seen = 0

    def read(self) -> None:
        if isinstance(self._source, IncrementalSource):
            self._read_parts(self._source)
            return
        for item in self._source.items():
            self._take(item)

    def _read_parts(self, source: IncrementalSource) -> None:
        before = self._log.readings()
        vanished = set(before)
        fresh: dict[str, Reading] = {}
        broken: set[str] = set()
        try:
            for part in source.parts():
                if not isinstance(part, Part):
                    self._take(part)
                    continue
                vanished.discard(part.source)
                stamp = part.stamp and f"{source.reader}/{FORMAT_VERSION} {part.stamp}"
                known = before.get(part.source)
                if known is not None and stamp and known.stamp == stamp:
                    self._replay(known, part)
                elif reading := self._read(source.read(part), part, stamp):
                    fresh[part.source] = reading
                else:
                    broken.add(part.source)
        except BaseException:
            # What was read before an interruption need not be read again.
            self._log.update(fresh, forget=broken)
            raise
        self._log.update(fresh, forget=broken | vanished)

    def _read(self, items: Iterator[Item], part: Part, stamp: str) -> Reading | None:
        """Take the items of one part; None when one failed, so that it is tried again."""
        found: list[Glimpse] = []
        skipped: list[Skipped] = []
        failed = False
        for item in items:
            if candidate := self._take(item, part):
                found.append(Glimpse(*candidate.identity, candidate.origin, candidate.revision))
            elif isinstance(item, Skipped):
                skipped.append(item)
            else:
                failed = True
        return None if failed else Reading(stamp, tuple(found), tuple(skipped))

    def _replay(self, reading: Reading, part: Part) -> None:
        for glimpse in reading.found:
            self.listing.enter(
                Candidate(
                    identity=glimpse.identity,
                    revision=glimpse.revision,
                    origin=glimpse.origin,
                    part=part,
                )
            )
        self.listing.skipped.extend(reading.skipped)
        self._count()

    def _take(self, item: Item, part: Part | None = None) -> Candidate | None:
        self._count()
        if isinstance(item, Found) and (fault := _fault(item.document)):
            item = Failed(item.source, fault)
        if isinstance(item, Failed):
            self.listing.failed.append(item)
            return None
        if isinstance(item, Skipped):
            self.listing.skipped.append(item)
            return None
        candidate = Candidate(
            identity=item.document.identity,
            revision=Revision.of(item.document),
            origin=item.source,
            place=self._spool.put(item.document),
            part=part,
        )
        self.listing.enter(candidate)
        return candidate

    def _count(self) -> None:
        self._seen += 1
        self._progress(self._seen, None)


def _fault(document: Document) -> str | None:
    """Why a document cannot be stored, whoever made it; None for a sound one."""
    path = document.path
    if not path.startswith("/") or not path.isprintable() or len(path) > _LONGEST_PATH:
        return (
            f"its path {path[:80]!a} is not usable: it must start with a slash, be printable "
            f"and no longer than {_LONGEST_PATH} characters"
        )
    if not _LOCALE.fullmatch(document.locale):
        return f"its language {document.locale[:80]!a} is no language tag, such as en or cy"
    if not 0 < len(document.collection) <= _LONGEST_COLLECTION:
        return f"its collection must be named in at most {_LONGEST_COLLECTION} characters"
    try:
        msgspec.msgpack.encode(document)
    except UnicodeEncodeError:
        return "its text holds half a character (a lone surrogate): correct it at the publisher"
    return None
