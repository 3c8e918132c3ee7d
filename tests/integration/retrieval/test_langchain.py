"""`FingerpostRetriever` passes LangChain's own standard tests, and its documents can be cited."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from langchain_core.runnables import RunnableLambda
from langchain_tests.integration_tests import RetrieversIntegrationTests

from fingerpost_retrieval import GuidanceIndex, OnnxEmbedder, Scope, TextPage
from fingerpost_retrieval.langchain import FingerpostRetriever


@pytest.fixture
def index(
    embedder: OnnxEmbedder, guidance: list[TextPage], tmp_path: Path
) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path / "index", embedder) as opened:
        opened.replace(guidance)
        yield opened


class TestStandard(RetrieversIntegrationTests):
    """What every retriever of LangChain must do."""

    @pytest.fixture(autouse=True)
    def _index(self, index: GuidanceIndex) -> None:
        self.index = index

    @property
    def retriever_constructor(self) -> type[FingerpostRetriever]:
        return FingerpostRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index}

    @property
    def retriever_query_example(self) -> str:
        return "How do I renew my passport?"


def test_a_document_says_where_it_comes_from(index: GuidanceIndex) -> None:
    (document,) = FingerpostRetriever(index=index, k=1).invoke("What does a new passport cost?")
    assert "88.50" in document.page_content
    assert document.metadata["title"] == "Renew a passport"
    assert document.metadata["url"] == "/passport#Cost"
    assert json.loads(json.dumps(document.metadata)) == document.metadata


async def test_the_scope_holds_for_every_question(index: GuidanceIndex) -> None:
    retriever = FingerpostRetriever(index=index, scope=Scope(tenant="another"))
    assert await retriever.ainvoke("passport") == []
    assert await retriever.ainvoke("passport", scope=Scope())


def test_it_stands_in_a_chain(index: GuidanceIndex) -> None:
    chain = FingerpostRetriever(index=index, k=2) | RunnableLambda(len)
    assert chain.invoke("passport") == 2
