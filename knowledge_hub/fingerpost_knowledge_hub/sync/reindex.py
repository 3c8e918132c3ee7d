"""Filling an index from the catalogue alone, as when a new embedding model takes over."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.documents import Identity, Status
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.sync.progress import Progress, silent
from fingerpost_knowledge_hub.sync.prune import BATCH


def reindex(
    catalogue: Catalogue,
    index: DocumentIndex,
    *,
    tenant: str = "default",
    progress: Progress = silent,
) -> int:
    """Put every live page of the catalogue into an index; the sources are not needed.

    The catalogue is held for one batch at a time, so that syncs and events go on meanwhile;
    what they change is brought into the index at the end. Returns the number of pages.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    listed = catalogue.digests(tenant)
    done = 0
    for batch in chunks(listed, BATCH):
        with catalogue.exclusive():
            _bring_into_step(batch, catalogue, index, tenant)
        done += len(batch)
        progress(done, len(listed))
    with catalogue.exclusive():
        now = catalogue.digests(tenant)
        changed = [one for one in now | listed if now.get(one) != listed.get(one)]
        for batch in chunks(changed, BATCH):
            _bring_into_step(batch, catalogue, index, tenant)
    return len(now)


def _bring_into_step(
    batch: Sequence[Identity], catalogue: Catalogue, index: DocumentIndex, tenant: str
) -> None:
    """Let the index hold what is live of some pages now; the caller holds the catalogue."""
    documents = [record.document for record in catalogue.records(tenant, batch)]
    live = {one.identity: one for one in documents if one.status is Status.LIVE}
    if live:
        index.replace(list(live.values()), tenant)
    if gone := [identity for identity in batch if identity not in live]:
        index.remove(gone, tenant)
