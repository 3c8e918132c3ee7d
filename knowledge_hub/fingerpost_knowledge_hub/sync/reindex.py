"""Filling an index from the catalogue alone, as when a new embedding model takes over."""

from __future__ import annotations

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.catalogue.chunks import chunks
from fingerpost_knowledge_hub.documents import Status
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

    The catalogue is held throughout, so that no page changes between its being read and its
    being indexed. Returns the number of pages.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    done = 0
    with catalogue.exclusive():
        counts = catalogue.counts(tenant)
        total = sum(count for (_, status), count in counts.items() if status is Status.LIVE)
        for pages in chunks(catalogue.documents(tenant), BATCH):
            index.replace(pages, tenant)
            done += len(pages)
            progress(done, total)
    return done
