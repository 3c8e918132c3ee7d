"""Sentences of an answer stand together where they belong together."""

from __future__ import annotations

from fingerpost_assistant.events import SentenceEvent
from fingerpost_gateway.pages.answers import answer_blocks
from fingerpost_gateway.pages.contacts import with_contact_links
from fingerpost_gateway.pages.quotes import Stretch, marked


def forms(*sentences: SentenceEvent) -> list[tuple[str, int]]:
    return [(block.form, len(block.sentences)) for block in answer_blocks(sentences)]


def said(text: str, *citations: str, label: str = "", block: str = "paragraph") -> SentenceEvent:
    return SentenceEvent(text=text, citations=citations, label=label, block=block)


def test_sentences_of_one_source_are_a_paragraph() -> None:
    assert forms(said("A.", "1"), said("B.", "1"), said("C.", "2")) == [
        ("paragraph", 2),
        ("paragraph", 1),
    ]


def test_a_sentence_without_a_source_stands_alone() -> None:
    assert forms(said("Call 999."), said("You are not alone.")) == [
        ("paragraph", 1),
        ("paragraph", 1),
    ]


def test_items_of_several_sources_are_one_list() -> None:
    assert forms(said("a", "1", block="item"), said("b", "2", block="item")) == [("item", 2)]


def test_rows_with_the_same_headers_are_one_table() -> None:
    rows = [said("Nation: Wales; Fee: £0", "1", block="row") for _ in range(3)]
    other = said("Age: 60; Fee: £0", "1", block="row")
    assert forms(*rows, other) == [("row", 3), ("row", 1)]


def test_sentences_are_numbered_across_blocks() -> None:
    said_so = [said("A.", "1"), said("b", "1", block="item"), said("C.", "1")]
    blocks = answer_blocks(said_so)
    assert [each.number for block in blocks for each in block.sentences] == [1, 2, 3]


def test_what_the_answer_uses_is_marked_in_the_passage() -> None:
    assert marked("One. Two. Three.", ["Two."]) == (
        Stretch("One. ", used=False),
        Stretch("Two.", used=True),
        Stretch(" Three.", used=False),
    )


def test_a_sentence_with_a_label_begins_a_paragraph() -> None:
    assert forms(said("A.", "1"), said("B.", "1", label="Wales"), said("C.", "1")) == [
        ("paragraph", 1),
        ("paragraph", 2),
    ]


def test_a_label_does_not_part_a_table_from_its_rows() -> None:
    rows = [
        said("Age: 60; Fee: £0", "1", label="Wales", block="row"),
        said("Age: 5; Fee: £0", "1", block="row"),
    ]
    (block,) = answer_blocks(rows)
    assert [list(sentence.cells) for sentence in block.sentences] == [["Age", "Fee"]] * 2


def test_a_sentence_that_is_not_in_the_passage_marks_nothing() -> None:
    assert marked("One.", ["Two.", ""]) == (Stretch("One.", used=False),)


def test_a_passage_shows_items_and_rows_as_a_reader_expects() -> None:
    (stretch,) = marked("- a\n  - b\n\n| Fee: £1", [])
    assert stretch.text == "• a\n  • b\n\nFee: £1"


def test_contacts_in_fixed_texts_can_be_tapped() -> None:
    linked = with_contact_links("Call 116 123 or 0808 808 8000, see www.gov.uk/contact.")
    assert '<a href="tel:116123">116 123</a>' in linked
    assert '<a href="tel:08088088000">0808 808 8000</a>' in linked
    assert '<a href="https://www.gov.uk/contact">www.gov.uk/contact</a>.' in linked


def test_everything_beside_contacts_is_escaped() -> None:
    assert with_contact_links("<b> 999 </b>") == ('&lt;b&gt; <a href="tel:999">999</a> &lt;/b&gt;')


def test_amounts_are_no_telephone_numbers() -> None:
    assert "<a" not in with_contact_links("£1119 in 1999, form P999A, 0.5% of 20 000")
