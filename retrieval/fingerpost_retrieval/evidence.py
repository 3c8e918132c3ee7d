"""What speaks for a candidate, as numbers: the columns that ranking and answerability read."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from .backend import Candidates, Rescored, Scored
from .types import Evidence

Column = NDArray[np.float32]

FEATURES = {
    "dense": "cosine of question and passage; NaN where it is not known",
    "sparse": "BM25 score; NaN where it is not known",
    "dense_norm": "`dense`, 0 for the least and 1 for the greatest of the ranking; 0 for absent",
    "sparse_norm": "`sparse`, likewise",
    "dense_rank": "place in the dense ranking, from 1; one past its end for absent",
    "sparse_rank": "place in the BM25 ranking, likewise",
    "sparse_term": "BM25 score for each term of the question and each e-fold of the index's size",
    "place_gain": "by how much title and headings are closer to the question than the passage",
    "page": "best fused score of the passages under the same title, as a share of the best of all",
    "terms": "terms of the question after stemming, the same for every candidate",
}
"""The signals by name, in the order of the columns."""

ALONE = "alone."
"""Prefix of the same signals for the last turn alone, where the question came in a context."""


class View(NamedTuple):
    """One form of the question, and what was found by it."""

    candidates: Candidates
    rescored: Rescored | None
    """None where only the rankings are known."""
    fused: Sequence[Scored]
    terms: int
    """Terms of this form of the question."""


def evidence_of(views: Sequence[View], ids: Sequence[str], groups: Sequence[str]) -> Evidence:
    """Gather the signals of some candidates.

    Arguments:
        views: the question in its context; after it, where there is one, the last turn alone.
        ids: the candidates.
        groups: what each candidate stands under: passages of one title support each other.
    """
    names, columns = [], []
    for prefix, view in zip(("", ALONE), views, strict=False):
        for name, column in _columns(view, ids, groups).items():
            names.append(prefix + name)
            columns.append(column)
    values = np.stack(columns, axis=1) if columns else np.empty((len(ids), 0))
    return Evidence(features=tuple(names), values=values.astype(np.float32))


def _columns(view: View, ids: Sequence[str], groups: Sequence[str]) -> dict[str, Column]:
    candidates, rescored = view.candidates, view.rescored
    dense, dense_norm, dense_rank = _signals(candidates.dense, ids)
    sparse, sparse_norm, sparse_rank = _signals(candidates.sparse, ids)
    gain = np.zeros(len(ids))
    if rescored is not None:
        dense = _known(rescored.dense, ids, np.nan)
        sparse = _known(rescored.sparse, ids, 0.0)
        gain = np.nan_to_num(np.maximum(_known(rescored.place, ids, np.nan) - dense, 0.0))
    scale = max(view.terms, 1) * math.log(view.candidates.state.passages + 2)
    columns = {
        "dense": dense,
        "sparse": sparse,
        "dense_norm": dense_norm,
        "sparse_norm": sparse_norm,
        "dense_rank": dense_rank,
        "sparse_rank": sparse_rank,
        "sparse_term": np.nan_to_num(sparse) / scale,
        "place_gain": gain,
        "page": _page(view.fused, ids, groups),
        "terms": np.full(len(ids), view.terms),
    }
    return {name: column.astype(np.float32) for name, column in columns.items()}


def _known(scores: dict[str, float], ids: Sequence[str], absent: float) -> NDArray[np.float64]:
    return np.array([scores.get(identity, absent) for identity in ids], dtype=np.float64)


def _page(
    fused: Sequence[Scored], ids: Sequence[str], groups: Sequence[str]
) -> NDArray[np.float64]:
    """Return the best fused score in each candidate's group, `(ids,)`, the best of all being 1."""
    scores = {found.id: found.score for found in fused}
    best: dict[str, float] = {}
    for identity, group in zip(ids, groups, strict=True):
        best[group] = max(best.get(group, 0.0), scores.get(identity, 0.0))
    top = max(best.values(), default=0.0) or 1.0
    return np.array([best[group] / top for group in groups], dtype=np.float64)


def _signals(ranking: Sequence[Scored], ids: Sequence[str]) -> list[NDArray[np.float64]]:
    """Return score, normalised score and rank of each id, `(ids,)` each."""
    places = {found.id: place for place, found in enumerate(ranking)}
    # What is not in the ranking stands in a row of its own behind it.
    rows = np.array([places.get(identity, len(ranking)) for identity in ids], dtype=np.int64)
    scores = np.array([found.score for found in ranking])
    spread = np.ptp(scores) if len(scores) else 0.0
    normalised = (scores - scores.min()) / spread if spread else np.ones(len(scores))
    return [np.append(scores, np.nan)[rows], np.append(normalised, 0.0)[rows], rows + 1.0]
