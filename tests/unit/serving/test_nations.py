"""What holds for one nation is not shown as if it held for all."""

from __future__ import annotations

import pytest

from fingerpost_serving import AnswerSentence, ExtractiveAnswerer, UnknownNation
from fingerpost_serving.nations import ALL_NATIONS, nations_named, nations_of

from .conftest import Passage, PassageOf


def answer(
    answerer: ExtractiveAnswerer, question: str, *evidence: Passage, nation: str | None = None
) -> tuple[AnswerSentence, ...]:
    return answerer.answer(question, evidence, nation=nation).sentences


@pytest.mark.parametrize(
    ("text", "nations"),
    [
        ("Call us if you live in Scotland.", {"scotland"}),
        ("England and Wales", {"england", "wales"}),
        ("Yng Nghymru a Gogledd Iwerddon", {"wales", "northern-ireland"}),
        ("I Gymru neu Loegr", {"wales"}),
        ("Great Britain", {"england", "scotland", "wales"}),
        ("Ask for a form in Welsh.", set()),
        ("New England", {"england"}),
    ],
)
def test_nations_are_found_in_english_and_welsh(text: str, nations: set[str]) -> None:
    assert nations_named(text) == nations


def test_naming_all_nations_sets_no_limit() -> None:
    text = "It is the same in England, Scotland, Wales and Northern Ireland."
    assert nations_named(text) == ALL_NATIONS
    assert nations_of([text, "Scotland"]) == frozenset()


def test_the_nearest_text_that_names_a_nation_sets_the_limit() -> None:
    assert nations_of(["It is free.", "Wales", "England"]) == {"wales"}


def test_heading_that_names_a_nation_is_shown_with_the_sentence(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    evidence = passage("A badge is free of charge.", "Cost", "Wales")
    (sentence,) = answer(quoting, "Is a badge free?", evidence)
    assert sentence.text == "A badge is free of charge."
    assert sentence.label == "Wales"
    assert sentence.quotations[0].text == "A badge is free of charge."


def test_heading_line_inside_a_passage_is_a_label_too(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    (sentence,) = answer(quoting, "Is a badge free?", passage("Scotland\nA badge costs £20 here."))
    assert (sentence.label, sentence.text) == ("Scotland", "A badge costs £20 here.")


def test_label_is_shown_once_for_sentences_that_share_it(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    evidence = passage("A badge costs £10. A badge lasts 3 years.", "England")
    sentences = answer(quoting, "What does a badge cost?", evidence)
    assert [sentence.label for sentence in sentences] == ["England", ""]


@pytest.mark.parametrize(
    "text", ["In Wales a badge is free.", "A badge is free in England and Wales."]
)
def test_sentence_that_names_its_nation_needs_no_label(
    quoting: ExtractiveAnswerer, passage: PassageOf, text: str
) -> None:
    (sentence,) = answer(quoting, "Is a badge free?", passage(text, "England and Wales"))
    assert sentence.label == ""


def test_item_in_mid_sentence_without_a_lead_in_gets_its_heading(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    evidence = passage("- people over 60 with a badge", "Who can apply")
    (sentence,) = answer(quoting, "Who can get a badge?", evidence)
    assert (sentence.label, sentence.text) == ("Who can apply", "people over 60 with a badge")


TWO_NATIONS = "In England a badge costs £10.\n\nIn Scotland a badge costs £20."


def test_question_about_one_nation_is_not_answered_for_another(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    (sentence,) = answer(quoting, "What is a badge in Scotland?", passage(TWO_NATIONS))
    assert sentence.text == "In Scotland a badge costs £20."


def test_nation_of_the_asker_counts_when_the_question_names_none(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    sentences = answer(quoting, "What is a badge?", passage(TWO_NATIONS), nation="scotland")
    assert [sentence.text for sentence in sentences] == ["In Scotland a badge costs £20."]


def test_nation_in_the_question_goes_before_the_asker_s(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    question = "What is a badge in England?"
    sentences = answer(quoting, question, passage(TWO_NATIONS), nation="scotland")
    assert [sentence.text for sentence in sentences] == ["In England a badge costs £10."]


def test_nation_that_is_none_of_the_four_is_refused(
    quoting: ExtractiveAnswerer, passage: PassageOf
) -> None:
    with pytest.raises(UnknownNation, match=r"'Scotland'.*northern-ireland"):
        quoting.answer("What is a badge?", [passage(TWO_NATIONS)], nation="Scotland")
