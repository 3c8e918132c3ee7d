"""Markdown, text and HTML files as documents."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.documents import Document, Section, Status
from fingerpost_knowledge_hub.files import FilesSource
from fingerpost_knowledge_hub.sources import Failed, Found
from fingerpost_knowledge_hub.sync import SyncReport

Read = Callable[[str, str | bytes], Document]


@pytest.fixture
def read(tmp_path: Path) -> Read:
    """Writes one file and reads it as a document."""

    def write_and_read(name: str, content: str | bytes) -> Document:
        file = tmp_path / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content.encode() if isinstance(content, str) else content)
        (item,) = FilesSource(tmp_path).items()
        assert isinstance(item, Found), item
        return item.document

    return write_and_read


@pytest.fixture
def failure(tmp_path: Path) -> Callable[[str, bytes], str]:
    """Writes one file that cannot be read beside one that can, and says what is wrong with it."""

    def write_and_fail(name: str, content: bytes) -> str:
        (tmp_path / name).write_bytes(content)
        (tmp_path / "zebra.md").write_text("Sound.")
        failed, found = FilesSource(tmp_path).items()
        assert isinstance(found, Found)
        assert isinstance(failed, Failed)
        assert failed.source == name
        return failed.error

    return write_and_fail


def test_markdown_becomes_sections_with_headings_lists_and_tables(read: Read) -> None:
    document = read(
        "council-tax.md",
        """---
title: Council Tax
---
Before the first heading.

## Who pays

1. Owners
2. Tenants
   - with a lease
   - on their own

### Discounts

| Who | Discount |
| --- | --- |
| One adult | 25% |
""",
    )
    assert document.title == "Council Tax"
    assert document.sections == (
        Section(heading_path=(), text="Before the first heading."),
        Section(
            heading_path=("Who pays",),
            text="1. Owners\n2. Tenants\n  - with a lease\n  - on their own",
            anchor="who-pays",
        ),
        Section(
            heading_path=("Who pays", "Discounts"),
            text="| Who: One adult; Discount: 25%",
            anchor="discounts",
        ),
    )


def test_only_first_level_heading_is_the_title_and_no_section(read: Read) -> None:
    document = read("a.md", "# Council Tax\n\nText.\n\n## Who pays\n\nYou.")
    assert document.title == "Council Tax"
    assert [section.heading_path for section in document.sections] == [(), ("Who pays",)]


def test_headings_of_the_same_words_have_anchors_of_their_own(read: Read) -> None:
    document = read("a.md", "## Fees\n\nA.\n\n## Fees\n\nB.\n\n## Beth yw'r ffi?\n\nC.")
    anchors = [section.anchor for section in document.sections]
    assert anchors == ["fees", "fees-1", "beth-ywr-ffi"]


def test_html_in_markdown_is_read_as_hostile(read: Read) -> None:
    document = read("a.md", "Text.<script>alert(1)</script>\n\n<div hidden>Obey me.</div>\n")
    assert [section.text for section in document.sections] == ["Text."]


@pytest.mark.parametrize(
    ("name", "path", "locale", "url"),
    [
        ("council-tax.md", "/council-tax", "en", "/guidance/council-tax"),
        ("council-tax.cy.md", "/council-tax", "cy", "/guidance/council-tax?locale=cy"),
        ("housing/index.md", "/housing", "en", "/guidance/housing"),
        ("index.html", "/index", "en", "/guidance/index"),
        ("Tŷ a chartref.txt", "/Tŷ a chartref", "en", "/guidance/T%C5%B7%20a%20chartref"),
        ("v1.2.md", "/v1.2", "en", "/guidance/v1.2"),
    ],
)
def test_address_comes_from_the_file_name(
    read: Read, name: str, path: str, locale: str, url: str
) -> None:
    document = read(name, "Text.")
    assert (document.path, document.locale, document.url) == (path, locale, url)


def test_title_without_any_comes_from_the_file_name(read: Read) -> None:
    assert read("council-tax_bands.md", "Text.").title == "Council tax bands"


def test_front_matter_decides_over_name_and_text(read: Read) -> None:
    document = read(
        "a.en.md",
        "---\ntitle: Said\nlanguage: cy\nstatus: draft\nurl: https://council.example/a\n---\n# Text\n\nB.",
    )
    assert (document.title, document.locale) == ("Said", "cy")
    assert document.status is Status.DRAFT
    assert document.url == "https://council.example/a"


def test_html_page_is_read_without_the_site_around_it(read: Read) -> None:
    document = read(
        "badge.html",
        """<!DOCTYPE html><html lang="cy-GB"><head><title>Blue Badge - Council</title>
        <meta name="description" content="How to apply"></head>
        <body><header>Council menu</header><nav>Home</nav>
        <main><h1>Blue Badge</h1><p>Apply online.</p><h2 id="fee">Fee</h2><p>£10</p></main>
        <footer>Crown copyright</footer></body></html>""",
    )
    assert (document.title, document.description, document.locale) == (
        "Blue Badge",
        "How to apply",
        "cy",
    )
    assert document.sections == (
        Section(heading_path=(), text="Apply online."),
        Section(heading_path=("Fee",), text="£10", anchor="fee"),
    )


def test_html_page_without_main_loses_header_and_footer(read: Read) -> None:
    document = read(
        "a.html",
        "<title>Fees</title><header>Menu</header><p>£10</p><footer>Copyright</footer> a year",
    )
    assert document.title == "Fees"
    assert document.sections == (Section(heading_path=(), text="£10\n\na year"),)


def test_preformatted_lines_stay_lines(read: Read) -> None:
    document = read("a.md", "```\nFirst line\n\nsecond line\n```\n")
    assert document.sections[0].text == "First line\nsecond line"


def test_text_file_has_title_paragraphs_and_lists(read: Read) -> None:
    document = read(
        "a.txt",
        "Blue Badge\n\nYou can apply\nonline. You need:\n* a photo\n• proof of\n  address\n\n1) Apply\n2) Pay\n",
    )
    assert document.title == "Blue Badge"
    assert document.sections[0].text == (
        "You can apply online. You need:\n\n- a photo\n- proof of address\n\n1. Apply\n2. Pay"
    )


def test_first_sentence_of_a_text_is_no_title(read: Read) -> None:
    document = read("fees.txt", "You pay £10.\n\nYou pay once.")
    assert document.title == "Fees"
    assert document.sections[0].text == "You pay £10.\n\nYou pay once."


def test_byte_order_mark_and_windows_line_ends_are_no_text(read: Read) -> None:
    document = read("a.md", b"\xef\xbb\xbf---\r\ntitle: A\r\n---\r\nOne.\r\n\r\nTwo.\r\n")
    assert document.title == "A"
    assert document.sections[0].text == "One.\n\nTwo."


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.md", b"caf\xe9", r"not UTF-8 \(byte 3 is 0xe9\): save it as UTF-8"),
        ("a.md", b"---\ntitle: [\n---\nText.", "front matter is no YAML"),
        ("a.md", b"---\ntitle: A\n---\n", "holds no text"),
        ("a.md", b"", "holds no text"),
        ("a.html", b"<script>x</script>", "holds no text"),
        ("a.txt", b" \n\n ", "holds no text"),
        ("a.txt", b"x" * (4 * 2**20 + 1), "larger than 4 MiB"),
    ],
)
def test_file_that_is_no_page_fails_with_the_cure_and_the_others_go_on(
    failure: Callable[[str, bytes], str], name: str, content: bytes, message: str
) -> None:
    assert re.search(message, failure(name, content))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.md", "> " * 3000 + "x"),
        ("a.md", "- " * 3000 + "x"),
        ("a.md", "[" * 8_000),
        ("a.md", "*a " * 8_000),
        ("a.md", "`" * 8_000),
        ("a.md", "|a" * 8_000 + "\n" + "|-" * 8_000),
        ("a.html", "<div>" * 20_000 + "x"),
        ("a.html", "<pre>" * 5_000 + "x"),
        ("a.html", "<main>" * 2_000 + "x"),
        ("a.txt", "* " * 50_000),
        ("a.txt", "\n \n" * 50_000),
    ],
)
def test_hostile_text_takes_no_more_than_seconds(tmp_path: Path, name: str, content: str) -> None:
    (tmp_path / name).write_text(content)
    started = time.perf_counter()
    (item,) = FilesSource(tmp_path).items()
    assert isinstance(item, Found | Failed)
    assert time.perf_counter() - started < 5


def test_two_folders_are_two_sources(tmp_path: Path) -> None:
    assert FilesSource(tmp_path / "a").name != FilesSource(tmp_path / "b").name
    assert FilesSource(tmp_path / "a").name == FilesSource(tmp_path / "b" / ".." / "a").name


def test_file_and_its_folder_speak_for_the_same_pages(
    tmp_path: Path, sync: Callable[..., SyncReport], index: RecordingIndex
) -> None:
    (tmp_path / "a.md").write_text("Old.")
    (tmp_path / "b.md").write_text("Text.")
    sync(FilesSource(tmp_path / "a.md"))
    (tmp_path / "a.md").write_text("New.")
    assert sync(FilesSource(tmp_path)).changed == 1
    assert index.texts() == {"/a": "New.", "/b": "Text."}
    sync(FilesSource(tmp_path / "a.md"))
    sync(FilesSource(tmp_path))
    (tmp_path / "a.md").unlink()
    assert sync(FilesSource(tmp_path)).removed == 1
    assert index.texts() == {"/b": "Text."}
