"""Signs that passages hold what a sentence says: shared words, and nearness of meaning."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from ..words import content_stems
from .source import Source, stem_pairs

WORD_SIGNS = (
    "words_known",
    "rare_words_known",
    "words_in_one",
    "rare_in_one",
    "words_in_two",
    "pairs_known",
    "words_new",
    "length",
)
"""Names of the signs that need no embedder."""

VECTOR_SIGNS = (*WORD_SIGNS, "nearest", "near")
"""With those that do: the cosine of the nearest unit, and the mean of all."""


def word_signs(text: str, sources: Sequence[Source]) -> dict[str, float]:
    """Return the signs that need no embedder."""
    content = content_stems(text)
    if not content:
        return {}
    units = [unit.content for source in sources for unit in source.units]
    known = content & frozenset[str]().union(*(source.words for source in sources))
    counts = {word: sum(word in unit for unit in units) for word in content}
    scale = math.log(len(units) + 1) or 1.0
    weights = {word: max(1 - math.log(n + 1) / scale, 0.001) for word, n in counts.items()}
    whole = sum(weights.values())
    best = max(units, key=lambda unit: len(content & unit), default=frozenset[str]())
    left = content - best
    second = max((len(left & unit) for unit in units), default=0)
    said = stem_pairs(text)
    return {
        "words_known": len(known) / len(content),
        "rare_words_known": sum(weights[word] for word in known) / whole,
        "words_in_one": len(content & best) / len(content),
        "rare_in_one": max((sum(weights[w] for w in content & unit) for unit in units), default=0.0) / whole,
        "words_in_two": (len(content & best) + second) / len(content),
        "pairs_known": len(said & _known_pairs(sources)) / max(len(said), 1),
        "words_new": float(len(content) - len(known)),
        "length": math.log(len(content) + 1),
    }  # fmt: skip


def vector_signs(vector: NDArray[np.float32], units: NDArray[np.float32]) -> dict[str, float]:
    """Return the signs of a sentence's vector, `(d,)`, beside those of the units, `(n, d)`."""
    cosines = units @ vector
    return {"nearest": float(cosines.max()), "near": float(cosines.mean())}


def _known_pairs(sources: Sequence[Source]) -> frozenset[tuple[str, str]]:
    return frozenset[tuple[str, str]]().union(*(source.pairs for source in sources))
