"""How long the check of answers takes: a sentence, and what it adds before the first one is shown.

    python -m loadtests.check ../shared/data --model .data/models/minilm

The sentences are people's reference answers (mtrag_un, mtrag_govt), each held against the passages
that it cites: the two that share most of its words. They are timed after their passages were read,
which happens while a model has not yet written anything; reading them is timed by itself. Processor
time is given beside the clock's, which on a busy machine counts what others do. The
second figure is taken in the whole pipeline, from the moment at which the model hands over the
piece that ends its first sentence to the moment at which that sentence is emitted.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import numpy as np

from fingerpost_assistant import AskedQuestion, Pipeline, SentenceEvent
from fingerpost_assistant.decide import Action, Decision
from fingerpost_assistant.generate import GroundedAnswers
from fingerpost_assistant.grounded import GroundedCheck
from fingerpost_retrieval import (
    Embedder,
    Embeddings,
    Hit,
    Passage,
    Scope,
    SearchResult,
    load_embedder,
)
from fingerpost_serving import (
    ChatEvent,
    ChatRequest,
    Finished,
    FinishReason,
    GroundednessCheck,
    TextDelta,
    Usage,
)
from fingerpost_serving.words import content_stems
from tests.quality.altering.references import Exchange, reference_exchanges

WAIT_S = 0.1
"""Until the model's first piece: a model on a GPU takes longer."""

CITED = 2
"""Passages that a sentence is held against."""


class Page(NamedTuple):
    """A passage of a data set."""

    text: str
    title: str = ""
    heading_path: tuple[str, ...] = ()


def cited(sentence: str, sources: Sequence[str]) -> list[Page]:
    """Return the passages that share most of a sentence's words."""
    words = content_stems(sentence)
    ranked = sorted(sources, key=lambda text: -len(words & content_stems(text)))
    return [Page(text) for text in ranked[:CITED]]


def time_sentences(exchanges: Sequence[Exchange], embedder: Embedder) -> dict[str, float]:
    """Time the check of each sentence, as a model would have written it."""
    check = GroundednessCheck(embedder)
    reading: list[float] = []
    wall: list[float] = []
    cpu: list[float] = []
    for exchange in exchanges:
        for sentence in exchange.sentences:
            pages = cited(sentence, exchange.sources)
            begun = time.thread_time()
            check.prepare(pages)
            reading.append(time.thread_time() - begun)
            started, begun = time.perf_counter(), time.thread_time()
            check.fault(sentence, pages)
            cpu.append(time.thread_time() - begun)
            wall.append(time.perf_counter() - started)
    return {"sentences": len(wall), "read_passages_cpu_mean_ms": _ms(statistics.fmean(reading))} | {
        f"{clock}_{name}_ms": _ms(value)
        for clock, times in (("wall", wall), ("cpu", cpu))
        for name, value in (
            ("mean", statistics.fmean(times)),
            ("p50", statistics.median(times)),
            ("p99", float(np.quantile(times, 0.99))),
        )
    }


def _ms(seconds: float) -> float:
    return round(1000 * seconds, 3)


class _Model:
    """Writes a reference answer with marks, and notes when its first sentence is whole."""

    name = "replay"

    def __init__(self, pieces: Sequence[str], wait_s: float) -> None:
        self._pieces = pieces
        self._wait_s = wait_s
        self.whole_at = 0.0

    async def stream(self, request: ChatRequest) -> AsyncIterator[ChatEvent]:
        await asyncio.sleep(self._wait_s)
        for piece in self._pieces:
            self.whole_at = self.whole_at or time.perf_counter()
            yield TextDelta(piece)
        yield Finished(reason=FinishReason.STOP, usage=Usage())


class _Found:
    """A search that finds an exchange's passages, and decides to answer."""

    def __init__(self, sources: Sequence[str], embedding: Embeddings) -> None:
        self._hits = tuple(
            Hit(passage=_passage(t), score=1.0, dense=0.8, sparse=1.0) for t in sources[:8]
        )
        self._embedding = embedding

    async def asearch(
        self,
        question: str,
        scope: Scope | None = None,
        *,
        limit: int = 8,
        embedding: Embeddings | None = None,
    ) -> SearchResult:
        return SearchResult(
            hits=self._hits, embedding=self._embedding, index_revision="", timings={}
        )

    def judge(self, question: str, hits: Sequence[Hit]) -> Decision:
        return Decision(Action.ANSWER, 0.9)


def _passage(text: str) -> Passage:
    return Passage(
        id=str(uuid4()), path="/p", locale="en", revision="r", title="", url="/p", heading_path=(),
        text=text, position=0, tokens=0, collection="guidance",
    )  # fmt: skip


async def time_first_sentences(
    exchanges: Sequence[Exchange], embedder: Embedder, wait_s: float
) -> dict[str, float]:
    """Time, in the pipeline, from the end of the model's first sentence to its being shown."""
    checks = GroundedCheck(GroundednessCheck(embedder))
    added: list[float] = []
    for exchange in exchanges:
        first = exchange.sentences[0].rstrip(" .")
        found = _Found(exchange.sources, embedder.embed([first]))
        model = _Model([f"{first} [1]. The", " rest"], wait_s)
        pipeline = Pipeline(found, GroundedAnswers(model), found, checks=checks)
        shown: list[float] = []

        async def emit(event: object, shown: list[float] = shown) -> None:
            if isinstance(event, SentenceEvent):
                shown.append(time.perf_counter())

        await pipeline.answer(pipeline.prepare(AskedQuestion(text="How is it done?")), emit)
        if shown:
            added.append(shown[0] - model.whole_at)
    return {
        "first_sentences": len(added),
        "wait_ms": 1000 * wait_s,
        "added_p50_ms": _ms(statistics.median(added)),
        "added_p99_ms": _ms(float(np.quantile(added, 0.99))),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path)
    parser.add_argument("--model", type=Path, required=True, help="folder of the embedder")
    arguments = parser.parse_args()
    if not arguments.data.is_dir():
        parser.error(f"no test data at {arguments.data}: give its folder")
    embedder = load_embedder(arguments.model)
    exchanges = [each for each in reference_exchanges(arguments.data) if each.sentences]
    found = asyncio.run(time_first_sentences(exchanges[::3], embedder, WAIT_S))
    print(json.dumps(found | time_sentences(exchanges, embedder), indent=2))


if __name__ == "__main__":
    main()
