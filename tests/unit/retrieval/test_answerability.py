"""The probability that a search answers its question: its signals, its fitting and its limits."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest

from fingerpost_retrieval import Hit, Passage
from fingerpost_retrieval.answerability import SIGNALS, answerability_for, signals_of
from fingerpost_retrieval.answerability.model import _shipped
from fingerpost_retrieval.answerability.training import (
    auroc,
    calibrate,
    calibration_error,
    fit,
    grouped_folds,
)

QUESTION = "How do I renew my passport?"


def hit(text: str, dense: float | None, *, path: str = "/passport", title: str = "Passport") -> Hit:
    passage = Passage(
        id=path + text,
        path=path,
        locale="en",
        revision="r1",
        title=title,
        url=path,
        heading_path=(),
        text=text,
        position=0,
        tokens=len(text.split()),
        collection="guidance",
    )
    return Hit(passage=passage, score=1.0, dense=dense, sparse=5.0 if dense else None)


FITTING = [hit("You can renew your passport online.", 0.8)] * 3
FOREIGN = [hit(f"Bins are emptied on day {n}.", 0.1, path=f"/{n}", title="Bins") for n in range(5)]


def test_signals_have_a_name_each() -> None:
    assert signals_of(QUESTION, FITTING).shape == (len(SIGNALS),)


def test_signals_tell_a_page_on_the_matter_from_others() -> None:
    fitting = dict(zip(SIGNALS, signals_of(QUESTION, FITTING), strict=True))
    foreign = dict(zip(SIGNALS, signals_of(QUESTION, FOREIGN), strict=True))
    assert (fitting["coverage"], foreign["coverage"]) == (1.0, 0.0)
    assert (fitting["agreement"], foreign["agreement"]) == (1.0, 0.2)
    assert fitting["similarity"] == 0.8


@pytest.mark.parametrize("hits", [[], FITTING])
def test_signals_of_nothing_are_nothing(hits: list[Hit]) -> None:
    assert not signals_of("" if hits else QUESTION, hits).any()


def test_hits_without_cosines_have_signals_of_words_alone() -> None:
    signals = signals_of(QUESTION, [hit("You can renew your passport online.", None)])
    assert np.isfinite(signals).all()
    assert signals[0] == 0


def test_shipped_weights_are_for_one_embedder_and_refused_to_others() -> None:
    shipped = _shipped()
    assert answerability_for(shipped.embedder) is shipped
    assert answerability_for("another") is None


def test_shipped_weights_trust_a_page_on_the_matter_more() -> None:
    shipped = _shipped()
    assert shipped.probability(QUESTION, FITTING) > 0.6
    assert shipped.probability(QUESTION, FOREIGN) < 0.1


def test_probability_follows_the_share_of_questions_that_have_an_answer() -> None:
    shipped = _shipped()
    known = [shipped.probability(QUESTION, FITTING, share=share) for share in (0.2, 0.5, 0.8)]
    assert known == sorted(known)


def test_fit_finds_what_tells_cases_apart_and_is_calibrated() -> None:
    chance = np.random.default_rng(0)
    signals = chance.normal(size=(2_000, len(SIGNALS)))
    truth = chance.random(2_000) < 1 / (1 + np.exp(-2 * signals[:, 3]))
    model = fit(signals, truth, np.ones(2_000), embedder="e", ridge=0.1)
    assert model.weights[3] == pytest.approx(2, abs=0.3)
    probability = np.array([model.of_signals(each) for each in signals])
    assert calibration_error(probability, truth) < 0.03


def test_calibrating_keeps_the_order_and_makes_the_probabilities_come_true() -> None:
    chance = np.random.default_rng(1)
    signals = chance.normal(size=(2_000, len(SIGNALS)))
    truth = chance.random(2_000) < 1 / (1 + np.exp(-signals[:, 0] - 1))
    sure = msgspec.structs.replace(
        _shipped(), weights=(5.0, *[0.0] * (len(SIGNALS) - 1)), offset=-3.0
    )
    model = calibrate(sure, signals, truth, np.ones(2_000))
    probability = np.array([model.of_signals(each) for each in signals])
    assert calibration_error(probability, truth) < 0.04
    assert (np.argsort(probability) == np.argsort(signals[:, 0])).all()


def test_auroc_counts_ties_half() -> None:
    truth = np.array([False, True, False, True])
    assert auroc(np.array([0.1, 0.2, 0.3, 0.4]), truth) == 0.75
    assert auroc(np.ones(4), truth) == 0.5


def test_one_conversation_is_never_in_two_folds() -> None:
    groups = [f"conversation-{n % 20}" for n in range(100)]
    folds = grouped_folds(groups)
    assert len({(group, fold) for group, fold in zip(groups, folds, strict=True)}) == 20
    assert set(folds) == set(range(5))


@pytest.mark.parametrize(("share", "expected"), [(0.0, 0.0), (1.0, 1.0)])
def test_where_nothing_or_all_is_answered_that_is_the_answer(share: float, expected: float) -> None:
    assert _shipped().probability(QUESTION, FITTING, share=share) == expected


@pytest.mark.parametrize("share", [-0.1, 1.1, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(ValueError, match="from 0 to 1"):
        _shipped().probability(QUESTION, FITTING, share=share)
