"""A question is cleaned, bounded and freed of personal data before anything else sees it."""

from __future__ import annotations

import pytest

from fingerpost_assistant.errors import EmptyQuestion, QuestionTooLong
from fingerpost_assistant.prepare import MAX_CHARACTERS, MAX_EXCHANGES, prepare
from fingerpost_assistant.question import AskedQuestion, Exchange, PreparedQuestion
from fingerpost_assistant.redact import Redactor


def prepared(text: str, *history: Exchange) -> PreparedQuestion:
    return prepare(AskedQuestion(text=text, history=history), Redactor())


@pytest.mark.parametrize("text", ["", "  \n\t ", "\u200b\u2066", "\x00\x07", "\ud800"])
def test_question_without_visible_text_is_refused(text: str) -> None:
    with pytest.raises(EmptyQuestion, match="write what you would like to know"):
        prepared(text)


@pytest.mark.parametrize("text", ["a" * 100_000, "\ufdfa" * 3_000])
def test_question_that_is_too_long_is_refused_with_the_limit(text: str) -> None:
    with pytest.raises(QuestionTooLong, match="4,000"):
        prepared(text)


def test_question_at_the_limit_is_accepted() -> None:
    assert len(prepared("a" * MAX_CHARACTERS).text) == MAX_CHARACTERS


def test_markup_and_sql_are_left_as_they_are() -> None:
    text = "<b>passport</b>'; DROP TABLE users; --"
    assert prepared(text).text == text


def test_personal_data_of_earlier_exchanges_is_replaced_but_not_reported() -> None:
    question = prepared(
        "And for b@example.org?", Exchange("I am a@example.org", "Write to c@example.org")
    )
    assert question.text == "And for [EMAIL-1]?"
    assert question.history == (Exchange("I am [EMAIL-2]", "Write to [EMAIL-3]"),)
    assert question.removed == ("email",)
    assert question.placeholders["[EMAIL-1]"] == "b@example.org"


def test_kinds_are_those_of_the_question_alone() -> None:
    assert prepared("Is it free?", Exchange("I am a@example.org", "Yes")).removed == ()


def test_only_the_last_exchanges_are_kept() -> None:
    history = tuple(Exchange(f"question {n}", "answer") for n in range(20))
    assert prepared("And then?", *history).history == history[-MAX_EXCHANGES:]
