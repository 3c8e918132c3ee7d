"""Lists keep their items, their numbers and their nesting."""

from __future__ import annotations

from fingerpost_knowledge_hub.markup import sections_from_html


def lines(html: str) -> list[str]:
    (section,) = sections_from_html(html)
    return section.text.split("\n")


def test_every_item_is_a_line() -> None:
    assert lines("<ul><li>one</li><li><p>two</p></li><li> </li></ul>") == ["- one", "- two"]


def test_numbers_are_kept_and_start_where_the_page_says() -> None:
    assert lines('<ol><li>a</li><li>b</li></ol><ol start="7"><li>c</li></ol>') == [
        "1. a",
        "2. b",
        "",
        "7. c",
    ]


def test_lists_in_lists_are_indented() -> None:
    html = "<ul><li>fruit<ol><li>apple<ul><li>red</li></ul></li><li>pear</li></ol></li><li>bread</li></ul>"
    assert lines(html) == ["- fruit", "  1. apple", "    - red", "  2. pear", "- bread"]


def test_paragraphs_of_an_item_stay_on_its_line() -> None:
    html = (
        "<ol><li><p>Apply online.</p><p>Keep the receipt.</p></li><li>Room 1<br>Belfast</li></ol>"
    )
    assert lines(html) == ["1. Apply online. Keep the receipt.", "2. Room 1, Belfast"]


def test_definitions_stand_beside_their_terms() -> None:
    html = "<dl><dt>Fee:</dt><dd>£10</dd><dt>Form</dt><dd>V5C</dd><dd>or V62</dd><dd></dd></dl>"
    assert lines(html) == ["- Fee: £10", "- Form: V5C, or V62"]


def test_definition_without_a_term_is_kept() -> None:
    assert lines("<dl><dd>alone</dd></dl>") == ["- alone"]


def test_text_after_an_inner_list_belongs_to_the_outer_item() -> None:
    assert lines("<ul><li>Bring:<ul><li>a form</li></ul>and go</li></ul>") == [
        "- Bring: and go",
        "  - a form",
    ]


def test_heading_within_an_item_is_text() -> None:
    assert lines("<ul><li><h3>Title</h3><p>About it.</p></li></ul>") == ["- Title, About it."]


def test_table_within_an_item_is_a_block_and_the_list_goes_on() -> None:
    html = "<ol><li>See<table><tr><th>A</th></tr><tr><td>1</td></tr></table>there</li><li>end</li></ol>"
    assert lines(html) == ["1. See", "", "| A: 1", "", "1. there", "2. end"]


def test_stray_text_in_a_list_is_kept() -> None:
    assert lines("<ul>stray<li>item</li></ul>") == ["- stray", "- item"]


def test_list_directly_in_a_list_is_not_indented_below_nothing() -> None:
    assert lines("<ul><ul><li>a</li></ul></ul>") == ["- a"]
