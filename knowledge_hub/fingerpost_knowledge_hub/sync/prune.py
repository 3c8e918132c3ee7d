"""Removing pages that their source no longer lists, unless that looks like a mishap."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import msgspec

from fingerpost_knowledge_hub.catalogue import Catalogue, Entry, Record
from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.catalogue.part_log import PartLog
from fingerpost_knowledge_hub.documents import Identity, Status
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.precedence import Standing
from fingerpost_knowledge_hub.sources import Failed

BATCH = 32
"""Pages changed in one step. An interrupted run loses at most this much work."""

HELD_SHARE = 0.5
HELD_PAGES = 20
"""Pruning waits for a person when at least so many live pages, and more than this share of all
that a source had, vanish at once: that is more often a wrong path than an editor."""


def absent(
    known: dict[Identity, Standing], listed: Collection[Identity], failed: Iterable[Failed]
) -> dict[Identity, Standing]:
    """Pages that a source had and no longer lists.

    A page whose file could not be read this time has not gone: it stays as it was.
    """
    unread = {failure.source for failure in failed}
    return {
        identity: standing
        for identity, standing in known.items()
        if identity not in listed
        and (standing.is_live or standing.revision.status is not Status.GONE)
        and standing.origin not in unread
        and standing.origin.rpartition("#")[0] not in unread
    }


def why_held(known: dict[Identity, Standing], gone: dict[Identity, Standing]) -> str | None:
    """Why a person should look before these pages are removed; None if nobody need."""
    had = sum(standing.is_live for standing in known.values())
    lost = sum(standing.is_live for standing in gone.values())
    if lost == 0 or not (lost == had or (lost >= HELD_PAGES and lost > had * HELD_SHARE)):
        return None
    return (
        f"{lost} of {had} live pages are no longer listed and were kept, in case the source was "
        "not whole: check it; if they have gone for good, run again with shrinking allowed"
    )


def remove_pages(
    gone: Iterable[Identity],
    source: str,
    catalogue: Catalogue,
    index: DocumentIndex,
    tenant: str,
) -> int:
    """Take pages out of the index and bury their records; returns how many were live.

    A page that another source has taken over in the meantime stays.
    """
    removed = 0
    for batch in chunks(gone, BATCH):
        with catalogue.exclusive():
            known = catalogue.standings(tenant, batch)
            live = [one for one in known if known[one].source == source and known[one].is_live]
            mine = [one for one in catalogue.records(tenant, batch) if one.source == source]
            catalogue.unsettle(tenant, mine)
            if live:
                index.remove(live, tenant)
            catalogue.put(tenant, [_buried(record) for record in mine])
        removed += len(live)
    return removed


def _buried(record: Record) -> Entry:
    """A tombstone: the last text and version stay, for old answers and against late events."""
    return Entry(
        document=msgspec.structs.replace(record.document, status=Status.GONE),
        source=record.source,
        authority=record.authority,
        origin=record.origin,
    )


def forget(
    source: str, catalogue: Catalogue, index: DocumentIndex, *, tenant: str = "default"
) -> int:
    """Remove every page of a source that is no more; returns how many were live.

    Their paths are free for other sources afterwards.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    log = PartLog(catalogue.engine, tenant, source)
    log.update({}, forget=log.readings())
    return remove_pages(catalogue.standings_of(tenant, source), source, catalogue, index, tenant)
