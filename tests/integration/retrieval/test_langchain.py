"""The LangChain retriever: LangChain's own standard tests, and what is ours beside them."""

from __future__ import annotations

import subprocess
import sys
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
    with GuidanceIndex.open(tmp_path / "index", embedder) as index:
        index.replace(guidance)
        yield index


class TestStandard(RetrieversIntegrationTests):
    @pytest.fixture(autouse=True)
    def _opened(self, index: GuidanceIndex) -> None:
        self.index = index

    @property
    def retriever_constructor(self) -> type[FingerpostRetriever]:
        return FingerpostRetriever

    @property
    def retriever_constructor_params(self) -> dict[str, Any]:
        return {"index": self.index, "k": 2}

    @property
    def retriever_query_example(self) -> str:
        return "What does a passport cost?"


def test_a_document_says_where_it_stands(index: GuidanceIndex) -> None:
    (best,) = FingerpostRetriever(index=index, k=1).invoke("What does a passport cost?")
    (hit,) = index.search("What does a passport cost?", limit=1).hits
    assert best.page_content == hit.passage.text
    assert best.id == hit.passage.id
    assert best.metadata["source"] == "/passport#Cost"
    assert best.metadata["title"] == "Renew a passport"
    assert best.metadata["heading_path"] == ["Cost"]
    assert best.metadata["score"] == hit.score


def test_a_scope_narrows_one_call_or_all_of_them(index: GuidanceIndex) -> None:
    nowhere = Scope(collections=("ai-knowledge-hub",))
    assert FingerpostRetriever(index=index, scope=nowhere).invoke("passport") == []
    everywhere = FingerpostRetriever(index=index)
    assert everywhere.invoke("passport", scope=nowhere) == []
    assert everywhere.invoke("passport")


async def test_a_retriever_is_a_part_of_a_chain(index: GuidanceIndex) -> None:
    chain = FingerpostRetriever(index=index, k=1) | RunnableLambda(
        lambda documents: documents[0].metadata["title"]
    )
    assert await chain.ainvoke("When are household bins emptied?") == "Bin collections"


def test_without_langchain_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['langchain_core'] = None\n"
        "try: import fingerpost_retrieval.langchain\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "fingerpost-retrieval[langchain]"' in done.stdout
