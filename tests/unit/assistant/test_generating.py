"""Answers by a language model: shown as they come, and quoted from guidance when it fails."""

from __future__ import annotations

import asyncio
import time

import pytest
from guidance_doubles import Always, Screen, Shelf, Writer, passage
from replaymodel import ReplayModel

from fingerpost_assistant import AskedQuestion, Outcome, Pipeline, SentenceEvent, StatusEvent
from fingerpost_assistant.answer import ExtractiveAnswers
from fingerpost_assistant.generate import GroundedAnswers, Patience
from fingerpost_assistant.steps import Request
from fingerpost_serving import (
    AnswerSentence,
    ExtractiveAnswerer,
    FinishReason,
    ModelBrokeOff,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
)

FEE = passage("A passport costs £88.50 online. It costs £100 by post.", path="/fee", title="Fees")
TIME = passage("A passport takes 3 weeks. You must wait for a text message.", path="/time")
QUOTED = "The answer is quoted straight from guidance."
GOES_ON = "The rest of the answer is quoted straight from guidance."


class Turn:
    """What one question gave."""

    def __init__(
        self, screen: Screen, outcome: Outcome, trace: dict[str, str | int | float], model: str
    ) -> None:
        self.events = screen.events
        self.outcome = outcome
        self.trace = trace
        self.model = model

    @property
    def said(self) -> list[str]:
        return [each.text for each in self.events if isinstance(each, SentenceEvent)]

    @property
    def told(self) -> list[str]:
        return [each.message for each in self.events if isinstance(each, StatusEvent)]


async def ask(model: ReplayModel, *, patience: Patience | None = None) -> Turn:
    pipeline = Pipeline(
        Shelf(FEE, TIME),
        GroundedAnswers(model, patience=patience),
        Always(),
        fallback=ExtractiveAnswers(ExtractiveAnswerer(answers_from=0.0)),
    )
    question = pipeline.prepare(AskedQuestion(text="How much does a passport cost?"))
    screen = Screen()
    result = await pipeline.answer(question, screen)
    return Turn(screen, result.outcome, result.trace, result.model)


async def test_model_s_sentences_are_shown_with_their_sources() -> None:
    turn = await ask(
        ReplayModel("A passport costs £88.50 online [1]. A passport takes 3 weeks [2].")
    )
    assert turn.outcome is Outcome.ANSWERED
    assert turn.said == ["A passport costs £88.50 online.", "A passport takes 3 weeks."]
    assert turn.model == "replay grounded/1"
    assert turn.trace["answer.finish"] == "stop"
    assert turn.trace["answer.completion_tokens"] > 5
    assert "answer.stepped_down" not in turn.trace


async def test_sentence_is_shown_while_the_model_still_writes() -> None:
    model = ReplayModel(
        "A passport takes 3 weeks [2]. " + "It costs £100 by post [1]. " * 2, gap_s=0.02
    )
    pipeline = Pipeline(Shelf(FEE, TIME), GroundedAnswers(model), Always())
    closed_at_first: list[int] = []

    async def emit(event: object) -> None:
        if isinstance(event, SentenceEvent):
            closed_at_first.append(model.closed)

    await pipeline.answer(pipeline.prepare(AskedQuestion(text="How long does it take?")), emit)
    assert closed_at_first[0] == 0


@pytest.mark.parametrize(
    "error",
    [
        ModelUnreachable("replay", "no connection"),
        ModelBusy("replay", "429"),
        ModelRefused("replay", "500", status=400),
        ModelTimedOut("replay", "late"),
        ModelBrokeOff("replay", "cut"),
    ],
)
async def test_model_that_fails_is_followed_by_quotations(error: ModelFailed) -> None:
    turn = await ask(ReplayModel("", fails=error))
    assert turn.outcome is Outcome.ANSWERED
    assert turn.said[0] == "A passport costs £88.50 online."
    assert QUOTED in turn.told
    assert turn.model == "extractive/1"
    assert turn.trace["answer.stepped_down"] == type(error).__name__


async def test_answer_that_breaks_off_goes_on_with_quotations_and_repeats_nothing() -> None:
    error = ModelBrokeOff("replay", "cut")
    turn = await ask(
        ReplayModel("A passport costs £88.50 online [1]. It does not cost", fails=error)
    )
    assert turn.said[0] == "A passport costs £88.50 online."
    assert turn.said.count("A passport costs £88.50 online.") == 1
    assert "It costs £100 by post." in turn.said
    assert GOES_ON in turn.told
    assert turn.model == "replay grounded/1 + extractive/1"


async def test_stream_that_ends_without_its_end_is_followed_by_quotations() -> None:
    turn = await ask(ReplayModel("A passport costs £88.50 online [1]. It costs £1", ends=False))
    assert turn.said[:2] == ["A passport costs £88.50 online.", "It costs £100 by post."]
    assert turn.trace["answer.stepped_down"] == "ModelBrokeOff"


async def test_late_first_token_is_not_waited_for() -> None:
    model = ReplayModel("A passport costs nothing [1].", first_s=20)
    started = time.monotonic()
    turn = await ask(model, patience=Patience(first_token_s=0.1))
    assert time.monotonic() - started < 3
    assert turn.said[0] == "A passport costs £88.50 online."
    assert model.closed == 1


async def test_model_that_falls_silent_is_left() -> None:
    model = ReplayModel("A passport takes 3 weeks [2]. You", "", gap_s=0.15)
    turn = await ask(model, patience=Patience(gap_s=0.05))
    assert turn.trace["answer.stepped_down"] == "ModelTimedOut"
    assert turn.outcome is Outcome.ANSWERED


async def test_answer_without_end_is_cut_off() -> None:
    model = ReplayModel(["A passport takes 3 weeks [2]. "] * 1000, gap_s=0.01)
    turn = await ask(model, patience=Patience(whole_s=0.2))
    assert turn.said.count("A passport takes 3 weeks.") == 1
    assert turn.trace["answer.stepped_down"] == "ModelTimedOut"
    assert model.closed == 1


@pytest.mark.parametrize(
    "garbage", ["\x00\ufffd\ufffd" * 500, "[[[[" * 500, "lorem ipsum " * 300, "{}" * 50, " ", "]1["]
)
async def test_garbage_is_followed_by_quotations(garbage: str) -> None:
    turn = await ask(ReplayModel(garbage))
    assert turn.said[0] == "A passport costs £88.50 online."
    assert turn.trace["answer.stepped_down"] == "ModelBrokeOff"


async def test_answer_at_its_length_limit_loses_its_last_half_sentence() -> None:
    model = ReplayModel(
        "A passport takes 3 weeks [2]. A passport costs", reason=FinishReason.LENGTH
    )
    assert (await ask(model)).said == ["A passport takes 3 weeks."]


async def test_refusal_is_not_talked_over() -> None:
    turn = await ask(ReplayModel("NO ANSWER"))
    assert turn.outcome is Outcome.NO_GUIDANCE
    assert turn.trace["answer.refused"] == 1
    assert "answer.stepped_down" not in turn.trace


async def test_turn_that_is_stopped_ends_the_model_s_call() -> None:
    model = ReplayModel("A passport takes 3 weeks [2]. " * 50, gap_s=0.05)
    asking = asyncio.create_task(ask(model))
    await asyncio.sleep(0.3)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert model.closed == 1


async def test_without_a_fallback_the_failure_is_the_caller_s() -> None:
    model = ReplayModel("", fails=ModelUnreachable("replay", "no connection"))
    pipeline = Pipeline(Shelf(FEE), GroundedAnswers(model), Always())
    with pytest.raises(ModelUnreachable):
        await pipeline.answer(pipeline.prepare(AskedQuestion(text="How much is it?")))


async def test_answerer_that_fails_is_replaced_whatever_it_is() -> None:
    def fail(request: Request) -> list[AnswerSentence]:
        raise ModelBusy("writer", "full")

    pipeline = Pipeline(Shelf(FEE), Writer(fail), Always(), fallback=Writer())
    result = await pipeline.answer(pipeline.prepare(AskedQuestion(text="How much is it?")))
    assert [each.text for each in result.sentences] == [FEE.text]
