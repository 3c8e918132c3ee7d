"""A way down for each question: a shorter answer, a smaller model, quotations; never in silence.

```
chosen model, whole answer        only if it has a place at once
chosen model, shorter answer      may wait in the queue; its place is told
narrow model, shorter answer      likewise
quotations from the passages      by the pipeline's fallback
```
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator, AsyncIterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Protocol

import msgspec

from fingerpost_assistant.models.choice import Choice, Policy, Writer, choose
from fingerpost_assistant.models.kept import KeptAnswers
from fingerpost_assistant.question import Trace
from fingerpost_assistant.steps import Answers, Draft, Note, Request
from fingerpost_assistant.texts import Text
from fingerpost_serving import AdmissionRefused, AnswerSentence, Busy, ModelFailed
from fingerpost_serving.admission import Ask, Ticket

_RULES_TOKENS = 500
"""Of the prompt beside passages and question, at most."""

_CHARACTERS_A_TOKEN = 3


Parts = AsyncGenerator[AnswerSentence | Note, None]


class Admits(Protocol):
    """`fingerpost_serving.admission.Admission`."""

    def enter(self, model: str, ask: Ask) -> AbstractAsyncContextManager[Ticket]: ...


class Rung(msgspec.Struct, frozen=True, kw_only=True):
    """One way to answer."""

    model: str
    """Its name in `models.toml`, under which admission has its limits."""
    writer: Writer
    version: str
    """Of its prompt; with `model` what a kept answer was written by."""
    answers: Answers
    answer_tokens: int
    """Most tokens that it writes."""
    context: int
    """Tokens that prompt and answer hold together, at most."""
    short: bool = False
    """Whether it writes less than it would with room."""


class ModelAnswers:
    """Answers with the model that a question needs, or the next that has room; an `Answers`.

    Args:
        rungs: all ways with a model, whole answers before shorter ones, large before narrow.
        extractive: for questions that need no model.
        admission: keeps to the models' limits.
        policies: by tenant; others have the defaults.
        kept: answers that were written before; None keeps none.
        wait_s: longest wait for a place, in seconds.
    """

    def __init__(
        self,
        rungs: Sequence[Rung],
        extractive: Answers,
        admission: Admits,
        *,
        policies: Mapping[str, Policy] | None = None,
        kept: KeptAnswers | None = None,
        wait_s: float = 6.0,
    ) -> None:
        self._rungs = tuple(rungs)
        self._extractive = extractive
        self._admission = admission
        self._policies = policies or {}
        self._kept = kept
        self._wait_s = wait_s

    async def draft(self, request: Request) -> Draft:
        """Choose who writes; a model is asked when the first sentence is."""
        policy = self._policies.get(request.tenant, Policy())
        choice = choose(request, policy)
        chosen = Note(trace={"model.choice": choice.writer.value, "model.reason": choice.reason})
        ways = self._ways(choice)
        if not ways:
            draft = await self._extractive.draft(request)
            return msgspec.structs.replace(draft, sentences=_after(chosen, draft.sentences))
        return Draft(
            model=ways[0].model,
            confidence=min(max(request.relevance, default=0.0), 1.0),
            sentences=_after(chosen, self._written(request, ways)),
        )

    def _ways(self, choice: Choice) -> tuple[Rung, ...]:
        """Return the rungs from the chosen writer's down; a lone model writes for both."""
        if choice.writer is Writer.EXTRACTIVE:
            return ()
        chosen = [rung for rung in self._rungs if rung.writer is choice.writer] or self._rungs
        model = chosen[0].model
        steps = [rung for rung in self._rungs if rung.short and rung.model != model]
        if choice.writer is Writer.NARROW:
            steps = [rung for rung in steps if rung.writer is Writer.NARROW]
        return (*(rung for rung in chosen if rung.model == model), *steps)

    async def _written(self, request: Request, ways: Sequence[Rung]) -> Parts:
        """Pass on an answer that is kept, or have one written and keep it."""
        if self._kept is None:
            async with contextlib.aclosing(self._down(request, ways)) as parts:
                async for part in parts:
                    yield part
            return
        name = f"{ways[0].model} {ways[0].version}"
        kept = await self._kept.find(request, name)
        yield Note(model=name, trace={"cache": "hit" if kept else "miss"})
        if kept:
            for sentence in kept:
                yield sentence
            return
        said: list[AnswerSentence] = []
        trace: Trace = {}
        async with contextlib.aclosing(self._down(request, ways)) as parts:
            async for part in parts:
                if isinstance(part, AnswerSentence):
                    said.append(part)
                else:
                    trace |= part.trace
                yield part
        if trace.get("answer.finish") == "stop" and "model.stepped_down" not in trace:
            await self._kept.keep(request, name, said)

    async def _down(self, request: Request, ways: Sequence[Rung]) -> Parts:
        """Try one rung after the other until one has begun to answer."""
        failures: dict[str, ModelFailed] = {}
        for rung in ways:
            before = failures.get(rung.model)
            if before is not None and not isinstance(before, AdmissionRefused):
                continue  # it is down: a shorter answer would not come either
            begun = False
            try:
                async with contextlib.aclosing(self._try(request, rung, ways[0])) as parts:
                    async for part in parts:
                        begun = begun or isinstance(part, AnswerSentence)
                        yield part
                return
            except ModelFailed as error:
                if begun:
                    raise  # the fallback goes on from there
                failures[rung.model] = error
        yield Note(trace=_why(failures))
        raise failures[ways[-1].model]

    async def _try(self, request: Request, rung: Rung, first: Rung) -> Parts:
        ask = Ask(tokens=_tokens(request, rung), priority=request.priority, tenant=request.tenant)
        async with self._admission.enter(rung.model, ask) as ticket:
            if not rung.short and not ticket.admitted:
                raise Busy(rung.model, self._wait_s)
            async with contextlib.aclosing(self._queue(ticket)) as notes:
                async for note in notes:
                    yield note
            if rung is not first:
                yield _stepped_down(rung, first)
            draft = await rung.answers.draft(request)
            written = _after(Note(model=draft.model), draft.sentences)
            async with contextlib.aclosing(written) as parts:
                async for part in parts:
                    yield part

    async def _queue(self, ticket: Ticket) -> AsyncGenerator[Note, None]:
        """Tell the place in the queue until it is this question's turn."""
        end = asyncio.get_running_loop().time() + self._wait_s
        places = ticket.wait()
        while True:
            try:
                async with asyncio.timeout_at(end):
                    place = await anext(places, None)
            except TimeoutError as error:
                raise Busy(ticket.model, self._wait_s) from error
            if place is None:
                if ticket.waited_s >= 0.001:
                    yield Note(trace={"queue.waited_ms": round(1000 * ticket.waited_s)})
                return
            yield Note(
                status=Text.QUEUED,
                stage="queued",
                position=place.position,
                expected_wait_ms=place.expected_wait_ms,
            )


async def _after(note: Note, parts: AsyncIterator[AnswerSentence | Note]) -> Parts:
    yield note
    try:
        async for part in parts:
            yield part
    finally:
        if aclose := getattr(parts, "aclose", None):
            await aclose()


def _tokens(request: Request, rung: Rung) -> int:
    """Estimate the tokens of a call, as its prompt is filled up to the model's context."""
    characters = len(request.question) + sum(
        len(passage.text) + len(passage.title) + sum(map(len, passage.heading_path))
        for passage in request.passages
    )
    prompt = characters // _CHARACTERS_A_TOKEN + _RULES_TOKENS
    return min(prompt + rung.answer_tokens, rung.context)


def _stepped_down(rung: Rung, first: Rung) -> Note:
    smaller = rung.model != first.model
    return Note(
        status=Text.SMALLER_MODEL if smaller else Text.SHORTER,
        stage="stepped_down",
        trace={"model.stepped_down": "narrow" if smaller else "shorter"},
    )


def _why(failures: Mapping[str, ModelFailed]) -> Trace:
    """Say for the record why no model answers."""
    return {
        "model.stepped_down": "extractive",
        "model.failed": ", ".join(f"{name}: {type(e).__name__}" for name, e in failures.items()),
    }
