"""The index measured: how fast it fills, how fast each stage of a search is, how exact."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import msgspec
import numpy as np

from fingerpost_retrieval import (
    Embedder,
    Embeddings,
    GuidanceIndex,
    Passage,
    QuestionEmbedder,
    Scope,
)
from fingerpost_retrieval.backend import Point, SparseWeights
from fingerpost_retrieval.questions import TOGETHER
from loadtests.retrieval_scale.corpus import Real, synthesised, synthesised_vectors

BATCH = 10_000
"""Passages of one commit."""
WORKERS = 2
TOP = 10


class Latency(msgspec.Struct, frozen=True):
    """Milliseconds, and how many a second."""

    p50: float
    p95: float
    p99: float
    per_second: float = 0.0


class SearchFigures(msgspec.Struct, frozen=True, kw_only=True):
    """What one system does with one kind of question."""

    system: str
    passages: int
    words: int
    """About so many words a question has."""
    whole: Latency
    """Embedding included; one search after the other."""
    stages: dict[str, Latency] = {}
    questions_per_second: float = 0.0
    """With `WORKERS` threads."""
    recall: float = 0.0
    """Share of the ten nearest vectors, by exact search, that the dense ranking has."""


class IngestionFigures(msgspec.Struct, frozen=True, kw_only=True):
    """How fast passages come in."""

    system: str
    passages: int
    per_second: float


class _Given:
    """The real embedder, save that vectors of passages are synthesised."""

    def __init__(self, embedder: Embedder, vectors: Embeddings) -> None:
        self._embedder, self._vectors, self._next = embedder, vectors, 0
        self.digest, self.dimensions = embedder.digest, embedder.dimensions
        self.max_tokens, self.count_tokens = embedder.max_tokens, embedder.count_tokens

    def embed(self, texts: Sequence[str]) -> Embeddings:
        if len(texts) <= TOGETHER:
            return self._embedder.embed(texts)
        start, self._next = self._next, self._next + len(texts)
        return self._vectors[start : self._next]


@contextmanager
def filled(
    folder: Path, real: Real, embedder: Embedder, count: int
) -> Iterator[tuple[GuidanceIndex, Embeddings, list[IngestionFigures]]]:
    """An index of so many passages, the vectors in it, and how long it took to fill."""
    vectors = synthesised_vectors(real, count)
    # No cache of vectors: every question counts as new.
    questions = QuestionEmbedder(_Given(embedder, vectors), cached=0)
    with GuidanceIndex.open(folder, questions) as index:
        seconds = sum(
            _timed(lambda p=p: _commit(index, p)) for p in synthesised(real, count, BATCH)
        )
        optimising = _timed(index.optimise)
        yield (
            index,
            vectors,
            [
                IngestionFigures(
                    system="index alone", passages=count, per_second=round(count / seconds)
                ),
                IngestionFigures(
                    system="index alone, and optimised",
                    passages=count,
                    per_second=round(count / (seconds + optimising)),
                ),
            ],
        )


def measure(
    index: GuidanceIndex, vectors: Embeddings, embedder: Embedder, questions: Sequence[str]
) -> SearchFigures:
    """Ask the questions one by one, stage by stage, and from several threads."""
    for question in questions[:20]:
        index.search(question)
    wholes, stages = [], []
    for question in questions:
        started = time.perf_counter()
        stages.append(index.search(question).timings)
        wholes.append(time.perf_counter() - started)
    started = time.perf_counter()
    with ThreadPoolExecutor(WORKERS) as pool:
        list(pool.map(index.search, questions))
    seconds = time.perf_counter() - started
    found = embedder.embed(questions)
    return SearchFigures(
        system="fingerpost",
        passages=len(vectors),
        words=round(float(np.mean([len(question.split()) for question in questions]))),
        whole=latency(wholes),
        stages={
            **{name: latency([t[name] / 1e3 for t in stages]) for name in stages[0]},
            **_rankings(index, found, questions),
        },
        questions_per_second=round(len(questions) / seconds, 1),
        recall=recall(lambda row: _dense(index, found[row]), found, vectors),
    )


def latency(seconds: Sequence[float]) -> Latency:
    """Percentiles in milliseconds."""
    p50, p95, p99 = (round(float(p) * 1e3, 2) for p in np.percentile(seconds, [50, 95, 99]))
    return Latency(p50, p95, p99, round(len(seconds) / sum(seconds), 1))


def recall(nearest: Callable[[int], set[int]], found: Embeddings, vectors: Embeddings) -> float:
    """Recall at ten against exact search, over the questions."""
    shares = []
    for row, vector in enumerate(found):
        exact = np.argpartition(-(vectors @ vector), TOP)[:TOP]
        shares.append(len(nearest(row) & set(exact.tolist())) / TOP)
    return round(float(np.mean(shares)), 4)


def _rankings(
    index: GuidanceIndex, vectors: Embeddings, questions: Sequence[str]
) -> dict[str, Latency]:
    generation, encoder = index._live
    times: dict[str, list[float]] = {"dense": [], "sparse": []}
    for vector, question in zip(vectors, questions, strict=True):
        query = encoder.query(question, Scope(), vector, 100, passages=generation.state.passages)
        times["dense"].append(
            _timed(
                lambda q=query: generation.backend.search(
                    msgspec.structs.replace(q, sparse=SparseWeights([], []))
                )
            )
        )
        times["sparse"].append(
            _timed(
                lambda q=query: generation.backend.search(msgspec.structs.replace(q, dense=None))
            )
        )
    return {name: latency(seconds) for name, seconds in times.items()}


def _dense(index: GuidanceIndex, vector: Embeddings) -> set[int]:
    generation, encoder = index._live
    query = encoder.query("", Scope(), vector, 100, passages=generation.state.passages)
    found = generation.backend.search(query).dense[:TOP]
    return {int(best.id[-12:], 16) for best in found}


def _commit(index: GuidanceIndex, passages: Sequence[Passage]) -> None:
    generation, encoder = index._live
    pages: dict[str, list[Point]] = {}
    for point in encoder.points(passages):
        pages.setdefault(point.page, []).append(point)
    generation.commit(pages)
    generation.flush()


def _timed(action: Callable[[], object]) -> float:
    started = time.perf_counter()
    action()
    return time.perf_counter() - started
