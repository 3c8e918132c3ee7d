"""Conversations with an assistant whose answers are written down: what the tests talk through."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.conversations import Conversation, Turn
from fingerpost_assistant.errors import EmptyQuestion
from fingerpost_assistant.events import (
    Citation,
    DoneEvent,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    SourcesEvent,
    StatusEvent,
    StreamedEvent,
)
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.question import AskedQuestion, Emit, PreparedQuestion, TurnResult
from fingerpost_assistant.redact import Redactor

STRANGER = Principal(subject="session-of-a-stranger")
OWNER = Principal(subject="session-of-the-owner")

SOURCE = Citation(
    id="1",
    title="Child Benefit",
    url="/guidance/child-benefit",
    heading="What you get",
    text="You get £26.05 a week for your eldest child.",
    passage_id="child-benefit#1",
    revision="r1",
)


class ScriptedPipeline:
    """Answers every question with the same sentences, at a pace that the test sets."""

    def __init__(self, sentences: int = 3) -> None:
        self.sentences = sentences
        self.pause_s = 0.0
        self.gate = asyncio.Event()
        """Closed, it holds every answer before its last sentence."""
        self.gate.set()
        self.failure: Exception | None = None
        self.asked: list[PreparedQuestion] = []

    def redact(self, text: str) -> str:
        return Redactor().redact([text]).texts[0]

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion:
        if not asked.text.strip():
            raise EmptyQuestion
        earlier = [exchange.question for exchange in asked.history]
        redaction = Redactor().redact([*earlier, asked.text])
        return PreparedQuestion(
            text=redaction.texts[-1],
            placeholders=redaction.placeholders,
            removed=redaction.kinds[-1],
            tenant=asked.tenant,
            collections=asked.collections,
            nation=asked.nation,
            locale=asked.locale,
            history=asked.history,
        )

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult:
        self.asked.append(question)
        await emit(StatusEvent(stage="search"))
        await emit(SourcesEvent(citations=(SOURCE,)))
        shown = []
        for number in range(1, self.sentences + 1):
            await asyncio.sleep(self.pause_s)
            if number == self.sentences:
                await self.gate.wait()
                if self.failure is not None:
                    raise self.failure
            sentence = SentenceEvent(text=f"Sentence {number}.", citations=("1",))
            shown.append(sentence)
            await emit(sentence)
        return TurnResult(
            outcome=Outcome.ANSWERED,
            model="scripted 1",
            sentences=tuple(shown),
            citations=(SOURCE,),
            confidence=0.9,
            index_revision="index-7",
            timings={"total": 12.5},
            trace={"decide.score": 0.9},
        )


class Chat:
    """One owner's conversation with an assistant."""

    def __init__(self, assistant: Assistant, principal: Principal = OWNER) -> None:
        self.assistant = assistant
        self.principal = principal
        self.conversation: Conversation | None = None

    async def ask(self, question: str, *, key: str | None = None, token: str | None = None) -> Turn:
        if self.conversation is None:
            self.conversation = await self.assistant.start_conversation(self.principal)
        return await self.assistant.ask(
            self.principal,
            self.conversation.id,
            question,
            idempotency_key=key,
            session_token=token,
        )

    async def events(self, turn: Turn, after: str | None = None) -> list[StreamedEvent]:
        """What a reader gets who stays to the end."""
        reader = self.assistant.follow(self.principal, turn.id, after=after)
        return [event async for event in reader]

    async def outcome(self, turn: Turn) -> Outcome:
        """How the turn ended; exactly one outcome, and nothing after `done`."""
        events = [item.event for item in await self.events(turn)]
        (end,) = [event for event in events if isinstance(event, OutcomeEvent)]
        assert isinstance(events[-1], DoneEvent)
        return end.outcome

    async def recorded(self, turn: Turn) -> Turn:
        """The turn once it is in SQL."""
        async with asyncio.timeout(10):
            while True:
                shown = await self.assistant.turn(self.principal, turn.id)
                if shown.finished_at is not None:
                    return shown
                await asyncio.sleep(0.01)


async def eventually(
    holds: Callable[[], Awaitable[bool]], deadline_s: float = 15.0, every_s: float = 0.02
) -> None:
    """Wait until something holds; `TimeoutError` if it never does."""
    async with asyncio.timeout(deadline_s):
        while not await holds():
            await asyncio.sleep(every_s)
