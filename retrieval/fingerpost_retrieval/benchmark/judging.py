"""Rankings against judgements, measured by `ir-measures` (extra `[bench]`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib.util import find_spec

import numpy as np

from ..errors import MissingExtra
from .measures import DEPTH, Values
from .sets import Judgements

MEASURES = ("nDCG@10", "R@1", "R@5", "R@10", "RR@10")
NAMES = {"R@1": "recall@1", "R@5": "recall@5", "R@10": "recall@10", "RR@10": "MRR@10"}
"""Our names for those of ir-measures."""


class Judged:
    """The value of every measure for every query."""

    def __init__(self, values: Mapping[str, Mapping[str, float]]) -> None:
        self._values = values

    @property
    def measures(self) -> list[str]:
        return list(self._values)

    def column(self, measure: str, queries: Sequence[str]) -> Values:
        """Return one measure, `(queries,)`; a query that found nothing has 0."""
        found = self._values[measure]
        return np.array([found.get(query, 0.0) for query in queries], dtype=np.float64)

    def means(self, queries: Sequence[str]) -> dict[str, float]:
        return {name: float(self.column(name, queries).mean()) for name in self._values}


def judge(rankings: Mapping[str, Sequence[str]], judgements: Judgements) -> Judged:
    """Measure rankings of documents, best first, by query.

    Raises `MissingExtra` where `ir-measures` is not installed.
    """
    if find_spec("ir_measures") is None:
        raise MissingExtra("ir-measures", "bench")
    import ir_measures

    measures = {ir_measures.parse_measure(name): NAMES.get(name, name) for name in MEASURES}
    # ir-measures orders by score, so that a place becomes one.
    run = {
        query: {document: float(-place) for place, document in enumerate(ranking[:DEPTH])}
        for query, ranking in rankings.items()
        if ranking
    }
    wanted = {
        query: {document: round(gain) for document, gain in judgements[query].items()}
        for query in rankings
    }
    values: dict[str, dict[str, float]] = {name: {} for name in measures.values()}
    for found in ir_measures.iter_calc(list(measures), wanted, run):
        values[measures[found.measure]][found.query_id] = float(found.value)
    return Judged(values)
