"""Whether to answer, to ask back or to decline, from the signs of the best hits."""

from __future__ import annotations

import logging

import pytest
from guidance_doubles import hit, passage

from fingerpost_assistant.decide import (
    MINILM,
    WORDS_ALONE,
    Action,
    Decider,
    thresholds_for,
)
from fingerpost_assistant.topic import is_keywords, topic_words
from fingerpost_retrieval.answerability import SIGNALS, Answerability

SIMILAR = Answerability(
    embedder=MINILM.embedder,
    signals=tuple(SIGNALS),
    weights=tuple(8.0 if name == "similarity" else 0.0 for name in SIGNALS),
    offset=-4.0,
)
"""Trusts the cosine alone."""

RENEW = passage("You can renew an adult passport online. It costs £94.50.")
OTHERS = [passage(f"Something on topic {n}.", path=f"/p{n}", title=f"Page {n}") for n in range(4)]


def test_close_hits_of_one_page_are_answered_from() -> None:
    decision = Decider(MINILM).judge("How do I renew a passport?", [hit(RENEW, 0.7)] * 3)
    assert decision.action is Action.ANSWER


def test_distant_hits_of_many_pages_are_not() -> None:
    hits = [hit(each, 0.4) for each in OTHERS]
    assert Decider(MINILM).judge("Who won the cup final?", hits).action is Action.DECLINE


def test_probability_of_an_answer_is_recorded_where_it_was_fitted() -> None:
    decider = Decider(MINILM, SIMILAR)
    close = decider.judge("How do I renew a passport?", [hit(RENEW, 0.7)] * 3).probability
    distant = decider.judge("Who won the cup final?", [hit(each, 0.1) for each in OTHERS])
    assert close is not None
    assert distant.probability is not None
    assert distant.probability < 0.5 < close


def test_no_probability_is_given_for_guidance_in_a_language_it_was_not_fitted_on() -> None:
    decider = Decider(MINILM, SIMILAR)
    welsh = passage("Gallwch adnewyddu pasbort ar-lein.", locale="cy")
    assert decider.judge("Sut mae adnewyddu pasbort?", [hit(welsh)]).probability is None
    assert Decider(MINILM).judge("Renew a passport?", [hit(RENEW)]).probability is None


def test_nothing_found_is_declined() -> None:
    assert Decider(MINILM).judge("How do I renew a passport?", []).action is Action.DECLINE


def test_question_without_a_topic_is_asked_back() -> None:
    decision = Decider(MINILM).judge("How much do I have to pay?", [hit(RENEW)])
    assert decision.action is Action.ASK_WHAT


def test_a_keyword_of_many_pages_is_asked_back() -> None:
    pages = [passage("On a passport.", path=f"/p{n}", title=f"Passport {n}") for n in range(4)]
    hits = [hit(each) for each in pages]
    assert Decider(MINILM).judge("passport", hits).action is Action.ASK_WHICH


def test_a_keyword_of_one_page_is_answered() -> None:
    assert Decider(MINILM).judge("renew passport", [hit(RENEW)] * 5).action is Action.ANSWER


def test_without_an_embedder_shared_words_decide() -> None:
    hits = [hit(RENEW, None)] * 3
    decider = Decider(WORDS_ALONE)
    assert decider.judge("Can I renew my adult passport online?", hits).action is Action.ANSWER
    assert decider.judge("Who won the cup final?", hits).action is Action.DECLINE


def test_guidance_in_a_language_the_embedder_does_not_know_is_judged_by_words() -> None:
    welsh = passage("Gallwch adnewyddu pasbort ar-lein.", locale="cy")
    hits = [hit(welsh, 0.9)] * 3
    assert Decider(MINILM).judge("Pwy enillodd y rygbi?", hits).action is Action.DECLINE


def test_thresholds_are_refused_to_an_embedder_they_were_not_measured_for(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.WARNING):
        assert thresholds_for("another") is WORDS_ALONE
    assert "No thresholds were measured" in caplog.text


def test_thresholds_of_the_shipped_embedder_are_found() -> None:
    assert thresholds_for(MINILM.embedder) is MINILM
    assert thresholds_for("") is WORDS_ALONE


@pytest.mark.parametrize("text", ["Can I claim?", "How do I apply for it?", "Faint fydd hyn?"])
def test_vague_question_names_no_topic(text: str) -> None:
    assert not topic_words(text)


@pytest.mark.parametrize(
    "text", ["Can I claim PIP?", "V62", "How do I get an NI number?", "EU visa"]
)
def test_question_with_a_noun_topic_words(text: str) -> None:
    assert topic_words(text)


def test_keywords_are_no_question() -> None:
    assert is_keywords("council tax discount")
    assert not is_keywords("what is council tax")
    assert not is_keywords("passport?")
