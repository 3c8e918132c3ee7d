"""Signs that passages hold what a sentence says: shared words, and nearness of meaning."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from ..words import content_stems
from .source import Source, stem_pairs

Embed = Callable[[Sequence[str]], NDArray[np.float32]]

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

VECTOR_SIGNS = (*WORD_SIGNS, "nearest")
"""With the one that does: the cosine of the nearest of the units that share most words."""

MOST_EMBEDDED = 4
"""Units that are embedded for one sentence."""


def word_signs(text: str, sources: Sequence[Source]) -> dict[str, float]:
    """Return the signs that need no embedder."""
    content = content_stems(text)
    if not content:
        return {}
    units = [unit.content for source in sources for unit in source.units]
    known = content & frozenset[str]().union(*(source.words for source in sources))
    counts = {word: sum(source.counts.get(word, 0) for source in sources) for word in content}
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


def vector_signs(text: str, sources: Sequence[Source], embed: Embed) -> dict[str, float]:
    """Return the signs that need an embedder, which is asked for a few vectors, `(n, d)`."""
    content = content_stems(text)
    units = [unit for source in sources for unit in source.units]
    units.sort(key=lambda unit: -len(content & unit.content))
    vectors = embed([text, *(unit.context for unit in units[:MOST_EMBEDDED])])
    return {"nearest": float((vectors[1:] @ vectors[0]).max())}


def _known_pairs(sources: Sequence[Source]) -> frozenset[tuple[str, str]]:
    return frozenset[tuple[str, str]]().union(*(source.pairs for source in sources))
