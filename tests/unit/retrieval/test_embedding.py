"""The embedder: unit vectors, in order, whatever the texts are."""

from __future__ import annotations

import os
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from fingerpost_retrieval import OnnxEmbedder
from fingerpost_retrieval.embedding import NICENESS, _give_way


def test_vectors_have_unit_length_and_keep_the_order(embedder: OnnxEmbedder) -> None:
    texts = ["short", "a text that is a good deal longer than the others are", "medium length"]
    vectors = embedder.embed(texts)
    assert vectors.shape == (3, embedder.dimensions)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for text, vector in zip(texts, vectors, strict=True):
        assert embedder.embed([text])[0] @ vector > 0.999


def test_texts_of_like_meaning_are_near(embedder: OnnxEmbedder) -> None:
    question, near, far = embedder.embed(
        ["How do I renew my passport?", "Applying for a new passport", "Bins are emptied weekly"]
    )
    assert question @ near > question @ far + 0.3


def test_a_text_has_one_vector_whatever_it_is_embedded_with(embedder: OnnxEmbedder) -> None:
    text = "How do I renew my passport?"
    company = [text, "A longer text about something else altogether, so that there is padding."]
    assert np.allclose(embedder.embed([text])[0], embedder.embed(company * 4)[0], atol=1e-5)


def test_a_span_of_the_whole_text_has_its_direction(embedder: OnnxEmbedder) -> None:
    texts = ["Apply online. It costs £88.50.", "Bins are emptied weekly."]
    whole, parts = embedder.embed_spans(texts, [[(0, 13), (14, 30), (0, 30)], []])
    assert np.allclose(whole, embedder.embed(texts), atol=1e-5)
    assert [part.shape for part in parts] == [(3, 384), (0, 384)]
    assert np.allclose(np.linalg.norm(parts[0], axis=1), 1, atol=1e-5)
    assert parts[0][2] @ whole[0] > 0.98


def test_a_span_points_to_what_it_says(embedder: OnnxEmbedder) -> None:
    text = "You can apply for a passport online. Household bins are emptied every week."
    _, (parts,) = embedder.embed_spans([text], [[(0, 36), (37, len(text))]])
    passport, bins = parts @ embedder.embed(["When is my rubbish collected?"])[0]
    assert bins > passport


def test_a_span_beyond_what_the_model_reads_has_the_vector_of_its_text(
    embedder: OnnxEmbedder,
) -> None:
    text = "word " * 1_000
    whole, (parts,) = embedder.embed_spans([text], [[(4_000, 4_500)]])
    assert np.allclose(parts[0], whole[0], atol=1e-6)


def test_no_texts_give_no_vectors(embedder: OnnxEmbedder) -> None:
    assert embedder.embed([]).shape == (0, embedder.dimensions)


@pytest.mark.parametrize(
    "text",
    ["", " ", "\x00", "\ud800 lone surrogate", "x" * 1_000_000, "word " * 100_000, "ŵŷ🏴󠁧󠁢󠁷󠁬󠁳󠁿"],
    ids=["empty", "space", "nul", "surrogate", "one word of 1 MB", "100,000 words", "rare letters"],
)
def test_hostile_texts_are_embedded(embedder: OnnxEmbedder, text: str) -> None:
    vectors = embedder.embed([text, "an ordinary text"])
    assert np.isfinite(vectors).all()
    assert vectors[1] @ embedder.embed(["an ordinary text"])[0] > 0.999


def test_tokens_are_counted_without_the_special_ones(embedder: OnnxEmbedder) -> None:
    assert embedder.count_tokens("") == 0
    assert embedder.count_tokens("renew a passport") == 3
    assert embedder.count_tokens("word " * 1_000) == 1_000


def test_threads_share_an_embedder(embedder: OnnxEmbedder) -> None:
    texts = [f"question number {number}" for number in range(24)]
    alone = [embedder.embed([text])[0] for text in texts]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(lambda text: embedder.embed([text])[0], texts))
    assert np.array_equal(alone, together)


def test_the_digest_names_the_recipe_and_the_weights(embedder: OnnxEmbedder) -> None:
    assert len(embedder.digest) == 32
    assert embedder.max_tokens == 256


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_thread_that_gives_way_more_already_is_left_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    asked: list[int] = []

    def refused(_which: int, _who: int, niceness: int) -> None:
        asked.append(niceness)
        raise PermissionError

    monkeypatch.setattr(os, "getpriority", lambda *_: NICENESS + 5)
    monkeypatch.setattr(os, "setpriority", refused)
    _give_way()
    assert asked == [NICENESS + 5]
