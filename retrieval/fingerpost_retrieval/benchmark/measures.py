"""How good one ranking is, query by query, and how sure the difference of two is."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

DEPTH = 10
"""Documents by which a ranking is judged."""

RESAMPLES = 2_000
SEED = 20_250_101

Values = NDArray[np.float64]


def ndcg(ranking: Sequence[str], relevance: Mapping[str, float], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval has it.

    Jaervelin and Kekaelaeinen 2002, https://doi.org/10.1145/582415.582418
    """
    gains = [relevance.get(document, 0.0) for document in ranking[:depth]]
    ideal = _discounted(sorted(relevance.values(), reverse=True)[:depth])
    return _discounted(gains) / ideal if ideal else 0.0


def interval(values: Values) -> tuple[float, float]:
    """Return the 95% interval of the mean: the percentile bootstrap over queries.

    Sakai 2006, https://doi.org/10.1145/1148170.1148261
    """
    if not len(values):
        return (0.0, 0.0)
    rng = np.random.default_rng(SEED)
    rows = rng.integers(0, len(values), (RESAMPLES, len(values)))
    low, high = np.percentile(values[rows].mean(axis=1), [2.5, 97.5])
    return float(low), float(high)


def paired_p(ours: Values, other: Values) -> float:
    """Return how often chance alone gives such a difference: a two-sided randomisation test.

    Smucker, Allan and Carterette 2007, https://doi.org/10.1145/1321440.1321528
    """
    differences = ours - other
    observed = abs(differences.mean()) if len(differences) else 0.0
    rng = np.random.default_rng(SEED)
    signs = rng.choice([-1.0, 1.0], (RESAMPLES, len(differences)))
    chance = np.abs((signs * differences).mean(axis=1))
    return float(((chance >= observed - 1e-12).sum() + 1) / (RESAMPLES + 1))


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))
