"""What the knowledge hub needs of a search index; it knows no index itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from fingerpost_knowledge_hub.documents import Document


class DocumentIndex(Protocol):
    """A search index that holds pages. Changes are durable when a method returns."""

    def replace(self, pages: Sequence[Document], tenant: str = "default") -> None:
        """Put each page in place of whatever is indexed for its path and locale."""
        ...

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        """Take out pages by (path, locale); one that is not indexed is passed over."""
        ...
