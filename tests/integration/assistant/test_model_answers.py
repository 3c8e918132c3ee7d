"""Which model answers, what happens under pressure, and what is kept; on a real Valkey."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
from guidance_doubles import Always, Screen, Shelf, passage
from placekit import until
from replaymodel import ReplayModel

from fingerpost_assistant import AskedQuestion, Exchange, Outcome, Pipeline, StatusEvent
from fingerpost_assistant.events import SentenceEvent
from fingerpost_assistant.generate import GroundedAnswers
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.models import KeptAnswers, ModelAnswers, Policy, Rung, Writer
from fingerpost_assistant.pipeline import quoting
from fingerpost_assistant.question import TurnResult
from fingerpost_serving import PROMPT_VERSION, FinishReason, Limits, ModelUnreachable
from fingerpost_serving.admission import Admission, Ask, Priority

FEE = passage("A passport costs £88.50 online. It costs £100 by post.", path="/fee", title="Fees")
LARGE = "A passport costs £88.50 online [1]."
NARROW = "It costs £100 by post [1]."
LIMITS = Limits(context=2_000, concurrent_requests=1, tokens_in_flight=2_000)
EASY = "How much does a passport cost?"
HARD = "How much does a passport cost if I apply by post and my child lives abroad, but is British?"

QUEUED = "Many people are asking just now. Your question is in the queue."
SHORTER = "Many people are asking just now, so this answer is shorter than usual."
SMALLER = "The service is busy or partly out of order, so a simpler program writes this answer."
QUOTED = "The answer is quoted straight from guidance."


class Service:
    """A pipeline with a large and a narrow model, each with one place."""

    def __init__(self, client: Client, admission: Admission) -> None:
        self.client = client
        self.admission = admission
        self.large = ReplayModel(LARGE)
        self.narrow = ReplayModel(NARROW)
        self.policy = Policy()
        self.wait_s = 2.0
        self.index_revision = "i1"
        self.answerable: float | None = None
        self.shelf = Shelf(FEE)
        self.told: list[StatusEvent] = []

    def pipeline(self) -> Pipeline:
        rungs = [
            _rung(Writer.LARGE, self.large, short=short)
            if writer is Writer.LARGE
            else _rung(Writer.NARROW, self.narrow, short=short)
            for writer in (Writer.LARGE, Writer.NARROW)
            for short in (False, True)
        ]
        answers = ModelAnswers(
            rungs,
            quoting(None),
            self.admission,
            policies={"default": self.policy},
            kept=KeptAnswers(self.client, keep_s=60),
            wait_s=self.wait_s,
        )
        return Pipeline(
            self.shelf, answers, Always(probability=self.answerable), fallback=quoting(None)
        )

    async def ask(self, text: str = HARD, **asked: object) -> TurnResult:
        pipeline = self.pipeline()
        screen = Screen()
        question = pipeline.prepare(AskedQuestion(text=text, **asked))  # type: ignore[arg-type]
        result = await pipeline.answer(question, screen)
        self.told = [each for each in screen.events if isinstance(each, StatusEvent)]
        assert result.outcome is Outcome.ANSWERED
        return result

    def messages(self, stage: str) -> list[str]:
        return [each.message for each in self.told if each.stage == stage]


def _rung(writer: Writer, model: ReplayModel, *, short: bool) -> Rung:
    model.name = writer.value
    return Rung(
        model=writer.value,
        writer=writer,
        version=PROMPT_VERSION,
        answers=GroundedAnswers(model),
        answer_tokens=100 if short else 400,
        context=2_000,
        short=short,
    )


@pytest.fixture
async def service(client: Client) -> AsyncIterator[Service]:
    limits = {"large": LIMITS, "narrow": LIMITS}
    async with Admission(client, limits) as admission:
        yield Service(client, admission)


@pytest.fixture
async def held(service: Service) -> AsyncIterator[AsyncExitStack]:
    """Holds places at models until it is closed."""
    async with AsyncExitStack() as stack:
        yield stack


async def hold(service: Service, stack: AsyncExitStack, model: str) -> None:
    await stack.enter_async_context(service.admission.enter(model, Ask(tokens=2_000)))


def said(result: TurnResult) -> list[str]:
    return [each.text for each in result.sentences if isinstance(each, SentenceEvent)]


async def test_easy_question_goes_to_the_narrow_model_and_a_hard_one_to_the_large(
    service: Service,
) -> None:
    easy, hard = await service.ask(EASY), await service.ask(HARD)
    assert said(easy) == ["It costs £100 by post."]
    assert (easy.trace["model.choice"], easy.trace["model.reason"]) == ("narrow", "easy")
    assert said(hard) == ["A passport costs £88.50 online."]
    assert (hard.trace["model.choice"], hard.trace["model.reason"]) == ("large", "conditions")


@pytest.mark.parametrize(
    ("probability", "choice"),
    [(0.2, ("large", "answerability")), (0.9, ("narrow", "easy")), (None, ("narrow", "easy"))],
)
async def test_a_question_that_the_search_hardly_answers_is_hard(
    service: Service, probability: float | None, choice: tuple[str, str]
) -> None:
    service.answerable = probability
    result = await service.ask(EASY)
    assert (result.trace["model.choice"], result.trace["model.reason"]) == choice


async def test_follow_up_is_hard(service: Service) -> None:
    history = (Exchange("How much does a passport cost?", "£88.50."),)
    result = await service.ask("And by post?", history=history)
    assert result.trace["model.reason"] == "follow_up"


async def test_a_policy_may_quote_for_easy_questions(service: Service) -> None:
    service.policy = Policy(easy=Writer.EXTRACTIVE)
    result = await service.ask(EASY)
    assert result.model.startswith("extractive")
    assert not service.narrow.asked
    assert service.messages("stepped_down") == []


async def test_who_waits_is_told_the_place_and_gets_a_shorter_answer(
    service: Service, held: AsyncExitStack
) -> None:
    await hold(service, held, "large")
    asking = asyncio.create_task(service.ask())
    await asyncio.sleep(0.3)
    await held.aclose()
    result = await asking
    assert said(result) == ["A passport costs £88.50 online."]
    (queued,) = [each for each in service.told if each.stage == "queued"]
    assert (queued.message, queued.position) == (QUEUED, 1)
    assert service.messages("stepped_down") == [SHORTER]
    assert result.trace["model.stepped_down"] == "shorter"


async def test_full_large_model_gives_way_to_the_narrow_one(
    service: Service, held: AsyncExitStack
) -> None:
    service.wait_s = 0.1
    await hold(service, held, "large")
    result = await service.ask()
    assert said(result) == ["It costs £100 by post."]
    assert service.messages("stepped_down") == [SMALLER]
    assert result.trace["model.stepped_down"] == "narrow"


async def test_when_all_models_are_full_the_guidance_is_quoted(
    service: Service, held: AsyncExitStack
) -> None:
    service.wait_s = 0.1
    await hold(service, held, "large")
    await hold(service, held, "narrow")
    result = await service.ask()
    assert said(result)
    assert result.model.startswith("extractive")
    assert service.messages("stepped_down") == [QUOTED]
    assert result.trace["model.failed"] == "large: Busy, narrow: Busy"


async def test_model_that_is_down_gives_way_at_once(service: Service) -> None:
    service.large = ReplayModel(fails=ModelUnreachable("large", "refused"))
    result = await service.ask()
    assert said(result) == ["It costs £100 by post."]
    assert len(service.large.asked) == 1, "a shorter answer would not come either"


async def test_no_place_is_held_once_the_answer_is_there(service: Service) -> None:
    for _ in range(3):
        result = await service.ask()
        assert "model.stepped_down" not in result.trace
        await service.client.flushall()


async def test_the_same_question_is_answered_from_what_was_kept(service: Service) -> None:
    first, second = await service.ask(), await service.ask()
    assert (first.trace["cache"], second.trace["cache"]) == ("miss", "hit")
    assert second.sentences == first.sentences
    assert second.citations == first.citations
    assert second.model == first.model
    assert len(service.large.asked) == 1


@pytest.mark.parametrize(
    "other",
    [{"tenant": "other"}, {"nation": "wales"}, {"collections": ("guidance", "more")}],
    ids=["tenant", "nation", "collections"],
)
async def test_an_answer_is_kept_for_those_alone_who_would_get_it(
    service: Service, other: dict[str, object]
) -> None:
    await service.ask()
    assert (await service.ask(**other)).trace["cache"] == "miss"


async def test_an_answer_does_not_outlive_its_sources(service: Service) -> None:
    await service.ask()
    service.shelf = Shelf(passage("A passport costs £90 online.", path="/fee", title="Fees"))
    result = await service.ask()
    assert result.trace["cache"] == "miss"
    assert "A passport costs £88.50 online." not in said(result)


async def test_an_answer_is_checked_again_when_it_is_found(service: Service) -> None:
    await service.ask()
    (key,) = await service.client.keys("fingerpost:answer:*")
    stored = await service.client.get(key)
    await service.client.set(key, stored.replace("88.50", "77.50"))
    result = await service.ask()
    assert "77.50" not in " ".join(said(result))


async def test_nothing_is_kept_of_a_question_with_personal_data(service: Service) -> None:
    await service.ask(f"{HARD} Write to jo@example.org")
    assert await service.client.keys("fingerpost:answer:*") == []


async def test_an_answer_that_was_cut_off_is_not_kept(service: Service) -> None:
    service.large = ReplayModel(LARGE, reason=FinishReason.LENGTH)
    await service.ask()
    assert await service.client.keys("fingerpost:answer:*") == []


async def test_caseworker_s_question_waits_in_its_class(
    service: Service, held: AsyncExitStack
) -> None:
    await hold(service, held, "large")
    asking = asyncio.create_task(service.ask(priority=Priority.CASEWORKER))
    await asyncio.sleep(0.2)
    waiting = await service.client.hget("fingerpost:admission:{large}", "waiting:0")
    await held.aclose()
    await asking
    assert int(waiting) == 1


async def test_an_asker_who_leaves_gives_the_place_back(service: Service) -> None:
    service.large = ReplayModel(LARGE, first_s=30)
    asking = asyncio.create_task(service.ask())

    async def asked() -> bool:
        return bool(service.large.asked)

    async def free() -> bool:
        running = await service.client.zcard("fingerpost:admission:{large}:running")
        return service.large.closed == 1 and running == 0

    await until(asked, "the model is asked")
    asking.cancel()
    await asyncio.gather(asking, return_exceptions=True)
    await until(free, "the call has ended and its place is free")
