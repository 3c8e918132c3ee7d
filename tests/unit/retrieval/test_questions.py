"""Questions' vectors: the model's own, cached within bounds, embedded together under load."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fingerpost_retrieval import Embeddings, OnnxEmbedder, QuestionEmbedder

QUESTIONS = [f"How do I renew licence number {number}?" for number in range(40)]


class Watched:
    """The real embedder, which notes what it is asked and can be held up."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self._embedder = embedder
        self.digest, self.dimensions = embedder.digest, embedder.dimensions
        self.max_tokens, self.count_tokens = embedder.max_tokens, embedder.count_tokens
        self.calls: list[list[str]] = []
        self.held = threading.Event()
        self.held.set()
        self.fails = False

    def embed(self, texts: Sequence[str]) -> Embeddings:
        self.calls.append(list(texts))
        self.held.wait()
        if self.fails:
            raise RuntimeError("the model has failed")
        return self._embedder.embed(texts)


@pytest.fixture
def watched(embedder: OnnxEmbedder) -> Watched:
    return Watched(embedder)


def test_vectors_are_those_of_the_model(embedder: OnnxEmbedder) -> None:
    questions = QuestionEmbedder(embedder)
    with ThreadPoolExecutor(16) as pool:
        found = list(pool.map(lambda text: questions.embed([text])[0], QUESTIONS))
    assert np.allclose(found, embedder.embed(QUESTIONS), atol=1e-5)


def test_a_question_asked_again_is_not_embedded_again(watched: Watched) -> None:
    questions = QuestionEmbedder(watched)
    first = questions.embed(["one", "two"])
    assert np.array_equal(questions.embed(["two", "one"]), first[::-1])
    assert sum(len(call) for call in watched.calls) == 2
    assert questions.stats.hit_rate == 0.5


def test_the_cache_forgets_what_was_asked_longest_ago(watched: Watched) -> None:
    questions = QuestionEmbedder(watched, cached=2)
    for text in ("one", "two", "one", "three", "one", "two"):
        questions.embed([text])
    assert watched.calls == [["one"], ["two"], ["three"], ["two"]]


def test_a_cached_vector_cannot_be_changed_by_who_was_given_it(watched: Watched) -> None:
    questions = QuestionEmbedder(watched)
    questions.embed(["one"])[:] = 0
    assert np.linalg.norm(questions.embed(["one"])) == pytest.approx(1)


def test_questions_that_wait_are_embedded_together(watched: Watched) -> None:
    questions = QuestionEmbedder(watched, runs=1)
    watched.held.clear()
    with ThreadPoolExecutor(9) as pool:
        results = [pool.submit(questions.embed, [text]) for text in QUESTIONS[:9]]
        while len(questions._queue) < 8:
            pass
        watched.held.set()
        assert all(result.result().shape == (1, 384) for result in results)
    assert sorted(map(len, watched.calls)) == [1, 8]


def test_the_same_question_at_the_same_time_is_embedded_once_a_run(watched: Watched) -> None:
    questions = QuestionEmbedder(watched, runs=1)
    watched.held.clear()
    with ThreadPoolExecutor(5) as pool:
        first = pool.submit(questions.embed, ["first"])
        while not watched.calls:
            pass
        results = [pool.submit(questions.embed, ["same"]) for _ in range(4)]
        while len(questions._queue) < 4:
            pass
        watched.held.set()
        vectors = [result.result()[0] for result in results]
        first.result()
    assert watched.calls == [["first"], ["same"]]
    assert all(np.array_equal(vectors[0], vector) for vector in vectors)


def test_a_failure_reaches_everyone_who_waits_and_the_next_question_is_answered(
    watched: Watched,
) -> None:
    questions = QuestionEmbedder(watched)
    watched.fails = True
    with ThreadPoolExecutor(8) as pool:
        results = [pool.submit(questions.embed, [text]) for text in QUESTIONS]
        assert all(isinstance(result.exception(), RuntimeError) for result in results)
    watched.fails = False
    assert questions.embed([QUESTIONS[0]]).shape == (1, 384)


def test_many_texts_go_past_the_cache(watched: Watched) -> None:
    questions = QuestionEmbedder(watched)
    questions.embed(QUESTIONS)
    assert watched.calls == [QUESTIONS]
    assert questions.stats.misses == 0
