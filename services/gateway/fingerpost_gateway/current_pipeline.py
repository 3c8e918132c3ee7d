"""The pipeline for the index as it is now: rebuilt for another model, it needs that model too."""

from __future__ import annotations

from fingerpost_assistant import AskedQuestion, Pipeline, PreparedQuestion
from fingerpost_assistant.pipeline import quoting
from fingerpost_assistant.question import Emit, TurnResult
from fingerpost_gateway.language_models import LanguageModels
from fingerpost_retrieval import Embedder, GuidanceIndex


class CurrentPipeline:
    """Answers by the model that was taken up last; whoever holds it need not know of the change.

    A question that is being answered meanwhile ends with the model that it began with.
    """

    def __init__(
        self, index: GuidanceIndex, embedder: Embedder | None, *, time_limit_s: float
    ) -> None:
        """
        Args:
            embedder: the one that the index was opened with; None to go by words alone.
            time_limit_s: longest time for an answer, in seconds.
        """
        self._index = index
        self._time_limit_s = time_limit_s
        self._embedder = embedder
        self._models: LanguageModels | None = None
        self.take_up(embedder)

    def take_up(self, embedder: Embedder | None) -> None:
        """Answer by this model from now on: the index was rebuilt with it."""
        self._embedder = embedder
        if self._models is None:
            self._pipeline = Pipeline.extractive(
                self._index, embedder, time_limit_s=self._time_limit_s
            )
            return
        self._pipeline = Pipeline.grounded(
            self._index,
            embedder,
            self._models.answers(quoting(embedder)),
            time_limit_s=self._time_limit_s,
        )

    def use(self, models: LanguageModels | None) -> None:
        """Answer with language models from now on; None goes back to quotations alone."""
        self._models = models
        self.take_up(self._embedder)

    def redact(self, text: str) -> str:
        return self._pipeline.redact(text)

    def prepare(self, asked: AskedQuestion) -> PreparedQuestion:
        return self._pipeline.prepare(asked)

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult:
        return await self._pipeline.answer(question, emit)
