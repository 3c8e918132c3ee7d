"""What both backends are told alike."""

from __future__ import annotations

import numpy as np
import pytest

from fingerpost_retrieval import Scope
from fingerpost_retrieval.backend import EF, ef_for
from fingerpost_retrieval.encoding import Encoder


@pytest.mark.parametrize(
    ("passages", "kept"),
    [(0, EF), (100_000, EF), (100_001, 192), (400_000, 320), (1_000_000, 512)],
)
def test_the_graph_is_walked_more_widely_the_larger_it_is(passages: int, kept: int) -> None:
    assert ef_for(passages) == kept


def test_a_query_is_told_how_large_the_index_is() -> None:
    vector = np.zeros(4, dtype=np.float32)
    query = Encoder(None).query("What is it?", Scope(), vector, 100, passages=1_000_000)
    assert query.ef == 512
