"""Sentences that were met before are not embedded again."""

from __future__ import annotations

import numpy as np

from fingerpost_serving.vectors import RememberingEmbedder

from .conftest import HashedWords


def test_only_new_texts_are_embedded(embedder: HashedWords) -> None:
    remembering = RememberingEmbedder(embedder)
    remembering.embed(["one", "two"])
    remembering.embed(["two", "three", "three"])
    assert embedder.embedded == 3


def test_vectors_come_in_the_order_asked_for(embedder: HashedWords) -> None:
    remembering = RememberingEmbedder(embedder)
    remembering.embed(["two"])
    texts = ["one", "two", "one", "three"]
    np.testing.assert_array_equal(remembering.embed(texts), embedder.embed(texts))


def test_oldest_texts_are_forgotten_first(embedder: HashedWords) -> None:
    remembering = RememberingEmbedder(embedder, capacity=2)
    for texts in (["one"], ["two"], ["one"], ["three"], ["one"], ["two"]):
        remembering.embed(texts)
    assert embedder.embedded == 4


def test_more_texts_than_are_kept_are_embedded_all_the_same(embedder: HashedWords) -> None:
    assert RememberingEmbedder(embedder, capacity=1).embed(["one", "two"]).shape == (2, 256)
