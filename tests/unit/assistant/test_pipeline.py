"""The course of a turn: which step leads to which, what is emitted and what is recorded."""

from __future__ import annotations

import asyncio
import re

import pytest
from guidance_doubles import Always, Screen, Shelf, Writer, passage
from hypothesis import given, settings
from hypothesis import strategies as st

from fingerpost_assistant.decide import Action
from fingerpost_assistant.events import (
    ErrorEvent,
    Outcome,
    SentenceEvent,
    SourcesEvent,
    StatusEvent,
)
from fingerpost_assistant.pipeline import Pipeline
from fingerpost_assistant.question import (
    AskedQuestion,
    Exchange,
    PreparedQuestion,
    TurnResult,
)
from fingerpost_assistant.redact import Redactor, Rule
from fingerpost_assistant.steps import Request, VerifiedAnswer, VerifiedSentence
from fingerpost_serving import AnswerSentence, Quotation

FEE = passage("You must pay £94.50. You can pay by card.")
SCOTTISH = passage("Apply to Social Security Scotland.", path="/scp", nations=("scotland",))
WELSH = passage("Mae'n costio £94.50.", locale="cy")


async def run(pipeline: Pipeline, text: str, **asked: object) -> tuple[TurnResult, Screen]:
    screen = Screen()
    question = pipeline.prepare(AskedQuestion(text=text, **asked))  # type: ignore[arg-type]
    return await pipeline.answer(question, screen), screen


def pipeline_over(
    *passages: object, write: object = None, action: Action = Action.ANSWER
) -> Pipeline:
    writer = Writer(write) if write else Writer()  # type: ignore[arg-type]
    return Pipeline(Shelf(*passages), writer, Always(action))  # type: ignore[arg-type]


def quoting(*texts: str) -> object:
    def write(_: Request) -> list[AnswerSentence]:
        return [
            AnswerSentence(text=text, quotations=(Quotation(evidence=0, text=text),))
            for text in texts
        ]

    return write


async def test_sources_come_before_the_sentences_that_cite_them() -> None:
    result, screen = await run(pipeline_over(FEE), "How much is a passport?")
    assert [type(event) for event in screen.events] == [
        StatusEvent,
        StatusEvent,
        SourcesEvent,
        SentenceEvent,
    ]
    assert result.outcome is Outcome.ANSWERED
    assert result.sentences[0].citations == (result.citations[0].id,)
    assert result.sentences[0].text in result.citations[0].text


async def test_result_records_model_revision_confidence_and_times() -> None:
    result, _ = await run(pipeline_over(FEE), "How much is a passport?")
    assert (result.model, result.index_revision, result.confidence) == ("writer/1", "rev-1", 0.7)
    assert result.timings.keys() >= {"triage", "embed", "search", "decide", "answer", "total"}
    assert result.trace["decide.en"] == "answer"


async def test_a_source_is_shown_once() -> None:
    pipeline = pipeline_over(FEE, write=quoting("You must pay £94.50.", "You can pay by card."))
    result, screen = await run(pipeline, "How much is a passport?")
    assert sum(isinstance(event, SourcesEvent) for event in screen.events) == 1
    assert len(result.sentences) == 2


async def test_sentence_that_is_not_in_its_source_is_withheld_and_counted() -> None:
    pipeline = pipeline_over(FEE, write=quoting("You must pay £94.50.", "Ring 0300 222 0000."))
    result, _ = await run(pipeline, "How much is a passport?")
    assert [sentence.text for sentence in result.sentences] == ["You must pay £94.50."]
    assert result.trace["check.withheld"] == 1
    assert result.trace["check.not_in_citation"] == 1


async def test_answer_of_which_nothing_holds_becomes_no_guidance() -> None:
    result, _ = await run(pipeline_over(FEE, write=quoting("It is free.")), "Passport fee?")
    assert result.outcome is Outcome.NO_GUIDANCE
    assert result.model == ""
    assert not result.citations


async def test_no_guidance_says_where_help_is_in_the_asker_s_nation() -> None:
    result, _ = await run(pipeline_over(), "How do I get a fishing licence?", nation="wales")
    shown = " ".join(sentence.text for sentence in result.sentences)
    assert result.outcome is Outcome.NO_GUIDANCE
    assert "www.gov.uk/contact" in shown
    assert "0800 702 2020" in shown
    assert "Scotland" not in shown


async def test_guidance_for_another_nation_only_is_said_to_be_so() -> None:
    result, _ = await run(pipeline_over(SCOTTISH), "Weekly child payment?", nation="england")
    assert result.outcome is Outcome.OTHER_NATION
    assert "Scotland" in result.sentences[0].text
    assert [citation.nations for citation in result.citations] == [("scotland",)]


async def test_nation_in_the_question_goes_before_the_asker_s() -> None:
    shelf = Shelf(SCOTTISH)
    pipeline = Pipeline(shelf, Writer(), Always())
    result, _ = await run(pipeline, "How do I apply in Scotland?", nation="wales")
    assert result.outcome is Outcome.ANSWERED
    assert shelf.asked[0][1].nation == "scotland"


async def test_welsh_question_is_answered_from_welsh_guidance() -> None:
    result, _ = await run(pipeline_over(FEE, WELSH), "Faint mae pasbort yn ei gostio?")
    assert result.citations[0].locale == "cy"


async def test_welsh_question_without_welsh_guidance_is_answered_in_english_and_told_so() -> None:
    result, _ = await run(pipeline_over(FEE), "Faint mae pasbort yn ei gostio?")
    assert result.citations[0].locale == "en"
    assert result.sentences[0].text.startswith("Nid oes canllawiau ar hyn yn Gymraeg eto")


async def test_welsh_question_is_put_into_english_for_english_guidance_only() -> None:
    shelf = Shelf(FEE)
    written: list[Request] = []

    def write(request: Request) -> list[AnswerSentence]:
        written.append(request)
        return []

    await run(Pipeline(shelf, Writer(write), Always()), "Sut mae adnewyddu fy mhasbort?")
    by_locale = {scope.locale: text for text, scope in shelf.asked}
    assert by_locale["cy"] == "Sut mae adnewyddu fy mhasbort?"
    assert by_locale["en"] == "how renew my passport"
    assert written[-1].question == by_locale["en"]


async def test_language_of_the_question_goes_before_that_of_the_page_it_is_asked_on() -> None:
    result, _ = await run(pipeline_over(), "How do I get a fishing licence?", locale="cy")
    assert result.sentences[0].text.startswith("I did not find")


async def test_question_that_shows_no_language_is_answered_in_that_of_the_page() -> None:
    result, _ = await run(pipeline_over(), "SA100", locale="cy")
    assert result.sentences[0].text.startswith("Ni welais")


async def test_question_is_embedded_once_in_each_language_however_often_it_is_searched_for() -> (
    None
):
    shelf = Shelf()
    await run(Pipeline(shelf, Writer(), Always()), "Faint mae'n ei gostio yng Nghymru?")
    assert (len(shelf.asked), shelf.embedded) == (3, 2)


async def test_follow_up_is_searched_for_with_what_was_said_before() -> None:
    shelf = Shelf(FEE)
    history = (Exchange("How do I renew a passport?", "Apply online."),)
    await run(Pipeline(shelf, Writer(), Always()), "How much is it?", history=history)
    assert shelf.asked[0][0] == "How much is it?"
    assert shelf.histories[0] == history


async def test_placeholders_are_not_searched_for() -> None:
    shelf = Shelf(FEE)
    await run(Pipeline(shelf, Writer(), Always()), "Renew my passport, my mail is a@example.org")
    assert shelf.asked[0][0] == "Renew my passport, my mail is"


async def test_several_pages_that_fit_are_offered_by_title() -> None:
    other = passage("Report it lost.", path="/lost", title="Lost passport")
    result, _ = await run(pipeline_over(FEE, other, action=Action.ASK_WHICH), "passport")
    assert result.outcome is Outcome.CLARIFICATION
    assert [sentence.text for sentence in result.sentences[1:]] == [
        "Renew a passport",
        "Lost passport",
    ]


async def test_crisis_is_answered_with_helplines_and_without_a_search() -> None:
    shelf = Shelf(FEE)
    result, screen = await run(Pipeline(shelf, Writer(), Always()), "I want to die")
    assert result.outcome is Outcome.CRISIS
    assert "999" in result.sentences[0].text
    assert isinstance(screen.events[0], SentenceEvent)
    assert not shelf.asked


async def test_abuse_that_is_told_gets_helplines_and_then_the_answer() -> None:
    result, _ = await run(pipeline_over(FEE), "I left my abusive husband. Passport fee?")
    assert result.outcome is Outcome.ANSWERED
    assert "999" in result.sentences[0].text
    assert "£94.50" in result.sentences[-1].text
    assert result.trace["triage.rule"] == "abuse.told"


async def test_wish_for_a_person_is_told_where_people_are() -> None:
    result, _ = await run(pipeline_over(FEE), "Can I speak to a real person?")
    assert result.outcome is Outcome.HANDED_OVER
    assert any("Citizens Advice" in sentence.text for sentence in result.sentences)


async def test_removed_personal_data_is_told_by_kind_and_never_by_value() -> None:
    result, screen = await run(pipeline_over(FEE), "I am a@example.org. Passport fee?")
    first = screen.events[0]
    assert isinstance(first, StatusEvent)
    assert first.removed == ("email",)
    assert "a@example.org" not in repr((screen.events, result))


def test_comment_is_redacted_by_the_pipeline_s_own_rules() -> None:
    rules = [Rule("staff", "a staff number", re.compile(r"S-[0-9]{4}"))]
    pipeline = Pipeline(Shelf(), Writer(), Always(), redacts=Redactor(rules))
    assert pipeline.redact("Ask S-1234 of a@example.org") == "Ask [STAFF-1] of a@example.org"


async def test_turn_that_takes_too_long_ends_with_an_error_that_says_so() -> None:
    pipeline = Pipeline(Shelf(FEE, delay_s=5), Writer(), Always(), time_limit_s=0.05)
    result, screen = await run(pipeline, "How much is a passport?")
    assert result.outcome is Outcome.TIMED_OUT
    assert isinstance(screen.events[-1], ErrorEvent)


async def test_time_out_of_a_step_itself_is_no_time_out_of_the_turn() -> None:
    def write(_: Request) -> list[AnswerSentence]:
        raise TimeoutError("the model server is away")

    with pytest.raises(TimeoutError, match="model server"):
        await run(pipeline_over(FEE, write=write), "How much is a passport?")


async def test_stopping_a_turn_stops_it_at_once() -> None:
    pipeline = Pipeline(Shelf(FEE, delay_s=5), Writer(), Always())
    task = asyncio.create_task(run(pipeline, "How much is a passport?"))
    await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@settings(max_examples=40, deadline=None)
@given(st.text(max_size=300))
def test_no_text_breaks_the_pipeline(text: str) -> None:
    async def ask() -> None:
        result, _ = await run(pipeline_over(FEE), f"passport {text}")
        assert result.sentences

    asyncio.run(ask())


class Approved:
    """Approved answers by the text of their question."""

    def __init__(self, **answers: VerifiedAnswer) -> None:
        self.answers = {text.replace("_", " "): answer for text, answer in answers.items()}
        self.asked: list[tuple[str, str, str | None]] = []

    async def find(
        self, question: PreparedQuestion, *, locale: str, nation: str | None
    ) -> VerifiedAnswer | None:
        self.asked.append((question.text, locale, nation))
        return self.answers.get(question.text)


FEE_APPROVED = VerifiedAnswer(
    id="v1", sentences=(VerifiedSentence("A passport costs £94.50.", (FEE,)),)
)


async def test_an_approved_answer_is_shown_at_once_with_its_sources() -> None:
    shelf = Shelf(FEE)
    approved = Approved(How_much_is_it=FEE_APPROVED)
    pipeline = Pipeline(shelf, Writer(), Always(Action.ANSWER), verified=approved)
    result, screen = await run(pipeline, "How much is it", nation="wales")
    assert result.outcome is Outcome.VERIFIED
    assert [each.text for each in result.sentences] == ["A passport costs £94.50."]
    assert [each.passage_id for each in result.citations] == [FEE.id]
    assert [type(each) for each in screen.events] == [SourcesEvent, SentenceEvent]
    assert result.trace["verified.answer"] == "v1"
    assert approved.asked == [("How much is it", "en", "wales")]
    assert shelf.asked == []


@pytest.mark.parametrize(
    ("text", "history"),
    [
        ("Something else", ()),
        ("How much is it", (Exchange("What is a passport?", "A book."),)),
        ("Nothing in it", ()),
    ],
)
async def test_without_an_approved_answer_guidance_is_searched(
    text: str, history: tuple[Exchange, ...]
) -> None:
    approved = Approved(
        How_much_is_it=FEE_APPROVED, Nothing_in_it=VerifiedAnswer(id="v2", sentences=())
    )
    pipeline = Pipeline(Shelf(FEE), Writer(), Always(Action.ANSWER), verified=approved)
    result, _ = await run(pipeline, text, history=history)
    assert result.outcome is Outcome.ANSWERED


async def test_a_crisis_and_an_attack_come_before_approved_answers() -> None:
    approved = Approved(I_want_to_kill_myself=FEE_APPROVED)
    pipeline = Pipeline(Shelf(FEE), Writer(), Always(Action.ANSWER), verified=approved)
    result, _ = await run(pipeline, "I want to kill myself")
    assert result.outcome is Outcome.CRISIS
    assert approved.asked == []
