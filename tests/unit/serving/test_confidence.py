"""Confidence belongs to the embedder it was measured with."""

from __future__ import annotations

import logging

import pytest

from fingerpost_serving.confidence import MINILM, WORDS_ALONE, Signs, calibration_for


def test_confidence_rises_with_both_signs() -> None:
    low = MINILM.confidence(Signs(0.2, 0.2))
    assert low < MINILM.confidence(Signs(0.6, 0.2)) < MINILM.confidence(Signs(0.6, 0.9)) < 1


def test_words_alone_take_no_notice_of_cosines() -> None:
    assert WORDS_ALONE.confidence(Signs(0.0, 0.5)) == WORDS_ALONE.confidence(Signs(0.9, 0.5))


def test_embedder_that_nothing_was_measured_for_is_judged_by_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert calibration_for("another-model") is WORDS_ALONE
    assert "confidence_calibration.py" in caplog.text


def test_no_embedder_is_nothing_to_warn_of(caplog: pytest.LogCaptureFixture) -> None:
    assert calibration_for("") is WORDS_ALONE
    assert not caplog.records
