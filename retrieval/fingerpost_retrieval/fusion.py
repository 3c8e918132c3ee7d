"""Two rankings into one: reciprocal ranks, or the sum of normalised scores."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from .backend import Scored

Fusion = Callable[[Sequence[Scored], Sequence[Scored]], list[Scored]]
"""From a dense and a sparse ranking to one, best first, with scores from 0 to 1."""

RANK_CONSTANT = 60
DENSE_WEIGHT = 0.5
"""Equal weights. More for the dense side helps long questions and hurts short ones."""


def reciprocal_rank(dense: Sequence[Scored], sparse: Sequence[Scored]) -> list[Scored]:
    """Reciprocal rank fusion, k = 60, scaled so that first in both rankings scores 1.

    Cormack, Clarke and Buettcher 2009, https://doi.org/10.1145/1571941.1572114
    """
    best = 2 / (RANK_CONSTANT + 1)
    totals: dict[str, float] = {}
    for ranking in (dense, sparse):
        for rank, found in enumerate(ranking, start=1):
            totals[found.id] = totals.get(found.id, 0.0) + 1 / (RANK_CONSTANT + rank) / best
    return _ranked(totals)


def normalised_sum(
    dense: Sequence[Scored], sparse: Sequence[Scored], *, dense_weight: float = DENSE_WEIGHT
) -> list[Scored]:
    """Weighted sum of the scores, each ranking's brought to 0 to 1 by its least and greatest.

    Bruch, Gai and Ingber 2023, https://doi.org/10.1145/3596512
    """
    if not dense:
        return sparse_only(dense, sparse)
    totals: dict[str, float] = {}
    for ranking, weight in ((dense, dense_weight), (sparse, 1 - dense_weight)):
        for identity, score in _normalised(ranking).items():
            totals[identity] = totals.get(identity, 0.0) + weight * score
    return _ranked(totals)


def dense_only(dense: Sequence[Scored], sparse: Sequence[Scored]) -> list[Scored]:
    """The dense ranking as it is, for comparison."""
    return _ranked(_normalised(dense))


def sparse_only(dense: Sequence[Scored], sparse: Sequence[Scored]) -> list[Scored]:
    """The BM25 ranking as it is, for comparison."""
    return _ranked(_normalised(sparse))


def _normalised(ranking: Sequence[Scored]) -> dict[str, float]:
    if not ranking:
        return {}
    scores = [found.score for found in ranking]
    least, spread = min(scores), max(scores) - min(scores)
    return {found.id: (found.score - least) / spread if spread else 1.0 for found in ranking}


def _ranked(totals: dict[str, float]) -> list[Scored]:
    """Best first; equal scores in the order of their ids, so that results never flicker."""
    return [Scored(*item) for item in sorted(totals.items(), key=lambda item: (-item[1], item[0]))]
