"""What a model writes, as a chat completion: in chunks while it comes, or whole."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Awaitable, Mapping
from contextlib import aclosing
from uuid import uuid4

import structlog

from fingerpost_assistant import Principal
from fingerpost_assistant.redact import Redactor, Restorer
from fingerpost_gateway.observability.metrics import RAW
from fingerpost_gateway.openai_api.answering import DONE, sse
from fingerpost_gateway.openai_api.errors import error_body, slug_of
from fingerpost_gateway.openai_api.raw.asking import messages_of, raw_call
from fingerpost_gateway.openai_api.raw.calling import called
from fingerpost_gateway.openai_api.raw.models import RawModel
from fingerpost_gateway.openai_api.raw.redacting import redacted
from fingerpost_gateway.openai_api.schemas import (
    AssistantMessage,
    ChatCompletion,
    ChatCompletionChunk,
    ChatCompletionRequest,
    Choice,
    ChunkChoice,
    Delta,
    Usage,
)
from fingerpost_gateway.runtime import Runtime
from fingerpost_serving import ChatEvent, Finished, ModelFailed, TextDelta

log = structlog.get_logger(__name__)

_REDACTOR = Redactor()


class RawCompletion:
    """One call and its answer, read once, either way. Close it when nobody reads it any more."""

    def __init__(
        self,
        name: str,
        events: AsyncGenerator[ChatEvent, None],
        placeholders: Mapping[str, str],
        principal: Principal,
    ) -> None:
        """
        Args:
            name: of the model, as the caller gave it.
            placeholders: what is put back into the answer.
        """
        self._name = name
        self._events = events
        self._restorer = Restorer(placeholders)
        self._principal = principal
        self._id = f"chatcmpl-{uuid4().hex}"
        self._created = int(time.time())
        self._began = time.perf_counter()
        self._first: ChatEvent | None = None
        self._end: Finished | None = None

    @classmethod
    async def begin(
        cls,
        request: ChatCompletionRequest,
        model: RawModel,
        runtime: Runtime,
        principal: Principal,
        counted: Awaitable[None],
    ) -> RawCompletion:
        """Call the model, and wait for its first words: until then a failure has a status.

        Args:
            counted: the count of the caller's requests, which may refuse this one; it is waited
                for while the request is prepared.

        Raises:
            RateLimitedError: from `counted`.
            UnsupportedError: the request wants what is not to be had here.
            ModelFailed: there is no room at the model, or it does not answer.
        """
        models = runtime.models
        assert models is not None, "there is no raw model without models"
        counting = asyncio.ensure_future(counted)
        await asyncio.sleep(0)  # it is under way before this process has its hands full
        try:
            messages, placeholders = messages_of(request), dict[str, str]()
            if runtime.settings.openai_api.raw != "plain":
                messages, placeholders = await redacted(messages, _REDACTOR)
            deadline_s = runtime.settings.limits.turn_timeout_s
            call = raw_call(request, messages, model.limits, deadline_s)
        finally:
            await counting
        events = called(model.client, call, models.admission, principal, wait_s=models.wait_s)
        completion = cls(request.model, events, placeholders, principal)
        try:
            completion._first = await anext(events)
        except ModelFailed as error:
            completion._record(slug_of(error))
            raise
        return completion

    async def whole(self) -> ChatCompletion:
        """Wait for the answer.

        Raises:
            ModelFailed: it broke off.
        """
        try:
            async with aclosing(self._events):
                text = "".join([piece async for piece in self._pieces()])
                await anext(self._events, None)
        except ModelFailed as error:
            self._record(slug_of(error))
            raise
        self._record("complete")
        assert self._end is not None, "a stream ends with `Finished`, or raises"
        choice = Choice(message=AssistantMessage(content=text), finish_reason=self._end.reason)
        return ChatCompletion(
            id=self._id,
            created=self._created,
            model=self._name,
            choices=(choice,),
            usage=self._usage,
        )

    async def chunks(self, *, with_usage: bool) -> AsyncGenerator[bytes, None]:
        """Yield server-sent events as OpenAI has them, to `[DONE]`."""
        result = "left"
        try:
            yield self._chunk(Delta(role="assistant", content=""))
            async with aclosing(self._events), aclosing(self._pieces()) as pieces:
                async for piece in pieces:
                    yield self._chunk(Delta(content=piece))
                result = "complete"
                yield self._chunk(Delta(), ended=True)
                if with_usage:
                    yield sse(self._piece(usage=self._usage))
                yield DONE
                # Only now the place at the model is given back: nobody waits for that.
                await anext(self._events, None)
        except ModelFailed as error:
            result = slug_of(error)
            # The status has gone out long ago; clients look for this in the stream.
            yield sse(error_body(503, str(error), code=result))
        finally:
            self._record(result)

    async def _pieces(self) -> AsyncGenerator[str, None]:
        event = self._first
        while isinstance(event, TextDelta):
            if text := self._restorer.feed(event.text):
                yield text
            event = await anext(self._events)
        self._end = event
        if rest := self._restorer.rest():
            yield rest

    @property
    def _usage(self) -> Usage:
        assert self._end is not None, "asked for before the end"
        counted = self._end.usage
        return Usage(
            prompt_tokens=counted.prompt_tokens,
            completion_tokens=counted.completion_tokens,
            total_tokens=counted.prompt_tokens + counted.completion_tokens,
        )

    def _chunk(self, delta: Delta, *, ended: bool = False) -> bytes:
        reason = self._end.reason if ended and self._end else None
        return sse(self._piece(ChunkChoice(delta=delta, finish_reason=reason)))

    def _piece(self, *choices: ChunkChoice, usage: Usage | None = None) -> ChatCompletionChunk:
        return ChatCompletionChunk(
            id=self._id, created=self._created, model=self._name, choices=choices, usage=usage
        )

    def _record(self, result: str) -> None:
        """Say who used which model, and for how much; never what was written."""
        usage = self._end.usage if self._end else None
        RAW.labels(model=self._name, result=result).inc()
        log.info(
            "raw.call",
            model=self._name,
            tenant=self._principal.tenant,
            subject=self._principal.subject,
            result=result,
            prompt_tokens=usage and usage.prompt_tokens,
            completion_tokens=usage and usage.completion_tokens,
            ms=round(1000 * (time.perf_counter() - self._began)),
        )
