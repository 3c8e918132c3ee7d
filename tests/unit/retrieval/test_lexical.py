"""BM25 weights that suit the language of the text."""

from __future__ import annotations

import pytest

from fingerpost_retrieval.lexical import LexicalEncoder


@pytest.fixture(scope="module")
def encoder() -> LexicalEncoder:
    return LexicalEncoder()


def shared(encoder: LexicalEncoder, question: str, text: str, locale: str) -> int:
    terms = set(encoder.query(question, None).indices)
    return len(terms & set(encoder.document(text, locale).indices))


def test_english_is_stemmed(encoder: LexicalEncoder) -> None:
    assert shared(encoder, "renewing passports", "Renew your passport", "en") == 2
    assert shared(encoder, "renewing passports", "Renew your passport", "en-GB") == 2


def test_welsh_words_stay_whole_and_are_found_without_their_accents(
    encoder: LexicalEncoder,
) -> None:
    text = "Trwyddedau gyrru: costau tŷ a dŵr"
    assert shared(encoder, "trwyddedau", text, "cy") == 1
    assert shared(encoder, "costau dwr ty", text, "cy") == 3
    assert shared(encoder, "costau dŵr tŷ", text, "cy") == 3


def test_words_that_both_languages_use_for_grammar_match_nothing(encoder: LexicalEncoder) -> None:
    assert shared(encoder, "am I the a yn y i o", "Rwyf i am fynd o yn y the a am", "cy") == 0


def test_a_question_in_a_known_language_has_terms_of_that_language_alone(
    encoder: LexicalEncoder,
) -> None:
    both = set(encoder.query("driving licences", None).indices)
    english = set(encoder.query("driving licences", "en").indices)
    welsh = set(encoder.query("driving licences", "cy").indices)
    assert english | welsh == both
    assert english != welsh


def test_a_question_of_any_length_has_a_bounded_number_of_terms(encoder: LexicalEncoder) -> None:
    question = " ".join(f"word{number}" for number in range(50_000))
    assert len(encoder.query(question, None).indices) < 3_000


@pytest.mark.parametrize("text", ["", "\ud800", "\x00\x00", "?!"])
def test_texts_without_words_have_no_terms(encoder: LexicalEncoder, text: str) -> None:
    assert encoder.query(text, None).indices == []
    assert encoder.document(text, "en").indices == []
