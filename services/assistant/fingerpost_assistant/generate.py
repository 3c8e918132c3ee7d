"""Step 7 with a language model: one call, read sentence by sentence while it writes."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import msgspec

from fingerpost_assistant.steps import Draft, Note, Request
from fingerpost_serving import (
    AnswerReader,
    AnswerSentence,
    ChatModel,
    ChatRequest,
    Finished,
    FinishReason,
    GroundedPrompt,
    MarkedSentence,
    ModelBrokeOff,
    ModelTimedOut,
    Quotation,
    TextDelta,
)


class Patience(msgspec.Struct, frozen=True, kw_only=True):
    """How long a model may take, in seconds; after that the extractive answerer goes on.

    They leave it enough of the pipeline's own time limit (30 s).
    """

    first_token_s: float = 8.0
    gap_s: float = 4.0
    """From one piece of text to the next."""
    whole_s: float = 24.0


class GroundedAnswers:
    """Answers with what a language model writes from the passages, each sentence with its marks.

    Sentences without a valid mark are not passed on. What is passed on is not checked yet: that
    is step 8. Safe to share between tasks.

    Args:
        model: any `fingerpost_serving.ChatModel`.
        prompt: made for the model's context.
        patience: how long to wait; the model's client should give up no later.
    """

    def __init__(
        self,
        model: ChatModel,
        prompt: GroundedPrompt | None = None,
        *,
        patience: Patience | None = None,
    ) -> None:
        self._model = model
        self._prompt = prompt or GroundedPrompt()
        self._patience = patience or Patience()

    async def draft(self, request: Request) -> Draft:
        """Begin an answer; the model is called when its first sentence is asked for.

        The sentences raise `fingerpost_serving.ModelFailed` when the model does, or when it
        takes too long or writes nothing that can be used.
        """
        # In the language of the guidance: a translation could not be checked against it.
        locale = request.passages[0].locale if request.passages else request.locale
        call, shown = self._prompt.request(
            request.question, request.passages, locale=locale, nation=request.nation
        )
        patience = self._patience
        call = msgspec.structs.replace(
            call, deadline_s=patience.whole_s, first_token_s=patience.first_token_s
        )
        return Draft(
            model=f"{self._model.name} {self._prompt.version}",
            confidence=min(max(request.relevance, default=0.0), 1.0),
            sentences=self._write(call, AnswerReader(shown)),
        )

    async def _write(
        self, call: ChatRequest, reader: AnswerReader
    ) -> AsyncIterator[AnswerSentence | Note]:
        written = 0
        finished: Finished | None = None
        async for event in self._events(call):
            if isinstance(event, Finished):
                finished = event
                break
            for sentence in reader.feed(event.text):
                written += 1
                yield _to_check(sentence)
        whole = finished is not None and finished.reason is FinishReason.STOP
        for sentence in reader.end(whole=whole):
            written += 1
            yield _to_check(sentence)
        yield Note(trace=_trace(finished, reader))
        if finished is None:
            raise ModelBrokeOff(self._model.name, "the stream ended without its end")
        if not written and not reader.refused:
            raise ModelBrokeOff(self._model.name, "it wrote no sentence with a valid mark")

    async def _events(self, call: ChatRequest) -> AsyncIterator[TextDelta | Finished]:
        """Pass the model's events on, each in its time."""
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience.whole_s
        patience = self._patience.first_token_s
        stream = aiter(self._model.stream(call))
        try:
            while True:
                try:
                    async with asyncio.timeout_at(min(loop.time() + patience, end)):
                        event = await anext(stream)
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise ModelTimedOut(self._model.name, "it took too long") from error
                yield event
                patience = self._patience.gap_s
        finally:
            if aclose := getattr(stream, "aclose", None):
                await aclose()


def _to_check(sentence: MarkedSentence) -> AnswerSentence:
    quotations = tuple(Quotation(evidence=mark - 1, text="") for mark in sentence.marks)
    return AnswerSentence(text=sentence.text, quotations=quotations, block=sentence.block)


def _trace(finished: Finished | None, reader: AnswerReader) -> dict[str, str | int | float]:
    trace: dict[str, str | int | float] = {"answer.unmarked": reader.unmarked}
    if reader.refused:
        trace["answer.refused"] = 1
    if finished is not None:
        trace["answer.finish"] = finished.reason.value
        trace["answer.prompt_tokens"] = finished.usage.prompt_tokens
        trace["answer.completion_tokens"] = finished.usage.completion_tokens
        trace["answer.cached_tokens"] = finished.usage.cached_tokens
    return trace
