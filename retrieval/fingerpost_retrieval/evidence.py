"""What speaks for a candidate, as numbers: the columns that ranking and answerability read."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .backend import Candidates, Scored
from .types import Evidence

FEATURES = {
    "dense": "cosine of question and passage; NaN where only words found it",
    "sparse": "BM25 score; NaN where only meaning found it",
    "dense_norm": "`dense`, 0 for the least and 1 for the greatest of the ranking; 0 for absent",
    "sparse_norm": "`sparse`, likewise",
    "dense_rank": "place in the dense ranking, from 1; one past its end for absent",
    "sparse_rank": "place in the BM25 ranking, likewise",
}
"""The signals by name, in the order of the columns."""


def evidence_of(candidates: Candidates, ids: Sequence[str]) -> Evidence:
    """Gather the signals of some candidates, in the order of `ids`."""
    columns = [
        column
        for pair in zip(
            _signals(candidates.dense, ids), _signals(candidates.sparse, ids), strict=True
        )
        for column in pair
    ]
    values = np.stack(columns, axis=1) if columns else np.empty((0, len(FEATURES)))
    return Evidence(features=tuple(FEATURES), values=values.astype(np.float32))


def _signals(ranking: Sequence[Scored], ids: Sequence[str]) -> list[NDArray[np.float64]]:
    """Return score, normalised score and rank of each id, `(ids,)` each."""
    places = {found.id: place for place, found in enumerate(ranking)}
    # What is not in the ranking stands in a row of its own behind it.
    rows = np.array([places.get(identity, len(ranking)) for identity in ids], dtype=np.int64)
    scores = np.array([found.score for found in ranking])
    spread = np.ptp(scores) if len(scores) else 0.0
    normalised = (scores - scores.min()) / spread if spread else np.ones(len(scores))
    return [np.append(scores, np.nan)[rows], np.append(normalised, 0.0)[rows], rows + 1.0]
