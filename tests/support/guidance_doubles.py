"""Guidance, a search and an answerer that do as a test says, to steer the pipeline's course."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from uuid import NAMESPACE_URL, uuid5

import numpy as np

from fingerpost_assistant.decide import Action, Decision
from fingerpost_assistant.events import Event
from fingerpost_assistant.steps import Draft, Request
from fingerpost_retrieval import (
    ALL_NATIONS,
    Embeddings,
    Exchange,
    Hit,
    Passage,
    Scope,
    SearchResult,
)
from fingerpost_serving import AnswerSentence, Quotation


def passage(
    text: str,
    *,
    path: str = "/passport",
    title: str = "Renew a passport",
    heading: tuple[str, ...] = (),
    nations: tuple[str, ...] = ALL_NATIONS,
    locale: str = "en",
) -> Passage:
    return Passage(
        id=str(uuid5(NAMESPACE_URL, path + text)),
        path=path,
        locale=locale,
        revision="r1",
        title=title,
        url=f"/guidance{path}",
        heading_path=heading,
        text=text,
        position=0,
        tokens=len(text.split()),
        collection="guidance",
        nations=nations,
    )


def hit(passage: Passage, dense: float | None = 0.8, score: float = 1.0) -> Hit:
    return Hit(passage=passage, score=score, dense=dense, sparse=5.0)


class Shelf:
    """A search over a few passages that knows no ranking, only scopes; it remembers its calls."""

    def __init__(self, *passages: Passage, delay_s: float = 0.0) -> None:
        self._passages = passages
        self._delay_s = delay_s
        self.asked: list[tuple[str, Scope]] = []
        self.histories: list[tuple[Exchange, ...]] = []
        self.embedded = 0

    async def asearch(
        self,
        question: str,
        scope: Scope = Scope(),  # noqa: B008 -- immutable
        *,
        history: Sequence[Exchange] = (),
        limit: int = 8,
        embedding: Embeddings | None = None,
    ) -> SearchResult:
        self.asked.append((question, scope))
        self.histories.append(tuple(history))
        self.embedded += embedding is None
        await asyncio.sleep(self._delay_s)
        found = [
            each
            for each in self._passages
            if scope.nation in {None, *each.nations} and scope.locale in {None, each.locale}
        ]
        return SearchResult(
            hits=tuple(hit(each) for each in found[:limit]),
            embedding=np.ones((1, 3), dtype=np.float32),
            index_revision="rev-1",
            timings={"embed": 1.0, "search": 2.0},
        )


class Always:
    """Decides the same whenever anything was found."""

    def __init__(self, action: Action = Action.ANSWER, probability: float | None = None) -> None:
        self._action = action
        self._probability = probability

    def judge(self, question: str, hits: Sequence[Hit]) -> Decision:
        return Decision(self._action if hits else Action.DECLINE, 0.9, self._probability)


Write = Callable[[Request], Sequence[AnswerSentence]]


def first_passage(request: Request) -> list[AnswerSentence]:
    text = request.passages[0].text
    return [AnswerSentence(text=text, quotations=(Quotation(evidence=0, text=text),))]


class Writer:
    """Writes what a function makes of the request."""

    def __init__(self, write: Write = first_passage) -> None:
        self._write = write

    async def draft(self, request: Request) -> Draft:
        async def sentences() -> AsyncIterator[AnswerSentence]:
            for sentence in self._write(request):
                yield sentence

        return Draft(model="writer/1", confidence=0.7, sentences=sentences())


class Screen:
    """Keeps the events that are emitted."""

    def __init__(self) -> None:
        self.events: list[Event] = []

    async def __call__(self, event: Event) -> None:
        self.events.append(event)
