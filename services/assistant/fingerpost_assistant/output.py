"""What a turn shows, as it shows it: events go out, and are kept for the turn's result."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_assistant.citations import Citations
from fingerpost_assistant.events import (
    ErrorEvent,
    Outcome,
    SentenceEvent,
    SourcesEvent,
    StatusEvent,
)
from fingerpost_assistant.question import Emit, Trace, TurnResult
from fingerpost_assistant.stopwatch import Stopwatch
from fingerpost_assistant.texts import Text, fixed_text, status_text
from fingerpost_retrieval import Passage
from fingerpost_serving import AnswerSentence


class Output:
    """The events and the record of one turn."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._citations = Citations()
        self._sentences: list[SentenceEvent] = []
        self.stopwatch = Stopwatch()
        self.trace: Trace = {}
        self.locale = "en"
        """Language of fixed texts."""
        self.nation: str | None = None
        """Whose helplines are shown."""
        self.model = ""
        self.confidence = 0.0
        self.index_revision = ""

    async def status(
        self,
        stage: str,
        text: Text,
        *,
        removed: tuple[str, ...] = (),
        position: int | None = None,
        expected_wait_ms: int | None = None,
    ) -> None:
        """Say what is going on."""
        await self._emit(
            StatusEvent(
                stage=stage,
                message=status_text(text, self.locale),
                removed=removed,
                position=position,
                expected_wait_ms=expected_wait_ms,
            )
        )

    async def error(self, text: Text) -> None:
        """Say what went wrong."""
        await self._emit(ErrorEvent(message=status_text(text, self.locale)))

    async def say(self, text: Text, **values: str) -> None:
        """Show a text that people wrote."""
        for sentence in fixed_text(text, self.locale, self.nation, **values):
            await self._show(sentence)

    async def offer(self, passages: Sequence[Passage], *, titles: bool) -> None:
        """Show pages to read; with `titles` as a list of what may be meant."""
        for passage in passages:
            ids = await self._cite([passage])
            if titles:
                await self._show(SentenceEvent(text=passage.title, citations=ids, block="item"))

    async def quote(self, sentence: AnswerSentence, passages: Sequence[Passage]) -> None:
        """Show a checked sentence after those of its sources that are new."""
        ids = await self._cite(passages)
        await self._show(
            SentenceEvent(
                text=sentence.text,
                citations=ids,
                label=sentence.label,
                block=sentence.block.value,
            )
        )

    def has_cited(self, passage: Passage) -> bool:
        """Whether a passage was shown as a source."""
        return any(citation.passage_id == passage.id for citation in self._citations.shown)

    def has_shown(self, text: str) -> bool:
        """Whether a sentence was shown, word for word."""
        return any(text in each.text for each in self._sentences)

    def result(self, outcome: Outcome) -> TurnResult:
        """Return how the turn came out."""
        return TurnResult(
            outcome=outcome,
            model=self.model,
            sentences=tuple(self._sentences),
            citations=tuple(self._citations.shown),
            confidence=self.confidence,
            index_revision=self.index_revision,
            timings=self.stopwatch.timings(),
            trace=self.trace,
        )

    async def _cite(self, passages: Sequence[Passage]) -> tuple[str, ...]:
        ids, new = self._citations.cite(passages)
        if new:
            await self._emit(SourcesEvent(citations=new))
        return ids

    async def _show(self, sentence: SentenceEvent) -> None:
        await self._emit(sentence)
        self._sentences.append(sentence)
