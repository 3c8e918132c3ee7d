"""Step 7: sentences that answer, from the extractive answerer or from a model that streams."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence

from fingerpost_assistant.steps import Draft, Extracts, Request
from fingerpost_serving import AnswerSentence


class ExtractiveAnswers:
    """Answers with sentences of the passages, word for word; needs no model server.

    It is also what answers when models are down or full.
    """

    def __init__(self, extractive: Extracts) -> None:
        self._extractive = extractive

    async def draft(self, request: Request) -> Draft:
        """Pick the sentences in a thread of its own; then they are all there at once."""
        answer = await asyncio.to_thread(
            self._extractive.answer,
            request.question,
            request.passages,
            embedding=request.embedding,
            relevance=request.relevance,
            nation=request.nation,
        )
        return Draft(
            model=answer.model,
            confidence=answer.confidence,
            sentences=_one_by_one(answer.sentences),
        )


async def _one_by_one(sentences: Sequence[AnswerSentence]) -> AsyncIterator[AnswerSentence]:
    for sentence in sentences:
        yield sentence
