"""Tables come row by row, every value with its header."""

from __future__ import annotations

import pytest

from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.markup import sections_from_html


def rows(html: str) -> list[str]:
    (section,) = sections_from_html(f"<table>{html}</table>")
    return section.text.split("\n")


def test_every_row_names_its_columns() -> None:
    html = (
        "<thead><tr><th>Age</th><th>Rate</th></tr></thead>"
        "<tbody><tr><td>Under 25</td><td>£292</td></tr><tr><td>25 or over</td><td></td></tr></tbody>"
    )
    assert rows(html) == ["| Age: Under 25; Rate: £292", "| Age: 25 or over"]


def test_first_row_of_headers_is_the_head_without_a_thead() -> None:
    assert rows("<tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr>") == ["| A: 1; B: 2"]


def test_row_header_under_an_empty_corner_stands_alone() -> None:
    html = "<tr><th></th><th>2024</th></tr><tr><th scope='row'>Single</th><td>£10</td></tr>"
    assert rows(html) == ["| Single; 2024: £10"]


def test_table_without_headers_gives_its_values() -> None:
    assert rows("<tr><td>1</td><td>2</td></tr><tr><td>3</td></tr>") == ["| 1; 2", "| 3"]


def test_caption_comes_before_the_rows() -> None:
    (section,) = sections_from_html("<table><caption>Rates</caption><tr><td>1</td></tr></table>")
    assert section.text == "Rates\n\n| 1"


def test_spanning_headers_name_all_their_columns() -> None:
    html = (
        "<thead><tr><th rowspan='2'>Kind</th><th colspan='2'>Rate</th></tr>"
        "<tr><th>Weekly</th><th>Yearly</th></tr></thead>"
        "<tr><td>Basic</td><td>£1</td><td>£52</td></tr><tr><td>None</td><td colspan='2'>£0</td></tr>"
    )
    assert rows(html) == [
        "| Kind: Basic; Rate / Weekly: £1; Rate / Yearly: £52",
        "| Kind: None; Rate / Weekly, Rate / Yearly: £0",
    ]


def test_value_that_spans_rows_comes_in_each() -> None:
    html = (
        "<tr><th>Nation</th><th>Form</th></tr><tr><th rowspan='2'>Wales</th><td>A</td></tr>"
        "<tr><td>B</td></tr><tr><td>Scotland</td><td>C</td></tr>"
    )
    assert rows(html) == [
        "| Nation: Wales; Form: A",
        "| Nation: Wales; Form: B",
        "| Nation: Scotland; Form: C",
    ]


def test_span_beyond_a_short_row_stays_in_its_column() -> None:
    html = "<tr><th>A</th><th>B</th><th>C</th></tr><tr><td>1</td><td>2</td><td rowspan='2'>x</td></tr><tr><td>3</td></tr><tr><td>4</td></tr>"
    assert rows(html) == ["| A: 1; B: 2; C: x", "| A: 3; C: x", "| A: 4"]


def test_row_across_the_table_stands_alone() -> None:
    html = "<tr><th>A</th><th>B</th></tr><tr><th colspan='2'>Scotland</th></tr><tr><td>1</td><td>2</td></tr>"
    assert rows(html) == ["| Scotland", "| A: 1; B: 2"]


def test_title_across_the_head_is_no_name_of_a_column() -> None:
    html = "<thead><tr><th colspan='2'>Rates</th></tr><tr><th>A</th><th>B</th></tr></thead><tr><td>1</td><td>2</td></tr>"
    assert rows(html) == ["| Rates", "| A: 1; B: 2"]


def test_cell_of_several_lines_is_one_value() -> None:
    html = "<tr><th>Open</th></tr><tr><td><p>9am to 5pm</p><ul><li>Monday</li><li>Friday.</li></ul>Call<br>first</td></tr>"
    assert rows(html) == ["| Open: 9am to 5pm, Monday, Friday. Call, first"]


def test_table_in_a_table_is_text_of_its_cell() -> None:
    assert rows("<tr><td>a<table><tr><td>b</td><td>c</td></tr></table></td><td>d</td></tr>") == [
        "| a, b, c; d"
    ]


def test_table_of_headers_only_is_kept() -> None:
    assert rows("<tr><th>A</th><th>B</th></tr>") == ["| A; B"]


@pytest.mark.parametrize("span", ["0", "-1", "x", "99999", "1e9", "²", ""])
def test_malformed_span_counts_as_one(span: str) -> None:
    html = f"<tr><th>A</th><th>B</th></tr><tr><td colspan='{span}'>1</td><td>2</td></tr>"
    assert rows(html) == ["| A: 1; B: 2"]


def test_long_text_in_a_head_is_not_repeated() -> None:
    long = "word " * 100
    assert rows(f"<tr><th>{long}</th></tr><tr><td>1</td></tr>") == [f"| {long.strip()}", "| 1"]


def test_table_blown_up_by_spans_is_refused() -> None:
    row = "<tr><td rowspan='1000' colspan='256'>x</td></tr>"
    with pytest.raises(DocumentError, match="more than 200,000 cells"):
        sections_from_html(f"<table>{row * 1000}</table>")
