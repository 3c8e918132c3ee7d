"""Pages from plain text files."""

from __future__ import annotations

from pathlib import Path

import msgspec

from fingerpost_retrieval import TextPage, TextSection, text_pages


def test_a_folder_of_text_files_becomes_pages(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "deeper" / "page.txt").write_text("Not in this folder")
    (tmp_path / "tax.txt").write_text("Pay tax\n\nYou must pay.\n")
    (tmp_path / "bins.txt").write_bytes(b"Bins\n\nEmptied \xff weekly.")
    (tmp_path / "empty.txt").touch()
    (tmp_path / "image.png").touch()
    bins, empty, tax = text_pages(tmp_path)
    assert (tax.path, tax.title, tax.sections[0].text) == (
        "/tax",
        "Pay tax",
        "\nYou must pay.",
    )
    assert "Emptied \ufffd weekly." in bins.sections[0].text
    assert empty.title == "empty"


def test_the_digest_of_a_page_changes_with_anything_on_it() -> None:
    page = TextPage(path="/a", title="A", sections=(TextSection(text="a"),))
    assert page.digest == msgspec.structs.replace(page).digest
    assert page.digest != msgspec.structs.replace(page, title="B").digest
    assert page.digest != msgspec.structs.replace(page, nations=("wales",)).digest
