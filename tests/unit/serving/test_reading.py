"""Reading a model's answer while it is written."""

from __future__ import annotations

import random
import time

import pytest

from fingerpost_serving import AnswerReader, Block, MarkedSentence


def read(text: str, passages: int = 8, whole: bool = True) -> list[MarkedSentence]:
    reader = AnswerReader(passages)
    return [*reader.feed(text), *reader.end(whole=whole)]


def pairs(text: str, passages: int = 8) -> list[tuple[str, tuple[int, ...]]]:
    return [(each.text, each.marks) for each in read(text, passages)]


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("You can apply [1]. It is free [2].", [("You can apply.", (1,)), ("It is free.", (2,))]),
        ("You can apply. [1] It is free.[2]", [("You can apply.", (1,)), ("It is free.", (2,))]),
        ("You can apply [1][3]. It is free [2, 4].", [("You can apply.", (1, 3)), ("It is free.", (2, 4))]),
        ("You can apply 【1†source】.", [("You can apply.", (1,))]),
        ("You can apply [passage 2].", [("You can apply.", (2,))]),
        ("You can apply [^2].", [("You can apply.", (2,))]),
        ("You can apply [1-3].", [("You can apply.", (1, 2, 3))]),
        ("A form [1] and a photo [2] are needed.", [("A form and a photo are needed.", (1, 2))]),
        ("It costs £1.50 or 2.5% of it [1]. Pay at 9 a.m. [2]", [("It costs £1.50 or 2.5% of it.", (1,)), ("Pay at 9 a.m.", (2,))]),
        ("Ask Dr. Jones or e.g. a nurse [1]. Then go [2].", [("Ask Dr. Jones or e.g. a nurse.", (1,)), ("Then go.", (2,))]),
        ("See www.gov.uk for it [1]. Then go [2].", [("See www.gov.uk for it.", (1,)), ("Then go.", (2,))]),
        ("Can you apply? [1] Yes! [2]", [("Can you apply?", (1,)), ("Yes!", (2,))]),
        ("He said “apply now.” [1] Do it [2].", [("He said “apply now.”", (1,)), ("Do it.", (2,))]),
        ("One line [1]\nAnother line [2]", [("One line", (1,)), ("Another line", (2,))]),
        ("One line.\n[1]\nAnother line. [2]", [("One line.", (1,)), ("Another line.", (2,))]),
        ("¿Puedo? [1] Sí, en 2025. [2]", [("¿Puedo?", (1,)), ("Sí, en 2025.", (2,))]),
    ],
)  # fmt: skip
def test_marks_belong_to_the_sentence_before_them(
    written: str, expected: list[tuple[str, tuple[int, ...]]]
) -> None:
    assert pairs(written) == expected


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("Apply at [the office](https://evil.example/x) [1].", "Apply at the office."),
        ("Apply [now](javascript:alert(1)) [1].", "Apply now."),
        ("Apply ![x](https://evil.example/pixel.png)now [1].", "Apply now."),
        ("**Apply** now, `today` [1].", "Apply now, today."),
        ("Apply <a href='https://evil.example'>now</a> [1].", "Apply now."),
        ("Apply now [1](https://evil.example).", "Apply now."),
        ("Apply now<|im_end|> [1].", "Apply now."),
    ],
)
def test_links_and_markup_are_dropped(written: str, shown: str) -> None:
    assert [each.text for each in read(written)] == [shown]


def test_unknown_marks_are_dropped_and_a_sentence_without_any_is_not_passed_on() -> None:
    assert pairs("One [9]. Two [1][9]. Three. Four [0].", passages=2) == [("Two.", (1,))]


def test_sources_listed_at_the_end_are_no_sentences() -> None:
    assert pairs("You can apply [1].\n\nSources:\n[1] Apply for a thing\n[2] Other") == [
        ("You can apply.", (1,))
    ]


def test_headings_are_dropped() -> None:
    assert pairs("## Answer [1]\nYou can apply [1].") == [("You can apply.", (1,))]


def test_list_keeps_its_items_and_the_line_before_it() -> None:
    found = read("You need:\n- a form [2]\n- a photo. [2]\n3. a pen [1]\n")
    assert [(each.text, each.block, each.marks) for each in found] == [
        ("You need:", Block.PARAGRAPH, (2,)),
        ("a form", Block.ITEM, (2,)),
        ("a photo.", Block.ITEM, (2,)),
        ("a pen", Block.ITEM, (1,)),
    ]


def test_line_before_a_list_that_is_not_marked_is_dropped_with_it() -> None:
    assert pairs("You need:\n- a form\n- a photo\nApply now [1].") == [("Apply now.", (1,))]


def test_refusal_is_understood() -> None:
    reader = AnswerReader(3)
    assert reader.feed("NO ANS") + reader.feed("WER") + reader.end() == []
    assert reader.refused


def test_half_a_sentence_is_not_shown_when_the_stream_breaks_off() -> None:
    text = "You can apply [1]. You cannot apply unless you are"
    assert [each.text for each in read(text, whole=False)] == ["You can apply."]
    assert [each.text for each in read("You can apply [1].", whole=False)] == ["You can apply."]


def test_sentence_comes_as_soon_as_the_next_begins() -> None:
    reader = AnswerReader(3)
    assert reader.feed("You can apply [1]") == []
    assert reader.feed(".") == []
    assert reader.feed(" ") == []
    assert [each.text for each in reader.feed("I")] == ["You can apply."]


def test_marked_line_comes_with_its_end() -> None:
    reader = AnswerReader(3)
    assert [each.text for each in reader.feed("You can apply [1].\n")] == ["You can apply."]


ANSWER = (
    "You must apply within 28 days [2]. It costs £1,000.50 a year. [1][3] You need:\n"
    "- a form (e.g. P45) [1]\n- two photos [2, 3].\n\nAsk Dr. Jones! [4] **Or** not… [5]\n"
    "Call 0300 123 4567 [passage 6]. No mark here. See [this](http://a.b/c) [1]."
)


def test_same_sentences_come_however_the_text_is_cut() -> None:
    expected = read(ANSWER)
    assert len(expected) == 9
    chance = random.Random(5)
    for _ in range(300):
        reader, found, rest = AnswerReader(8), [], ANSWER
        while rest:
            size = chance.choice([1, 1, 2, 3, 5, 8, 30])
            found += reader.feed(rest[:size])
            rest = rest[size:]
        assert [*found, *reader.end()] == expected


@pytest.mark.parametrize(
    "text",
    ["a" * 200_000, "." * 200_000, "[" * 200_000, "[1" * 100_000, "a. " * 20_000, "\n" * 200_000,
     "a\n" * 30_000, "](" * 100_000, "**" * 100_000, "<" * 200_000, "[1] " * 50_000, "x [1].\n\n " * 20_000],
)  # fmt: skip
def test_no_text_takes_long(text: str) -> None:
    started = time.process_time()
    reader = AnswerReader(8)
    for start in range(0, len(text), 4):
        reader.feed(text[start : start + 4])
    reader.end()
    assert time.process_time() - started < 6


def test_runaway_sentence_is_not_shown_and_the_next_one_is() -> None:
    assert pairs("word " * 400 + "[1]. You can apply [2].") == [("You can apply.", (2,))]
