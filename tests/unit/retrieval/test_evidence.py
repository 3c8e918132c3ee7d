"""Evidence: the signals of each candidate, as ranking and answerability read them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from fingerpost_retrieval.backend import Candidates, Rescored, Scored, State
from fingerpost_retrieval.evidence import FEATURES, View, evidence_of
from fingerpost_retrieval.fusion import normalised_sum

STATE = State(
    generation="gen-1", embedder="", dimensions=0, passage_format="", revision="", passages=100
)


def view(
    dense: Sequence[Scored], sparse: Sequence[Scored], rescored: Rescored | None = None
) -> View:
    candidates = Candidates(dense=list(dense), sparse=list(sparse), state=STATE)
    return View(candidates, rescored, normalised_sum(dense, sparse), terms=2)


DENSE = [Scored("a", 0.8), Scored("b", 0.4), Scored("c", 0.2)]
SPARSE = [Scored("d", 12.0), Scored("a", 6.0)]


def test_signals_come_in_the_order_of_the_candidates_with_gaps_for_what_one_ranking_lacks() -> None:
    evidence = evidence_of([view(DENSE, SPARSE)], ["d", "a", "b"], ["1", "2", "3"])
    assert evidence.features == tuple(FEATURES)
    np.testing.assert_allclose(evidence.column("dense"), [np.nan, 0.8, 0.4])
    np.testing.assert_allclose(evidence.column("sparse"), [12.0, 6.0, np.nan])
    np.testing.assert_allclose(evidence.column("dense_norm"), [0.0, 1.0, 1 / 3], rtol=1e-6)
    np.testing.assert_allclose(evidence.column("sparse_norm"), [1.0, 0.0, 0.0])
    np.testing.assert_allclose(evidence.column("dense_rank"), [4, 1, 2])
    np.testing.assert_allclose(evidence.column("sparse_rank"), [1, 2, 3])


def test_exact_scores_fill_the_gaps() -> None:
    exact = Rescored(dense={"a": 0.8, "b": 0.4, "d": 0.1}, sparse={"a": 6.0, "d": 12.0}, place={})
    evidence = evidence_of([view(DENSE, SPARSE, exact)], ["d", "a", "b"], ["1", "2", "3"])
    np.testing.assert_allclose(evidence.column("dense"), [0.1, 0.8, 0.4])
    np.testing.assert_allclose(evidence.column("sparse"), [12.0, 6.0, 0.0])


def test_headings_count_by_how_much_closer_they_are_than_the_passage() -> None:
    exact = Rescored(dense={"a": 0.5, "b": 0.5, "c": 0.5}, sparse={}, place={"a": 0.7, "b": 0.3})
    evidence = evidence_of([view(DENSE, [], exact)], ["a", "b", "c"], ["1", "2", "3"])
    np.testing.assert_allclose(evidence.column("place_gain"), [0.2, 0.0, 0.0], atol=1e-6)


def test_passages_under_one_title_share_the_best_score_of_them() -> None:
    evidence = evidence_of([view(DENSE, SPARSE)], ["a", "b", "c"], ["guide", "other", "guide"])
    page = evidence.column("page")
    assert page[0] == page[2] == 1.0
    assert page[1] < 1.0


def test_a_second_form_of_the_question_has_signals_of_its_own() -> None:
    views = [view(DENSE, []), view([Scored("b", 0.9)], [])]
    evidence = evidence_of(views, ["a", "b"], ["1", "2"])
    np.testing.assert_allclose(evidence.column("alone.dense"), [np.nan, 0.9])


def test_nothing_found_is_evidence_without_rows() -> None:
    assert evidence_of([view([], [])], [], []).values.shape == (0, len(FEATURES))


def test_a_signal_that_is_not_measured_is_unknown_and_no_error() -> None:
    evidence = evidence_of([view(DENSE, [])], ["a"], ["1"])
    assert np.isnan(evidence.column("not measured")).all()
