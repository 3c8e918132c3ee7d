"""Steps 7 to 9: shows an answer as it comes, each sentence checked, and goes on when a model fails.

```
the answerer's sentences ──► review ──► shown, after its sources
        │ ModelFailed, or too little left          │ left out of what was cited
        ▼                                          ▼
the fallback's sentences ──► review ──► shown      quoted from the passages
```

A sentence once shown stays; what goes on after it does not repeat it, and a status says so.
"""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable

from fingerpost_assistant.output import Output
from fingerpost_assistant.steps import Answers, Checks, Draft, Note, Request, Review
from fingerpost_assistant.texts import Text
from fingerpost_serving import AnswerSentence, Block, ModelFailed
from fingerpost_serving.words import content_stems

LEAST_SHARE = 0.5
"""Of a model's sentences; if fewer may be shown, the fallback goes on from there."""

ALIKE = 0.6
"""A sentence that shares so much of its words with one that was shown repeats it."""

Announce = Callable[[], Awaitable[None]]
"""Says, just before the first sentence, that the answer begins."""


class AnswerWriter:
    """Writes answers; safe to share between tasks.

    Args:
        answers: what answers first.
        checks: decides what may be shown.
        fallback: goes on when `answers` fails or too little of it may be shown; None if nothing
            is to take its place.
    """

    def __init__(self, answers: Answers, checks: Checks, fallback: Answers | None = None) -> None:
        self._answers = answers
        self._checks = checks
        self._fallback = fallback

    async def write(self, request: Request, output: Output, announce: Announce) -> int:
        """Show an answer; return how many sentences were shown."""
        page = _Page(self._checks.review(request), output, announce)
        goes_on = await self._first(request, page, output)
        if goes_on and self._fallback is not None:
            output.trace["answer.stepped_down"] = goes_on
            await page.step_down()
            with output.stopwatch.stage("answer"):
                draft = await self._fallback.draft(request)
            await page.show(draft)
        else:
            await page.complete()
        page.record()
        return page.shown

    async def add(self, sentence: AnswerSentence, request: Request, output: Output) -> None:
        """Show one more sentence of the request's passages after an answer, if it may be shown."""
        verdict = await self._checks.review(request).judge(sentence)
        if verdict.fault is None:
            await output.quote(sentence, verdict.rests_on)

    async def _first(self, request: Request, page: _Page, output: Output) -> str:
        """Show what the answerer says; return why the fallback must go on, or ""."""
        try:
            with output.stopwatch.stage("answer"):
                draft = await self._answers.draft(request)
            await page.show(draft)
        except ModelFailed as error:
            if self._fallback is None:
                raise
            return type(error).__name__
        if page.withheld and page.shown < LEAST_SHARE * (page.shown + page.withheld):
            return "withheld"
        return ""


class _Page:
    """What one turn has shown."""

    def __init__(self, review: Review, output: Output, announce: Announce) -> None:
        self._review = review
        self._output = output
        self._announce = announce
        self._faults: Counter[str] = Counter()
        self._said: list[frozenset[str]] = []
        self._texts: set[str] = set()
        self._models: dict[str, None] = {}
        self._continues = False

    @property
    def shown(self) -> int:
        return len(self._said)

    @property
    def withheld(self) -> int:
        return self._faults.total()

    async def show(self, draft: Draft) -> None:
        """Show a draft's sentences, as far as the review lets them through."""
        if not self.shown:
            self._output.confidence = draft.confidence
        if not self._continues:
            self._output.trace["answer.model"] = draft.model
        model = draft.model
        async with contextlib.aclosing(_closing(draft.sentences)) as parts:
            async for part in parts:
                if isinstance(part, Note):
                    model = part.model or model
                    await self._note(part)
                elif not self._repeats(part):
                    await self._show_checked(part, model)

    async def step_down(self) -> None:
        """Say that from here on the guidance is quoted."""
        self._continues = True
        text = Text.GOES_ON_QUOTING if self.shown else Text.QUOTING
        await self._output.status("stepped_down", text)

    async def complete(self) -> None:
        """Add what the cited passages say and the answer left out."""
        if not self.shown:
            return
        added = 0
        self._continues = True
        for sentence in await self._review.omitted():
            if not self._repeats(sentence):
                await self._show_checked(sentence, "")
                added += 1
        if added:
            self._output.trace["check.added"] = added

    def record(self) -> None:
        """Put into the turn's record what was withheld."""
        trace = self._output.trace
        trace |= {f"check.{fault}": count for fault, count in self._faults.items()}
        trace["check.withheld"] = self.withheld

    async def _show_checked(self, sentence: AnswerSentence, model: str) -> None:
        with self._output.stopwatch.stage("check"):
            verdict = await self._review.judge(sentence)
        if verdict.fault is not None:
            self._faults[verdict.fault] += 1
            return
        if not self.shown:
            await self._announce()
        if model:
            self._models[model] = None
            self._output.model = " + ".join(self._models)
        self._texts.add(sentence.text)
        self._said.append(content_stems(sentence.text))
        await self._output.quote(sentence, verdict.rests_on)

    async def _note(self, note: Note) -> None:
        self._output.trace |= note.trace
        if note.status is not None:
            await self._output.status(
                note.stage,
                note.status,
                position=note.position,
                expected_wait_ms=note.expected_wait_ms,
            )

    def _repeats(self, sentence: AnswerSentence) -> bool:
        """Whether a sentence was shown before; what goes on after others need not say it so."""
        if not self._continues:
            return sentence.text in self._texts
        words = content_stems(sentence.text)
        if sentence.block is not Block.PARAGRAPH or sentence.text.endswith(":"):
            return False  # a list without its first line, or one of its items, says another thing
        return any(len(words & said) >= ALIKE * len(words) for said in self._said)


async def _closing(
    parts: AsyncIterator[AnswerSentence | Note],
) -> AsyncGenerator[AnswerSentence | Note, None]:
    """Close an answerer's iterator for sure when nobody reads on: that ends the model's call."""
    try:
        async for part in parts:
            yield part
    finally:
        if aclose := getattr(parts, "aclose", None):
            await aclose()
