"""The answerer with the real embedder, on the sample guidance as the search finds it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from fingerpost_knowledge_hub.files.sample import SampleSource
from fingerpost_knowledge_hub.sources import Found
from fingerpost_retrieval import GuidanceIndex, Scope, build_minilm, load_embedder
from fingerpost_retrieval.embedding import Embedder
from fingerpost_serving import Answer, Block, ExtractiveAnswerer
from fingerpost_serving.confidence import MINILM

Ask = Callable[..., Answer]


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return load_embedder(build_minilm(tmp_path_factory.mktemp("models") / "minilm"))


@pytest.fixture(scope="module")
def ask(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ask]:
    pages = [item.document for item in SampleSource().items() if isinstance(item, Found)]
    answerer = ExtractiveAnswerer(embedder)
    with GuidanceIndex.open(tmp_path_factory.mktemp("index"), embedder) as index:
        index.replace(pages)

        def answer(question: str, *, locale: str = "en") -> Answer:
            result = index.search(question, Scope(locale=locale))
            passages = [hit.passage for hit in result.hits]
            scores = [hit.score for hit in result.hits]
            found = answerer.answer(
                question, passages, embedding=result.embedding, relevance=scores
            )
            for sentence in found.sentences:
                for quotation in sentence.quotations:
                    assert quotation.text in passages[quotation.evidence].text
            return found

        yield answer


def text_of(answer: Answer) -> str:
    return "\n".join(sentence.text for sentence in answer.sentences)


def test_calibration_is_for_the_embedder_that_is_shipped(embedder: Embedder) -> None:
    assert embedder.digest == MINILM.embedder


def test_limit_is_quoted_with_its_amount(ask: Ask) -> None:
    answer = ask("Do I pay a charge on Child Benefit if my income is high?")
    assert "£60,000" in text_of(answer)


def test_conditions_are_quoted_together(ask: Ask) -> None:
    answer = ask("Who can get Marriage Allowance?")
    items = [sentence.text for sentence in answer.sentences if sentence.block is Block.ITEM]
    assert len(items) >= 3


def test_row_for_the_nation_that_is_asked_about_is_quoted(ask: Ask) -> None:
    answer = ask("How much does a Blue Badge cost in Scotland?")
    rows = [sentence.text for sentence in answer.sentences if sentence.block is Block.ROW]
    assert any("Scotland" in row and "£20" in row for row in rows)
    assert not any("Nation: England" in row for row in rows)


def test_welsh_question_is_answered_from_welsh_guidance(ask: Ask) -> None:
    answer = ask("Sut ydw i'n hawlio Budd-dal Plant?", locale="cy")
    assert "Hawliwch" in text_of(answer)


@pytest.mark.parametrize(
    "question",
    ["How do I bake bread?", "Who won the World Cup in 1966?", "Where can I recycle batteries?"],
)
def test_question_on_no_page_is_declined(ask: Ask, question: str) -> None:
    assert ask(question).sentences == ()
