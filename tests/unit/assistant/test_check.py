"""Only what stands in a cited passage is shown."""

from __future__ import annotations

import pytest
from guidance_doubles import passage

from fingerpost_assistant.check import QuotationCheck
from fingerpost_serving import AnswerSentence, Quotation

PAGE = passage(
    "You must pay £94.50\nonline. Call 0300 222 0000.\n\n"
    "You can get this payment if you are under 66, e.g. in a job.\n\nWhat you need:\n\n"
    "- a photo\n- a card\n\n| Age: 16; Price: £57\n\n1. Pay.\n\nNorthern Ireland\n\nIt is free.",
    heading=("What is not covered", "Scotland"),
)
OTHER = passage("It is free in Wales.", path="/wales")


def fault(text: str, *evidence: int, label: str = "") -> str | None:
    quotations = tuple(Quotation(evidence=place, text=text) for place in evidence)
    sentence = AnswerSentence(text=text, quotations=quotations, label=label)
    return QuotationCheck().fault(sentence, [PAGE, OTHER])


@pytest.mark.parametrize(
    "text",
    [
        "You must pay £94.50 online.",
        "a photo",
        "Call 0300 222 0000.",
        " a  card ",
        "What you need:",
        "Age: 16; Price: £57",
        "| Age: 16; Price: £57",
        "Pay.",
        "You must pay £94.50 online. Call 0300 222 0000.",
    ],
)
def test_sentence_of_its_passage_is_shown(text: str) -> None:
    assert fault(text, 0) is None


@pytest.mark.parametrize(
    ("text", "evidence", "reason"),
    [
        ("You must pay £95.40 online.", (0,), "not_in_citation"),
        ("Call 0300 222 0001.", (0,), "not_in_citation"),
        ("See www.example.org.", (0,), "not_in_citation"),
        ("It is free in Wales.", (0,), "not_in_citation"),
        ("You must pay £94.50 online.", (), "no_citation"),
        ("You must pay £94.50 online.", (7,), "unknown_citation"),
        ("You must pay £94.50 online.", (-1,), "unknown_citation"),
        ("You can get this payment", (0,), "torn_from_citation"),
        ("You can get this payment if you are under 66, e.g.", (0,), "torn_from_citation"),
        ("you are under 66, e.g. in a job.", (0,), "torn_from_citation"),
        ("in a job.", (0,), "torn_from_citation"),
        ("Price: £57", (0,), "torn_from_citation"),
        ("a ph", (0,), "torn_from_citation"),
        ("  ", (0,), "empty"),
    ],
)
def test_other_sentence_is_withheld(text: str, evidence: tuple[int, ...], reason: str) -> None:
    assert fault(text, *evidence) == reason


def test_one_of_several_citations_is_enough() -> None:
    assert fault("It is free in Wales.", 0, 1) is None


def test_label_must_be_a_heading_of_the_passage() -> None:
    assert fault("a photo", 0, label="Scotland") is None
    assert fault("It is free.", 0, label="Northern Ireland") is None
    for label in ("Wales", "not", "What is", "covered"):
        assert fault("a photo", 0, label=label) == "unknown_label"


def test_words_that_are_whole_in_one_place_may_be_torn_in_another() -> None:
    twice = passage("You can apply if you can drive.\n\n- if you can drive\n- you can drive")
    sentence = AnswerSentence(text="you can drive", quotations=(Quotation(0, "you can drive"),))
    assert QuotationCheck().fault(sentence, [twice]) is None
