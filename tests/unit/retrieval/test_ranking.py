"""The learned ranker: it learns what tells, refuses other embedders, and is what was trained."""

from __future__ import annotations

import numpy as np
import pytest

from fingerpost_retrieval import Evidence
from fingerpost_retrieval.evidence import ALONE, FEATURES
from fingerpost_retrieval.minilm import model_digest
from fingerpost_retrieval.ranking import Head, head_for
from fingerpost_retrieval.ranking.examples import Example
from fingerpost_retrieval.ranking.learning import cross_validated, fit, left_out, quality

SIGNALS = ("telling", "noise")


def example(number: int) -> Example:
    """A question whose relevant document has the most of one signal and any of the other."""
    rng = np.random.default_rng(number)
    values = rng.random((20, 2)).astype(np.float32)
    best = int(values[:, 0].argmax())
    return Example(
        values=values,
        features=SIGNALS,
        documents=tuple(f"d{row}" for row in range(20)),
        relevance={f"d{best}": 1.0},
        origin=str(number),
    )


@pytest.fixture(scope="module")
def tasks() -> dict[str, list[Example]]:
    return {
        "one": [example(number) for number in range(60)],
        "two": [example(number) for number in range(100, 160)],
    }


def test_weights_go_to_what_tells(tasks: dict[str, list[Example]]) -> None:
    weights = fit(tasks, SIGNALS)
    assert weights["telling"] > 10 * abs(weights["noise"])
    assert quality(tasks["one"], weights).mean() > 0.95


def test_estimates_are_of_questions_that_the_weights_have_not_seen(
    tasks: dict[str, list[Example]],
) -> None:
    assert all(value > 0.9 for value in cross_validated(tasks, SIGNALS).values())
    apart = left_out(tasks, SIGNALS, {"one": "a", "two": "b"})
    assert all(value > 0.9 for value in apart.values())
    assert left_out(tasks, SIGNALS, {"one": "a", "two": "a"}) == {}


def test_a_head_weighs_the_signals_it_names_and_nothing_else() -> None:
    head = Head(name="", embedder="", question={"dense": 2.0}, followup={"alone.dense": 1.0})
    values = np.array([[0.5, 9.0], [np.nan, 9.0]], dtype=np.float32)
    evidence = Evidence(features=("dense", "sparse"), values=values)
    assert head.scores(evidence, has_context=False).tolist() == [1.0, 0.0]
    assert head.scores(evidence, has_context=True).tolist() == [0.0, 0.0]


def test_there_is_a_head_for_the_default_embedder_and_for_no_other() -> None:
    head = head_for(model_digest())
    assert head is not None
    assert head.embedder == model_digest()
    assert head_for("another") is None


def test_the_head_weighs_signals_that_there_are() -> None:
    head = head_for(model_digest())
    assert head is not None
    assert set(head.question) <= set(FEATURES)
    assert {name.removeprefix(ALONE) for name in head.followup} <= set(FEATURES)
