"""The index as a retriever of LangChain (extra `[langchain]`)."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

from .errors import MissingExtra
from .index import DEFAULT_SCOPE, GuidanceIndex
from .types import Hit, Scope

if find_spec("langchain_core") is None:
    raise MissingExtra("langchain-core", "langchain")

from langchain_core.callbacks import (
    AsyncCallbackManagerForRetrieverRun,
    CallbackManagerForRetrieverRun,
)
from langchain_core.documents import Document
from langchain_core.retrievers import BaseRetriever


class FingerpostRetriever(BaseRetriever, arbitrary_types_allowed=True):
    """Finds passages of guidance for a question, as documents with what a citation needs.

    `k` and `scope` may also be given with a question: `retriever.invoke(question, k=3)`.

    Example:
        retriever = FingerpostRetriever(index=index, scope=Scope(nation="wales"), k=4)
        documents = retriever.invoke("How do I renew a passport?")
        documents[0].page_content, documents[0].metadata["url"]
    """

    index: GuidanceIndex
    scope: Scope = DEFAULT_SCOPE
    """What may be found."""
    k: int = 8
    """Most documents to return."""

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        found = self.index.search(query, scope or self.scope, limit=k or self.k)
        return [document_of(hit) for hit in found.hits]

    async def _aget_relevant_documents(
        self,
        query: str,
        *,
        run_manager: AsyncCallbackManagerForRetrieverRun,
        k: int | None = None,
        scope: Scope | None = None,
    ) -> list[Document]:
        found = await self.index.asearch(query, scope or self.scope, limit=k or self.k)
        return [document_of(hit) for hit in found.hits]


def document_of(hit: Hit) -> Document:
    """Return a hit as LangChain has it; the metadata is plain JSON."""
    passage = hit.passage
    metadata: dict[str, Any] = {
        "title": passage.title,
        "url": passage.url,
        "headings": list(passage.heading_path),
        "path": passage.path,
        "locale": passage.locale,
        "revision": passage.revision,
        "collection": passage.collection,
        "nations": list(passage.nations),
        "updated_at": passage.updated_at.isoformat() if passage.updated_at else None,
        "score": hit.score,
    }
    return Document(id=passage.id, page_content=passage.text, metadata=metadata)
