"""Evidence is cut into sentences, list items and table rows that can be quoted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from fingerpost_serving import Block
from fingerpost_serving.units import LONGEST_UNIT, MOST_UNITS, Unit, units_of

from .conftest import Passage, PassageOf


def cut(text: str) -> list[Unit]:
    return units_of([Passage("Title", (), text)])


def test_items_lose_their_markers_and_know_their_lead_in() -> None:
    lead_in, first, second = cut("You need:\n\n- a photo\n- proof of address")
    assert (first.text, second.text) == ("a photo", "proof of address")
    assert first.block is second.block is Block.ITEM
    assert first.lead_in == second.lead_in == 0
    assert lead_in.introduces


def test_lead_in_is_counted_over_all_the_evidence(passage: PassageOf) -> None:
    units = units_of([passage("One. Two."), passage("You need:\n- a photo")])
    assert units[3].lead_in == 2


def test_sentence_before_a_list_that_does_not_lead_in_stays_alone() -> None:
    sentence, item = cut("Applying is free.\n\n- Call us.")
    assert not sentence.introduces
    assert item.lead_in is None


def test_numbered_steps_and_bullets_are_two_lists() -> None:
    step, bullet = cut("1. Register.\n- a photo")
    assert step.ordered
    assert not bullet.ordered
    assert step.run != bullet.run


def test_rows_of_a_table_are_units_with_their_headers() -> None:
    first, second = cut("| Age: under 11; Rate: £200\n| Age: 11 or over; Rate: £250")
    assert first.text == "Age: under 11; Rate: £200"
    assert second.block is Block.ROW


def test_lines_of_an_address_stay_together() -> None:
    (unit,) = cut("HM Revenue and Customs\nBX9 1AS\nUnited Kingdom")
    assert unit.text.count("\n") == 2


def test_heading_line_of_a_joint_passage_is_not_quoted_but_remembered() -> None:
    heading, sentence = cut("Scotland\nApply to Social Security Scotland.")
    assert not heading.quotable
    assert sentence.text == "Apply to Social Security Scotland."
    assert sentence.heading == "Scotland"


def test_words_of_a_link_are_not_quotable() -> None:
    (unit,) = cut("Start now")
    assert not unit.quotable


def test_lead_in_without_its_list_is_not_quotable() -> None:
    (unit,) = cut("You can only apply if:")
    assert not unit.quotable


def test_sentence_that_nobody_could_read_is_not_quotable() -> None:
    (unit,) = cut("word " * LONGEST_UNIT)
    assert not unit.quotable


def test_endless_list_is_cut_off() -> None:
    assert len(cut("- a\n" * 10_000)) == MOST_UNITS


@given(st.lists(st.text(alphabet="aB1.:-|•* \n\r\u2028;£", max_size=60), max_size=4))
def test_every_unit_is_the_text_at_its_place(texts: list[str]) -> None:
    evidence = [Passage("Title", (), text) for text in texts]
    for unit in units_of(evidence):
        assert evidence[unit.evidence].text[unit.start : unit.end] == unit.text
        assert unit.text.strip() == unit.text != ""
