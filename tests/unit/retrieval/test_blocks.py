"""Sections taken apart into sentences, lists and tables."""

from __future__ import annotations

import pytest

from fingerpost_retrieval._blocks import blocks, joined, sentences


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("One. Two? Three!", ["One.", "Two?", "Three!"]),
        ("Ask Mr. Jones or Dr. Smith. They know.", ["Ask Mr. Jones or Dr. Smith.", "They know."]),
        ("Use a form, e.g. Form SA100. Send it.", ["Use a form, e.g. Form SA100.", "Send it."]),
        ("Pay £1.50 on www.gov.uk today.", ["Pay £1.50 on www.gov.uk today."]),
        ("Open until 5 p.m. on weekdays.", ["Open until 5 p.m. on weekdays."]),
        ("He said “stop.” She went on.", ["He said “stop.”", "She went on."]),
        ("Mae'n agored. Ŵyn sydd yma.", ["Mae'n agored. Ŵyn sydd yma."]),
        ("no full stop", ["no full stop"]),
    ],
)
def test_sentences(line: str, expected: list[str]) -> None:
    assert list(sentences(line)) == expected


def test_a_list_keeps_the_sentence_that_introduces_it() -> None:
    prose, items = blocks("You may get help. You must:\n\n- be 18\n- live here\n\nAsk us.")[:2]
    assert [unit.text for unit in prose.units] == ["You may get help."]
    assert [unit.text for unit in items.units] == ["You must:", "- be 18", "- live here"]
    assert items.has_lead_in


def test_the_items_of_a_list_may_follow_without_a_blank_line() -> None:
    (items,) = blocks("You must:\n- be 18\n  - or 16 with consent\n- live here")
    assert joined(items.units) == "You must:\n- be 18\n  - or 16 with consent\n- live here"


def test_a_table_is_one_block() -> None:
    (rows,) = blocks("| Age: 18; Fee: £10\n| Age: 60; Fee: free")
    assert len(rows.units) == 2
    assert not rows.has_lead_in


def test_paragraphs_are_blocks_and_an_address_keeps_its_lines() -> None:
    first, address = blocks("Write to us.\n\nPassport Office\nPO Box 1\nDurham")
    assert joined(first.units) == "Write to us."
    assert joined(address.units) == "Passport Office\nPO Box 1\nDurham"


@pytest.mark.parametrize(
    "text",
    [
        "A. B! C?\n\nD:\n\n- e\n- f\n\n| g\n| h\n\n1. i\n2. j",
        "One line\nanother: \n- item\nprose again. And more.",
    ],
)
def test_nothing_is_lost(text: str) -> None:
    rejoined = "\n\n".join(joined(block.units) for block in blocks(text))
    assert rejoined.split() == text.split()
