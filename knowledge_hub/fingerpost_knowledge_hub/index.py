"""What the knowledge hub needs of a search index, and how to fill a new one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.chunks import chunks
from fingerpost_knowledge_hub.documents import Document
from fingerpost_knowledge_hub.progress import Progress, silent

BATCH = 32
"""Pages replaced in one step. An interrupted run loses at most this much work."""


class DocumentIndex(Protocol):
    """A search index that holds pages. Changes are durable when a method returns."""

    def replace(self, pages: Sequence[Document], tenant: str = "default") -> None:
        """Put each page in place of whatever is indexed for its path and locale."""
        ...

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """Take out pages by (path, locale); one that is not indexed is passed over."""
        ...


def reindex(
    catalogue: Catalogue,
    index: DocumentIndex,
    *,
    tenant: str = "default",
    progress: Progress = silent,
) -> int:
    """Put every live page of the catalogue into an index, as when a new one takes over.

    The sources are not needed. Returns the number of pages. The catalogue is held throughout,
    so that no other writer changes a page between its being read and its being indexed.

    Raises:
        CatalogueError: the catalogue cannot be used.
    """
    total = sum(
        count for (_, status), count in catalogue.counts(tenant).items() if status == "live"
    )
    done = 0
    with catalogue.exclusive():
        for pages in chunks(catalogue.documents(tenant), BATCH):
            index.replace(pages, tenant)
            done += len(pages)
            progress(done, total)
    return done
