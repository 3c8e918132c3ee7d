"""A turn's events as a chat completion: in chunks while they come, or whole."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator
from contextlib import aclosing

import msgspec

from fingerpost_assistant import (
    ErrorEvent,
    OutcomeEvent,
    SentenceEvent,
    SourcesEvent,
    StreamedEvent,
    Turn,
)
from fingerpost_gateway.errors import AnswerFailedError
from fingerpost_gateway.openai_api.asking import GROUNDED
from fingerpost_gateway.openai_api.errors import error_body
from fingerpost_gateway.openai_api.schemas import (
    Annotation,
    AnswerRecord,
    AssistantMessage,
    ChatCompletion,
    ChatCompletionChunk,
    Choice,
    ChunkChoice,
    Delta,
)
from fingerpost_gateway.openai_api.wording import Wording, usage_of
from fingerpost_serving import FinishReason

DONE = b"data: [DONE]\n\n"

Events = AsyncGenerator[StreamedEvent, None]


class Completion:
    """Reads one turn's events once, either way."""

    def __init__(self, turn: Turn, events: Events, base_url: str) -> None:
        """
        Args:
            events: of the turn, from the first on; closed when they have been read, or not wanted
                any more.
            base_url: address of this server, for sources that it serves itself.
        """
        self._turn = turn
        self._events = events
        self._wording = Wording(base_url)
        self._id = f"chatcmpl-{turn.id}"
        self._created = int(time.time())
        self._message = ""
        self._end: OutcomeEvent | None = None

    async def whole(self) -> ChatCompletion:
        """Wait for the answer.

        Raises:
            AnswerFailedError: the turn ended in an error.
        """
        annotations: list[Annotation] = []
        async with aclosing(self._said()) as pieces:
            async for delta in pieces:
                annotations += delta.annotations
        if self._failed:
            raise AnswerFailedError(self._message or "the answer broke off; ask again")
        return ChatCompletion(
            id=self._id,
            created=self._created,
            model=GROUNDED,
            choices=(
                Choice(
                    message=AssistantMessage(
                        content=self._wording.text, annotations=tuple(annotations)
                    )
                ),
            ),
            usage=usage_of(self._turn.question, self._wording.text),
            fingerpost=self._record,
        )

    async def chunks(self, *, with_usage: bool) -> AsyncGenerator[bytes, None]:
        """Yield server-sent events as OpenAI has them, to `[DONE]`."""
        yield self._chunk(Delta(role="assistant", content=""))
        async with aclosing(self._said()) as pieces:
            async for delta in pieces:
                yield self._chunk(delta)
        if self._failed:
            # The status has gone out long ago; clients look for this in the stream.
            message = self._message or "the answer broke off; ask again"
            yield sse(error_body(503, message, code="unanswered"))
            return
        yield self._chunk(Delta(), ended=True)
        if with_usage:
            usage = usage_of(self._turn.question, self._wording.text)
            yield sse(
                ChatCompletionChunk(id=self._id, created=self._created, model=GROUNDED, usage=usage)
            )
        yield DONE

    async def _said(self) -> AsyncGenerator[Delta, None]:
        async with aclosing(self._events) as events:
            async for streamed in events:
                match streamed.event:
                    case SourcesEvent(citations=citations):
                        self._wording.cite(citations)
                    case SentenceEvent() as sentence:
                        text, annotations = self._wording.add(sentence)
                        yield Delta(content=text, annotations=annotations)
                    case ErrorEvent(message=message):
                        self._message = message
                    case OutcomeEvent() as end:
                        self._end = end
                    case _:
                        pass

    @property
    def _failed(self) -> bool:
        return self._end is None or self._end.outcome.value.startswith("error_")

    @property
    def _record(self) -> AnswerRecord:
        assert self._end is not None, "asked for before the end"
        return AnswerRecord(
            turn_id=self._turn.id,
            conversation_id=self._turn.conversation_id,
            outcome=self._end.outcome.value,
            model=self._end.model,
        )

    def _chunk(self, delta: Delta, *, ended: bool = False) -> bytes:
        choice = ChunkChoice(delta=delta, finish_reason=FinishReason.STOP if ended else None)
        return sse(
            ChatCompletionChunk(
                id=self._id,
                created=self._created,
                model=GROUNDED,
                choices=(choice,),
                fingerpost=self._record if ended else None,
            )
        )


def sse(content: msgspec.Struct) -> bytes:
    """A server-sent event without a name, as OpenAI has them."""
    return b"data: %b\n\n" % msgspec.json.encode(content)
