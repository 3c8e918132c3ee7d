"""Passages to quote from, and a small embedder that knows words alone."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
import pytest
from numpy.typing import NDArray

from fingerpost_serving import ExtractiveAnswerer
from fingerpost_serving.words import stems


class Passage(NamedTuple):
    title: str
    heading_path: tuple[str, ...]
    text: str


PassageOf = Callable[..., Passage]


class HashedWords:
    """A bag of hashed words: texts are alike that share words, always in the same way."""

    digest = "hashed-words/1"

    def __init__(self) -> None:
        self.embedded = 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.embedded += len(texts)
        vectors = np.zeros((len(texts), 256), dtype=np.float32)
        for row, text in zip(vectors, texts, strict=True):
            for word in stems(text) or {""}:
                row[hashlib.blake2b(word.encode(errors="replace")).digest()[0]] += 1
        unit: NDArray[np.float32] = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        return unit


@pytest.fixture
def passage() -> PassageOf:
    def make(text: str, *headings: str, title: str = "Blue Badge") -> Passage:
        return Passage(title, headings, text)

    return make


@pytest.fixture
def embedder() -> HashedWords:
    return HashedWords()


@pytest.fixture
def quoting() -> ExtractiveAnswerer:
    """Answers however low the confidence: for what is quoted, not whether."""
    return ExtractiveAnswerer(answers_from=0.0)
