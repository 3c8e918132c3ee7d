"""Words are compared without a dictionary of any language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_serving.figures import asks_for_figure, has_figure
from fingerpost_serving.words import content_stems, coverage, rarity, stem, tokens


@pytest.mark.parametrize(
    "words",
    [
        ("claim", "claims", "claimed", "claiming"),
        ("eligible", "eligibility"),
        ("apply", "applies", "applied"),
        ("supervise", "supervising"),
        ("presgripsiwn", "presgripsiynau"),
    ],
)
def test_inflections_share_a_stem(words: tuple[str, ...]) -> None:
    assert len({stem(word) for word in words}) == 1


def test_amounts_are_the_same_with_and_without_commas() -> None:
    assert tokens("£25,000") == tokens("25000 pounds")[:1]


def test_apostrophes_are_the_same_in_both_forms() -> None:
    assert tokens("carer\u2019s") == tokens("carer's")


@pytest.mark.parametrize(
    ("question", "content"),
    [("How do I get a passport?", {"passp"}), ("Sut ydw i'n cael pasbort?", {"cael", "pasbo"})],
)
def test_grammar_is_left_out_in_english_and_welsh(question: str, content: set[str]) -> None:
    assert content_stems(question) <= content
    assert content_stems(question)


def test_question_of_grammar_alone_keeps_its_words() -> None:
    assert content_stems("Who are you?")


def test_words_that_stand_everywhere_weigh_least() -> None:
    weights = rarity([frozenset({"pay", "tax"}), frozenset({"pay"})], {"pay", "tax", "dog"})
    assert weights["pay"] < weights["tax"] < weights["dog"] == 1


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_coverage_is_a_share(terms: set[str], words: set[str]) -> None:
    share = coverage(dict.fromkeys(terms, 0.5), words)
    assert 0 <= share <= 1
    assert not terms or (share == 1) == (terms <= words)


@pytest.mark.parametrize(
    "question", ["How much is it?", "When do I pay?", "Faint yw hwn?", "Pa mor hir mae'n cymryd?"]
)
def test_questions_for_a_figure_are_known(question: str) -> None:
    assert asks_for_figure(question)
    assert not asks_for_figure("Can I appeal?")


@pytest.mark.parametrize("text", ["It costs £5.", "It is free.", "By 3 Mai.", "Mae am ddim."])
def test_figures_are_known(text: str) -> None:
    assert has_figure(text)
    assert not has_figure("You can appeal.")
