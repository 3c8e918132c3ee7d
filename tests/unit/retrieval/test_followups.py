"""Follow-ups: what of a conversation is searched for."""

from __future__ import annotations

from collections.abc import Sequence

from fingerpost_retrieval import Exchange, PastExchange
from fingerpost_retrieval.abbreviations import spelt_out
from fingerpost_retrieval.followups import ANSWER_WORDS, forms_of

HISTORY = [
    PastExchange("What is a Blue Badge?", "It lets you park closer."),
    PastExchange("How do I get one?", "Apply to your council."),
]


class Rewrites:
    """Puts the topic of the first question after the last one."""

    def rewrite(self, question: str, history: Sequence[Exchange]) -> str:
        return f"{question} ({history[0].question})"


def test_a_first_question_has_one_form() -> None:
    assert forms_of("What is it?", ()) == ("What is it?",)


def test_a_follow_up_is_searched_for_after_the_last_exchange_and_alone() -> None:
    assert forms_of("How long does it take?", HISTORY) == (
        "How do I get one? Apply to your council. How long does it take?",
        "How long does it take?",
    )


def test_of_a_long_answer_only_the_beginning_counts() -> None:
    context, _ = forms_of("And then?", [PastExchange("How?", "word " * 500)])
    assert context.count("word") == ANSWER_WORDS


def test_a_rewriter_s_question_takes_the_place_of_both() -> None:
    assert forms_of("How long?", HISTORY, Rewrites()) == ("How long? (What is a Blue Badge?)",)


def test_abbreviations_are_spelt_out_after_the_question() -> None:
    assert spelt_out("does uc affect PIP?") == (
        "does uc affect PIP? Universal Credit Personal Independence Payment"
    )


def test_words_that_only_look_like_abbreviations_are_left_alone() -> None:
    for question in ("an apple pip", "the sap of a tree", "Universal Credit", "nice weather"):
        assert spelt_out(question) == question


def test_what_is_spelt_out_already_is_not_repeated() -> None:
    assert spelt_out("UC (Universal Credit)") == "UC (Universal Credit)"
