"""Evidence: the signals of each candidate, as ranking and answerability read them."""

from __future__ import annotations

import numpy as np

from fingerpost_retrieval.backend import Candidates, Scored, State
from fingerpost_retrieval.evidence import FEATURES, evidence_of

STATE = State(generation="gen-1", embedder="", dimensions=0, passage_format="", revision="")


def test_signals_come_in_the_order_of_the_candidates_with_gaps_for_what_one_ranking_lacks() -> None:
    candidates = Candidates(
        dense=[Scored("a", 0.8), Scored("b", 0.4), Scored("c", 0.2)],
        sparse=[Scored("d", 12.0), Scored("a", 6.0)],
        state=STATE,
    )
    evidence = evidence_of(candidates, ["d", "a", "b"])
    assert evidence.values.shape == (3, len(FEATURES))
    np.testing.assert_allclose(evidence.column("dense"), [np.nan, 0.8, 0.4])
    np.testing.assert_allclose(evidence.column("sparse"), [12.0, 6.0, np.nan])
    np.testing.assert_allclose(evidence.column("dense_norm"), [0.0, 1.0, 1 / 3], rtol=1e-6)
    np.testing.assert_allclose(evidence.column("sparse_norm"), [1.0, 0.0, 0.0])
    np.testing.assert_allclose(evidence.column("dense_rank"), [4, 1, 2])
    np.testing.assert_allclose(evidence.column("sparse_rank"), [1, 2, 3])


def test_nothing_found_is_evidence_without_rows() -> None:
    evidence = evidence_of(Candidates(dense=[], sparse=[], state=STATE), [])
    assert evidence.values.shape == (0, len(FEATURES))


def test_a_signal_that_is_not_measured_is_unknown_and_no_error() -> None:
    evidence = evidence_of(Candidates(dense=[Scored("a", 0.8)], sparse=[], state=STATE), ["a"])
    assert np.isnan(evidence.column("not measured")).all()
    assert evidence.column("dense_norm").tolist() == [1.0]
