"""Two rankings into one."""

from __future__ import annotations

import pytest

from fingerpost_retrieval.backend import Scored
from fingerpost_retrieval.fusion import (
    Fusion,
    dense_only,
    normalised_sum,
    reciprocal_rank,
    sparse_only,
)

DENSE = [Scored("a", 0.9), Scored("b", 0.5), Scored("c", 0.1)]
SPARSE = [Scored("b", 20.0), Scored("d", 10.0), Scored("a", 0.0)]


def test_normalised_sum_adds_scores_from_least_to_greatest() -> None:
    assert dict(normalised_sum(DENSE, SPARSE)) == pytest.approx(
        {"b": 0.75, "a": 0.5, "d": 0.25, "c": 0.0}
    )
    assert [found.id for found in normalised_sum(DENSE, SPARSE)] == ["b", "a", "d", "c"]


def test_reciprocal_rank_adds_up_to_one_for_the_first_in_both() -> None:
    assert reciprocal_rank(DENSE, DENSE)[0].score == pytest.approx(1.0)
    assert [found.id for found in reciprocal_rank(DENSE, SPARSE)] == ["b", "a", "d", "c"]


def test_without_vectors_the_sum_is_the_words_ranking() -> None:
    assert normalised_sum([], SPARSE) == sparse_only(DENSE, SPARSE)
    assert normalised_sum([], SPARSE)[0].score == 1.0


@pytest.mark.parametrize("fusion", [normalised_sum, reciprocal_rank, dense_only, sparse_only])
def test_scores_lie_between_nought_and_one(fusion: Fusion) -> None:
    assert all(0 <= found.score <= 1 for found in fusion(DENSE, SPARSE))
    assert fusion([], []) == []


@pytest.mark.parametrize("fusion", [normalised_sum, reciprocal_rank])
def test_equals_come_in_the_order_of_their_ids(fusion: Fusion) -> None:
    level = [Scored("y", 0.5), Scored("x", 0.5)]
    assert [found.id for found in fusion(level, level[::-1])] == ["x", "y"]
