"""Pages cut into passages: whole sentences, whole lists, right size, stable ids."""

from __future__ import annotations

import time
import uuid

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec import structs

from fingerpost_retrieval import OnnxEmbedder, Passage, PassageCutter, TextPage, TextSection
from fingerpost_retrieval.backend import group_of, key_of
from fingerpost_retrieval.passages import count_words, place_text, search_text

SENTENCE = "You can apply for this benefit if you live in the country and pay your taxes. "
WORDS = PassageCutter(count_words)


def page(*sections: TextSection, title: str = "A page", description: str = "") -> TextPage:
    return TextPage(
        path="/a-page", title=title, sections=sections, url="/a-page", description=description
    )


def section(text: str, *headings: str, anchor: str = "") -> TextSection:
    return TextSection(text=text, heading_path=headings, anchor=anchor)


def indexed(passage: Passage) -> str:
    return search_text(place_text(passage.title, passage.heading_path), passage.text)


def tokens(passage: Passage) -> int:
    return count_words(indexed(passage)) + 2


def test_a_section_that_fits_is_one_passage_with_its_heading() -> None:
    (passage,) = WORDS.cut(page(section(SENTENCE * 10, "Who", "Adults", anchor="adults")))
    assert passage.text == (SENTENCE * 10).strip()
    assert passage.heading_path == ("Who", "Adults")
    assert passage.url == "/a-page#adults"
    assert passage.position == 0
    assert passage.tokens == count_words(passage.text)


def test_a_part_of_a_page_with_an_address_of_its_own_is_cited_by_it() -> None:
    part = TextSection(text=SENTENCE * 3, heading_path=("Fees",), anchor="cost", url="/a-page/fees")
    (passage,) = WORDS.cut(page(part))
    assert passage.url == "/a-page/fees#cost"


def test_a_long_section_is_cut_between_sentences_into_parts_of_like_size() -> None:
    passages = WORDS.cut(page(section(SENTENCE * 40, "Who")))
    assert len(passages) > 2
    assert all(passage.text.endswith("taxes.") for passage in passages)
    assert all(passage.text.startswith("You can") for passage in passages)
    assert max(map(tokens, passages)) <= 256
    assert max(p.tokens for p in passages) < 1.5 * min(p.tokens for p in passages)
    assert " ".join(passage.text for passage in passages) == (SENTENCE * 40).strip()


def test_a_list_is_kept_whole_where_it_fits() -> None:
    items = "\n".join(f"- item number {number} of the list" for number in range(12))
    text = f"{SENTENCE * 10}\n\nYou need:\n\n{items}\n\n{SENTENCE * 10}"
    passages = WORDS.cut(page(section(text)))
    assert len(passages) > 1
    assert sum("You need:\n\n- item number 0" in passage.text for passage in passages) == 1
    assert sum("- item number 11 of" in passage.text for passage in passages) == 1
    (holder,) = [passage for passage in passages if "- item number 0 " in passage.text]
    assert f"You need:\n\n{items}" in holder.text


def test_the_parts_of_a_long_list_repeat_what_introduces_it() -> None:
    items = "\n".join(f"- item number {number} of a list that is too long" for number in range(80))
    passages = WORDS.cut(page(section(f"{SENTENCE}You need one of these:\n\n{items}")))
    holders = [passage for passage in passages if "- item" in passage.text]
    assert len(holders) > 2
    assert all("You need one of these:" in passage.text for passage in holders)
    assert sum(passage.text.count("- item") for passage in passages) == 80


def test_a_long_table_is_cut_between_rows() -> None:
    rows = "\n".join(f"| Age: {age}; Fee: £{age}.00; Time: 3 weeks" for age in range(100))
    passages = WORDS.cut(page(section(rows, "Fees")))
    assert len(passages) > 2
    lines = [line for passage in passages for line in passage.text.splitlines()]
    assert lines == rows.splitlines()


def test_neighbouring_short_sections_share_a_passage_and_keep_their_headings() -> None:
    (passage,) = WORDS.cut(
        page(
            section("Call 0300 123.", "Contact", "Phone", anchor="phone"),
            section("Write to us.", "Contact", "Post", anchor="post"),
        )
    )
    assert passage.text == "Phone\nCall 0300 123.\n\nPost\nWrite to us."
    assert passage.heading_path == ("Contact",)
    assert passage.url == "/a-page#phone"


def test_short_sections_under_different_headings_stay_apart() -> None:
    passages = WORDS.cut(
        page(
            section("Call us.", "England", "Contact"),
            section("Write to us.", "Wales", "Contact"),
        )
    )
    assert [passage.heading_path[0] for passage in passages] == ["England", "Wales"]


@pytest.mark.parametrize(
    ("description", "expected"), [("What it is about.", "What it is about."), ("", "A page")]
)
def test_a_page_without_text_is_found_by_description_or_title(
    description: str, expected: str
) -> None:
    (passage,) = WORDS.cut(page(section(" \n", "Empty"), description=description))
    assert passage.text == expected


def test_ids_depend_on_tenant_page_language_revision_and_place_alone() -> None:
    text = page(section(SENTENCE * 40))
    first, again = WORDS.cut(text, "a"), WORDS.cut(text, "a")
    assert first == again
    assert len({passage.id for passage in first}) == len(first)
    for passage in first:
        identity = uuid.UUID(passage.id)
        assert (identity.version, identity.variant) == (8, uuid.RFC_4122)
    assert first[0].id != WORDS.cut(text, "b")[0].id
    assert first[0].id != WORDS.cut(page(section(SENTENCE * 41)), "a")[0].id


def test_ids_say_which_passages_have_a_title_in_common() -> None:
    parts = [
        structs.replace(page(section(SENTENCE * 40), title=title), path=path)
        for path, title in (("/a", "Guide"), ("/a/b", "Guide"), ("/c", "Other"), ("/d", ""))
    ]
    groups = [{group_of(key_of(found.id)) for found in WORDS.cut(part)} for part in parts]
    assert all(len(group) == 1 for group in groups)
    assert groups[0] == groups[1]
    assert len(set.union(*groups)) == 3


def test_passages_fit_the_embedder_with_title_and_headings(embedder: OnnxEmbedder) -> None:
    cutter = PassageCutter(embedder.count_tokens, max_tokens=embedder.max_tokens)
    long_title = "Apply for a very long-winded certificate of entitlement " * 3
    text = "\n\n".join([SENTENCE * 9, "Chi a fi, £1,234.56 (e.g. 30%). " * 30, "字" * 900])
    for passage in cutter.cut(page(section(text, "Heading " * 10), title=long_title)):
        assert embedder.count_tokens(indexed(passage)) + 2 <= 256


@pytest.mark.parametrize(
    "text",
    [
        "x" * 1_000_000,
        "\n".join(f"| Row: {row}; Value: something" for row in range(100_000)),
        "字" * 100_000,
        ". " * 100_000,
        "- " * 100_000,
        "a:\n- b\n" * 20_000,
        "word " * 200_000,
    ],
    ids=["one word", "100,000 rows", "no spaces", "full stops", "dashes", "lists", "one sentence"],
)
def test_hostile_text_is_cut_in_seconds(embedder: OnnxEmbedder, text: str) -> None:
    started = time.monotonic()
    passages = PassageCutter(embedder.count_tokens).cut(page(section(text, "H" * 10_000)))
    assert time.monotonic() - started < 30
    assert max(len(passage.text) for passage in passages) <= 254 * 8
    assert sum(len(p.text.replace(" ", "")) for p in passages) >= len(text.split()[0])


@given(st.lists(st.text("ab .:-|1\n", max_size=300), max_size=4))
@settings(max_examples=150, deadline=None)
def test_no_text_is_lost_or_invented(texts: list[str]) -> None:
    passages = WORDS.cut(page(*(section(text) for text in texts), title=""))
    found = [word for passage in passages for word in passage.text.split()]
    assert found == [word for text in texts for word in text.split()]


def test_the_size_of_parts_follows_the_target() -> None:
    small = PassageCutter(count_words, target_tokens=60).cut(page(section(SENTENCE * 40)))
    assert len(small) > len(WORDS.cut(page(section(SENTENCE * 40))))
