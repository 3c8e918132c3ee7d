"""One turn that this process answers: from its first event to its one outcome."""

from __future__ import annotations

import asyncio
import logging
from typing import Any, NamedTuple, Protocol

from sqlalchemy.exc import DataError, IntegrityError

from fingerpost_assistant.cancelling import cancel
from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import DatabaseUnavailable, TurnEnded, ValkeyUnavailable
from fingerpost_assistant.events import (
    DoneEvent,
    ErrorEvent,
    Event,
    Outcome,
    OutcomeEvent,
    SourcesEvent,
    StatusEvent,
    TurnEvent,
)
from fingerpost_assistant.language import language_of
from fingerpost_assistant.live.recorder import Record
from fingerpost_assistant.live.streams import TurnWriter
from fingerpost_assistant.question import AskedQuestion, Emit, PreparedQuestion, TurnResult
from fingerpost_assistant.texts import Text, status_text

_log = logging.getLogger(__name__)

_LET_GO_S = 2.0
"""How long an answer that was cancelled may take to notice."""

_TEXTS = {
    Outcome.TIMED_OUT: Text.TIMED_OUT,
    Outcome.INTERRUPTED: Text.INTERRUPTED,
    Outcome.INTERNAL: Text.INTERNAL,
}
"""What the asker reads when a turn ends for another reason than its answer or their own wish."""


class QuestionPipeline(Protocol):
    """What answers a question; `fingerpost_assistant.pipeline.Pipeline` does."""

    def redact(self, text: str) -> str: ...

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion: ...

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult: ...


class _Finish(NamedTuple):
    result: TurnResult
    events: tuple[Event, ...]


class RunningTurn:
    """Runs the pipeline for one turn, and ends the turn whatever becomes of it."""

    def __init__(
        self,
        pipeline: QuestionPipeline,
        question: PreparedQuestion,
        opening: TurnEvent,
        writer: TurnWriter,
        record: Record,
        *,
        limit_s: float,
    ) -> None:
        """
        Args:
            opening: the turn's first event.
            record: used when Valkey stays away, so that the outcome is not lost.
            limit_s: longest time for the answer.
        """
        self._pipeline = pipeline
        self._question = question
        self._opening = opening
        self._writer = writer
        self._record = record
        self._limit_s = limit_s
        self._ended_early: asyncio.Future[Outcome] = asyncio.get_running_loop().create_future()

    def end(self, outcome: Outcome) -> None:
        """End the turn now. It has ended when its task is done."""
        if not self._ended_early.done():
            self._ended_early.set_result(outcome)

    async def run(self) -> TurnResult | None:
        """Answer and finish; None when someone else has ended the turn."""
        answer = asyncio.create_task(self._answer())
        either: list[asyncio.Future[Any]] = [answer, self._ended_early]
        await asyncio.wait(either, timeout=self._limit_s, return_when=asyncio.FIRST_COMPLETED)
        if not answer.done():
            await cancel(answer, patience_s=_LET_GO_S)
            early = self._ended_early.result() if self._ended_early.done() else Outcome.TIMED_OUT
            return await self._finish(self._unanswered(early))
        try:
            result = answer.result()
        except TurnEnded:
            return None
        except (Exception, asyncio.CancelledError) as error:
            level = logging.WARNING if isinstance(error, ValkeyUnavailable) else logging.ERROR
            _log.log(level, "turn %s failed", self._writer.turn_id, exc_info=error)
            return await self._finish(self._unanswered(Outcome.INTERNAL))
        outcome = OutcomeEvent(outcome=result.outcome, model=result.model)
        return await self._finish(_Finish(result, (outcome, DoneEvent())))

    async def _answer(self) -> TurnResult:
        self._writer.announce(self._opening)
        return await self._pipeline.answer(self._question, self._emit)

    async def _emit(self, event: Event) -> None:
        # What comes before a sentence goes with it, or while it is still being looked for.
        if isinstance(event, StatusEvent | SourcesEvent):
            self._writer.announce(event)
        else:
            await self._writer.append(event)

    async def _finish(self, finish: _Finish) -> TurnResult | None:
        turn_id, ending = self._writer.turn_id, Ending.of(finish.result)
        try:
            await self._writer.finish(finish.events, ending)
        except TurnEnded:
            return None
        except ValkeyUnavailable:
            try:
                await self._record(turn_id, ending, self._writer.events)
            except (DatabaseUnavailable, IntegrityError, DataError):
                # The sweeper will end it once Valkey is back.
                _log.exception("the ending of turn %s could not be kept", turn_id)
        return finish.result

    def _unanswered(self, outcome: Outcome) -> _Finish:
        events: tuple[Event, ...] = (OutcomeEvent(outcome=outcome), DoneEvent())
        if text := _TEXTS.get(outcome):
            locale = language_of(self._question.text, self._question.locale)
            events = (ErrorEvent(message=status_text(text, locale)), *events)
        return _Finish(TurnResult(outcome=outcome), events)
