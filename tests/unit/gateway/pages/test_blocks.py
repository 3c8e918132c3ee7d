"""The plain block format becomes paragraphs, lists and tables, and nothing of it is lost."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fingerpost_gateway.pages.blocks import Item, ItemList, Paragraph, parse_blocks
from fingerpost_gateway.pages.rows import WIDEST_TABLE, Table, cells_of, table_of


def test_blank_lines_separate_paragraphs() -> None:
    assert parse_blocks("One.\n\nTwo.") == (Paragraph(("One.",)), Paragraph(("Two.",)))


def test_an_address_keeps_its_lines() -> None:
    assert parse_blocks("Tax Office\nCardiff") == (Paragraph(("Tax Office", "Cardiff")),)


def test_items_become_a_list() -> None:
    assert parse_blocks("- a\n- b") == (ItemList(ordered=False, items=(Item("a"), Item("b"))),)


def test_numbers_become_an_ordered_list() -> None:
    (block,) = parse_blocks("1. first\n2. second")
    assert isinstance(block, ItemList)
    assert block.ordered


def test_a_list_within_a_list_belongs_to_the_item_above_it() -> None:
    (block,) = parse_blocks("- a\n  1. a1\n  2. a2\n- b")
    inner = ItemList(ordered=True, items=(Item("a1"), Item("a2")))
    assert block == ItemList(ordered=False, items=(Item("a", (inner,)), Item("b")))


def test_a_lead_in_and_its_list_in_one_block_are_told_apart() -> None:
    lead_in, items = parse_blocks("You need:\n- a passport\n- a photo")
    assert lead_in == Paragraph(("You need:",))
    assert isinstance(items, ItemList)


def test_a_table_has_its_headers_once() -> None:
    (block,) = parse_blocks("| Nation: Wales; Fee: £0\n| Nation: England; Fee: £9.90")
    assert block == Table(("Nation", "Fee"), (("Wales", "£0"), ("England", "£9.90")))


def test_a_cell_that_was_left_out_is_empty_in_its_column() -> None:
    table = table_of(["Nation: Wales; Fee: £0", "Nation: England; Age: 60; Fee: £9.90"])
    assert table is not None
    assert table.headers == ("Nation", "Age", "Fee")
    assert table.rows == (("Wales", "", "£0"), ("England", "60", "£9.90"))


def test_a_row_of_one_cell_spans_the_table() -> None:
    table = table_of(["Small vans", "Length: 5 m; Fee: £20"])
    assert table == Table(("Length", "Fee"), (("Small vans",), ("5 m", "£20")))


@pytest.mark.parametrize("between", ["\n| ", "; "], ids=["many rows", "one row"])
def test_rows_with_too_many_headers_for_a_table_are_paragraphs(between: str) -> None:
    cells = [f"Header {number}: {number}" for number in range(50_000)]
    blocks = parse_blocks("| " + between.join(cells))
    assert [block.lines for block in blocks if isinstance(block, Paragraph)] == [
        (row,) for row in between.join(cells).split("\n| ")
    ]


def test_a_table_may_be_wide_within_reason() -> None:
    (block,) = parse_blocks(
        "\n".join(f"| Header {number}: {number}; Fee: £1" for number in range(WIDEST_TABLE - 1))
    )
    assert isinstance(block, Table)
    assert len(block.headers) == WIDEST_TABLE


def test_a_value_without_a_header_has_a_column_of_its_own() -> None:
    assert cells_of("Wales; Fee: £0") == {"": "Wales", "Fee": "£0"}


@pytest.mark.parametrize(
    ("row", "cells"),
    [
        ("Opening: Monday; Tuesday; Fee: £1", {"Opening": "Monday; Tuesday", "Fee": "£1"}),
        ("Time: from 10:30; Fee: £1", {"Time": "from 10:30", "Fee": "£1"}),
        ("Fee: £1; Fee: £2", {"": "Fee: £1; Fee: £2"}),
    ],
)
def test_signs_within_values_do_not_end_cells(row: str, cells: dict[str, str]) -> None:
    assert cells_of(row) == cells


def test_lists_nested_without_end_are_read_all_the_same() -> None:
    text = "\n".join("  " * depth + f"- item {depth}" for depth in range(2000))
    (block,) = parse_blocks(text)
    assert words(block)[-2:] == ["item", "1999"]


@given(st.text(alphabet="ab12 -.|;:\n", max_size=120))
def test_no_word_is_lost(text: str) -> None:
    shown = [word for block in parse_blocks(text) for word in words(block)]
    assert sorted(letters(shown)) == sorted(letters(text.split()))


def letters(some: list[str]) -> list[str]:
    return [letter for word in some for letter in word if letter in "ab"]


def words(block: Paragraph | ItemList | Table) -> list[str]:
    if isinstance(block, Paragraph):
        return " ".join(block.lines).split()
    if isinstance(block, Table):
        return " ".join([*block.headers, *(cell for row in block.rows for cell in row)]).split()
    found: list[str] = []
    for item in block.items:
        found += item.text.split()
        for inner in item.inner:
            found += words(inner)
    return found
