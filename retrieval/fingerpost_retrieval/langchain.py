"""The index as a LangChain retriever (extra `[langchain]`)."""

from __future__ import annotations

from .errors import MissingExtra
from .index import DEFAULT_SCOPE, GuidanceIndex
from .types import Hit, Scope, SearchResult

try:
    from langchain_core.callbacks import (
        AsyncCallbackManagerForRetrieverRun,
        CallbackManagerForRetrieverRun,
    )
    from langchain_core.documents import Document
    from langchain_core.retrievers import BaseRetriever
    from pydantic import ConfigDict, PositiveInt
except ModuleNotFoundError as error:
    raise MissingExtra("langchain-core", "langchain") from error

__all__ = ["FingerpostRetriever", "as_document"]


class FingerpostRetriever(BaseRetriever):
    """Finds passages of guidance for a chain or an agent.

    Each document is a passage: its text as `page_content`, its place as `metadata` (see
    `as_document`). Raises what `GuidanceIndex.search` raises.

    Example:
        retriever = FingerpostRetriever(index=index, k=4, scope=Scope(nation="scotland"))
        documents = retriever.invoke("How soon must I register a death?")
        fewer = retriever.invoke("How soon must I register a death?", k=1)
    """

    model_config = ConfigDict(arbitrary_types_allowed=True, frozen=True)

    index: GuidanceIndex
    """An open index; the caller closes it."""
    k: PositiveInt = 8
    """Most documents to return."""
    scope: Scope = DEFAULT_SCOPE
    """What may be found."""

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        limit = self.k if k is None else k
        return _documents(self.index.search(query, scope or self.scope, limit=limit))

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        limit = self.k if k is None else k
        return _documents(await self.index.asearch(query, scope or self.scope, limit=limit))


def as_document(hit: Hit) -> Document:
    """Return a hit as LangChain has it.

    `metadata` holds `source` and `title` (the passage's address and its page's title, by which
    other LangChain parts cite), `heading_path`, `score`, `path`, `locale`, `revision`,
    `collection`, `nations` and `updated_at` (ISO 8601, or None).
    """
    passage = hit.passage
    return Document(
        id=passage.id,
        page_content=passage.text,
        metadata={
            "source": passage.url,
            "title": passage.title,
            "heading_path": list(passage.heading_path),
            "score": hit.score,
            "path": passage.path,
            "locale": passage.locale,
            "revision": passage.revision,
            "collection": passage.collection,
            "nations": list(passage.nations),
            "updated_at": passage.updated_at.isoformat() if passage.updated_at else None,
        },
    )


def _documents(found: SearchResult) -> list[Document]:
    return [as_document(hit) for hit in found.hits]
