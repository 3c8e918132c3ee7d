"""Sentences end where a reader sees them end."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_serving.sentences import sentence_spans


def split(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Some benefits, e.g. Universal Credit, are paid monthly.",
        "A certificate costs £12.50 in all.",
        "Write to Mr. Smith, Dr. Jones or J. Brown.",
        "See para. 12 and No. 10 of the guide.",
        "Apply at www.gov.uk/apply or on GOV.UK today.",
        "It opens at 9 a.m. every day.",
        "Claims start on 6 Apr. 2026 or later.",
        "The U.K. Government pays.",
        "Wait … and then apply.",
        "1. Register first.",
    ],
)
def test_a_full_stop_inside_a_sentence_does_not_end_it(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("You can apply. You must be 18.", ["You can apply.", "You must be 18."]),
        ("It is due in 2027. 5 days later it is late.", None),
        ("Is it free? Yes! It is.", ["Is it free?", "Yes!", "It is."]),
        ("It costs more. £5 is the fee.", ["It costs more.", "£5 is the fee."]),
        ("He said “no.” Then he left.", ["He said “no.”", "Then he left."]),
        ("You can say no. Then it ends.", ["You can say no.", "Then it ends."]),
        ("Look on GOV.UK. You can call too.", ["Look on GOV.UK.", "You can call too."]),
        ("Mae am ddim. Ŵyr neb pryd.", ["Mae am ddim.", "Ŵyr neb pryd."]),
    ],
)
def test_sentences_are_told_apart(text: str, sentences: list[str] | None) -> None:
    if sentences is None:
        assert len(split(text)) == 2
    else:
        assert split(text) == sentences


def test_white_space_alone_has_no_sentence() -> None:
    assert split(" \n\t ") == []


def test_nothing_but_full_stops_takes_no_longer_than_other_text() -> None:
    assert len(split("." * 200_000)) == 1


@given(st.text(alphabet="aZ1.!? \n£“”e.g\u2019", max_size=80))
def test_every_word_stands_in_exactly_one_sentence(text: str) -> None:
    spans = sentence_spans(text)
    assert all(before.end <= after.start for before, after in pairwise(spans))
    assert "".join("".join(split(text)).split()) == "".join(text.split())
