"""What tells whether the hits of a search answer its question, as numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import cache

import numpy as np
from numpy.typing import NDArray

from ..lexical import LexicalEncoder
from ..types import Hit

READ = 8
"""Hits that are looked at; the best come first."""

FEW = 5
"""Hits among which pages agree or do not."""

Signals = NDArray[np.float64]
"""One question's signals, `(len(SIGNALS),)`."""

SIGNALS = {
    "similarity": "greatest cosine of a hit to the question; 0 without an embedder",
    "similarity_mean": "mean of the three greatest cosines",
    "coverage": "share of the question's words in the first hit",
    "agreement": "share of the best five hits that are of the first one's page",
    "bm25": "greatest BM25 score over the root of the number of the question's words",
    "title_asked": "share of the words of the first hit's title and headings in the question",
}
"""The signals by name, in their order. Others were tried and did not help: decision 8."""


def signals_of(question: str, hits: Sequence[Hit], locale: str = "en") -> Signals:
    """Read the signals from the best hits of a search; all 0 when there are none.

    Arguments:
        question: as it was searched for.
        hits: best first; the first eight are looked at.
        locale: language of the question.
    """
    hits = hits[:READ]
    terms = _terms(question, locale)
    if not hits or not terms:
        return np.zeros(len(SIGNALS))
    best = hits[0].passage
    heading = " ".join((best.title, *best.heading_path))
    headings = _terms(heading, best.locale)
    cosines = sorted((hit.dense for hit in hits if hit.dense is not None), reverse=True) or [0.0]
    signals = {
        "similarity": cosines[0],
        "similarity_mean": float(np.mean(cosines[:3])),
        "coverage": len(_terms(f"{heading} {best.text}", best.locale) & terms) / len(terms),
        "agreement": float(np.mean([hit.passage.path == best.path for hit in hits[:FEW]])),
        "bm25": max(hit.sparse or 0.0 for hit in hits) / math.sqrt(len(terms)),
        "title_asked": len(headings & terms) / max(len(headings), 1),
    }
    return np.array([signals[name] for name in SIGNALS])


def _terms(text: str, locale: str) -> frozenset[int]:
    """The words of a text as the index knows them: stemmed, without those that say nothing."""
    return frozenset(_encoder().query(text, locale).indices)


@cache
def _encoder() -> LexicalEncoder:
    return LexicalEncoder()
