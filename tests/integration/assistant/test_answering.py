"""Questions through the whole pipeline: real embedder, real index, sample guidance, no server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from guidance_doubles import Screen

from fingerpost_assistant import AskedQuestion, Exchange, Outcome, Pipeline, TurnResult
from fingerpost_assistant.decide import MINILM
from fingerpost_assistant.events import SourcesEvent, StatusEvent
from fingerpost_knowledge_hub import Found, SampleSource
from fingerpost_retrieval import Embedder, GuidanceIndex, build_minilm, load_embedder


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    return load_embedder(build_minilm(tmp_path_factory.mktemp("models") / "minilm"))


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path_factory.mktemp("index") / "i", embedder) as index:
        index.replace([item.document for item in SampleSource().items() if isinstance(item, Found)])
        yield index


@pytest.fixture(scope="module")
def pipeline(index: GuidanceIndex, embedder: Embedder) -> Pipeline:
    return Pipeline.extractive(index, embedder)


async def ask(pipeline: Pipeline, asked: AskedQuestion) -> tuple[TurnResult, Screen]:
    screen = Screen()
    return await pipeline.answer(pipeline.prepare(asked), screen), screen


def assert_every_sentence_is_in_its_source(result: TurnResult) -> None:
    sources = {citation.id: citation for citation in result.citations}
    for sentence in result.sentences:
        assert sentence.citations
        text = " ".join(sentence.text.split())
        places = [
            " ".join(f"{sources[id_].heading} {sources[id_].text}".split())
            for id_ in sentence.citations
        ]
        label, _, rest = text.partition(": ")
        assert any(text in place or (label in place and rest in place) for place in places)


@pytest.mark.parametrize(
    ("question", "path"),
    [
        ("What happens to my Child Benefit if I earn over the limit?", "/child-benefit"),
        ("How do I get a Blue Badge for my mother?", "/blue-badge"),
        ("How soon must I register a death?", "/register-death"),
        ("How much notice must my landlord give me to leave?", "/eviction-notice"),
    ],
)
async def test_question_is_answered_from_its_page(
    pipeline: Pipeline, question: str, path: str
) -> None:
    result, screen = await ask(pipeline, AskedQuestion(text=question))
    assert result.outcome is Outcome.ANSWERED
    assert result.citations[0].url.startswith(f"/guidance{path}")
    assert_every_sentence_is_in_its_source(result)
    shown = [event for event in screen.events if isinstance(event, SourcesEvent)]
    assert [each.id for event in shown for each in event.citations] == [
        citation.id for citation in result.citations
    ]


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("How much does probate cost?", "for England and Wales"),
        ("How much does it cost to register a lasting power of attorney?", "England and Wales"),
        ("How do I claim PIP?", "People in Scotland claim Adult Disability Payment instead."),
        ("Can my landlord use a section 21 notice?", "for private tenants in England"),
    ],
)
async def test_scottish_asker_is_told_where_the_rules_are_for_others(
    pipeline: Pipeline, question: str, said: str
) -> None:
    result, _ = await ask(pipeline, AskedQuestion(text=question, nation="scotland"))
    assert result.outcome is Outcome.ANSWERED
    assert any(said in sentence.text and sentence.citations for sentence in result.sentences)


async def test_guidance_for_another_nation_alone_is_not_given_as_the_asker_s(
    pipeline: Pipeline,
) -> None:
    asked = AskedQuestion(text="How is my rates bill worked out?", nation="scotland")
    result, _ = await ask(pipeline, asked)
    assert result.outcome is Outcome.OTHER_NATION
    assert "Northern Ireland" in result.sentences[0].text


async def test_welsh_question_that_only_english_guidance_answers_is_told_so_in_welsh(
    pipeline: Pipeline,
) -> None:
    result, _ = await ask(pipeline, AskedQuestion(text="Sut mae adnewyddu fy nhrwydded yrru?"))
    assert result.outcome is Outcome.ANSWERED
    assert "Nid oes canllawiau ar hyn yn Gymraeg eto" in result.sentences[0].text
    assert result.citations[0].url.startswith("/guidance/driving-licence-renewal")


async def test_welsh_question_is_answered_from_the_welsh_page(pipeline: Pipeline) -> None:
    result, _ = await ask(
        pipeline, AskedQuestion(text="Faint yw Budd-dal Plant ar gyfer y plentyn cyntaf?")
    )
    assert result.outcome is Outcome.ANSWERED
    assert {citation.locale for citation in result.citations} == {"cy"}
    assert_every_sentence_is_in_its_source(result)


@pytest.mark.parametrize(
    "question",
    [
        "What is the best recipe for a Victoria sponge?",
        "how do i reset the alarm on my oven",
        "When was the Battle of Hastings?",
        "Can you recommend a good restaurant in Leeds?",
    ],
)
async def test_question_that_no_guidance_answers_is_declined(
    pipeline: Pipeline, question: str
) -> None:
    result, _ = await ask(pipeline, AskedQuestion(text=question))
    assert result.outcome is Outcome.NO_GUIDANCE
    assert not result.citations


async def test_guidance_of_another_nation_is_not_given_as_one_s_own(pipeline: Pipeline) -> None:
    question = "How are domestic rates worked out on my house?"
    result, _ = await ask(pipeline, AskedQuestion(text=question, nation="scotland"))
    assert result.outcome is Outcome.OTHER_NATION
    assert all("scotland" not in citation.nations for citation in result.citations)


async def test_a_keyword_is_asked_back_with_pages_to_choose_from(pipeline: Pipeline) -> None:
    result, _ = await ask(pipeline, AskedQuestion(text="passport"))
    assert result.outcome is Outcome.CLARIFICATION
    assert len(result.citations) > 1


async def test_follow_up_is_understood_from_the_question_before_it(pipeline: Pipeline) -> None:
    history = (Exchange("How do I get a Blue Badge?", "Apply to your council."),)
    result, _ = await ask(pipeline, AskedQuestion(text="How long does it last?", history=history))
    assert result.outcome is Outcome.ANSWERED
    assert result.citations[0].url.startswith("/guidance/blue-badge")


async def test_personal_data_in_a_question_does_not_hinder_its_answer(pipeline: Pipeline) -> None:
    text = "I am jo@example.org, NI QQ123456C. How soon must I register a death?"
    result, screen = await ask(pipeline, AskedQuestion(text=text))
    assert result.outcome is Outcome.ANSWERED
    status = next(event for event in screen.events if isinstance(event, StatusEvent))
    assert status.removed == ("email", "ni_number")
    assert "jo@example.org" not in repr(screen.events)


async def test_without_an_embedder_words_alone_answer(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace([item.document for item in SampleSource().items() if isinstance(item, Found)])
        result, _ = await ask(
            Pipeline.extractive(index, None),
            AskedQuestion(text="How soon must I register a death in Scotland?"),
        )
    assert result.outcome is Outcome.ANSWERED
    assert result.citations[0].url.startswith("/guidance/register-death")


def test_thresholds_were_measured_for_the_embedder_that_is_shipped(embedder: Embedder) -> None:
    assert MINILM.embedder == embedder.digest
