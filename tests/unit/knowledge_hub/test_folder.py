"""Folders that other people filled: nothing in them leads out, hangs or ends the walk."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from fingerpost_knowledge_hub.errors import DocumentError, SourceError, SourceNotFoundError
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.sources import Failed, Part, Skipped

MARKDOWN = frozenset({".md"})


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files count as settled at once, so that a test need not wait for them to age."""
    monkeypatch.setattr("fingerpost_knowledge_hub.folder.SETTLED_SECONDS", 0.0)


def test_files_are_listed_in_the_order_of_their_names(tmp_path: Path) -> None:
    for name in ("b.md", "a.md", "sub/c.MD"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("x")
    parts = list(Folder(tmp_path, suffixes=MARKDOWN).parts())
    assert [part.source for part in parts] == ["a.md", "b.md", "sub/c.MD"]
    assert all(isinstance(part, Part) for part in parts)


def test_single_file_is_a_folder_of_one(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("words")
    folder = Folder(tmp_path / "a.md", suffixes=MARKDOWN)
    (part,) = folder.parts()
    assert isinstance(part, Part)
    assert (part.source, folder.read(part)) == ("a.md", b"words")


def test_missing_folder_says_so(tmp_path: Path) -> None:
    with pytest.raises(SourceNotFoundError, match="check the path"):
        list(Folder(tmp_path / "nowhere").parts())


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "a.md").write_text("x")
    (tmp_path / ".hidden.md").write_text("x")
    assert list(Folder(tmp_path).parts()) == []


def test_other_suffixes_are_skipped_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "a.PDF").write_text("x")
    (tmp_path / "README").write_text("x")
    assert list(Folder(tmp_path, suffixes=MARKDOWN).parts()) == [
        Skipped("README", "unsupported:no_suffix"),
        Skipped("a.PDF", "unsupported:.pdf"),
    ]


def test_link_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text("secret")
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.md").symlink_to(tmp_path / "secret.md")
    (tmp_path / "in" / "b").symlink_to(tmp_path, target_is_directory=True)
    (item,) = Folder(tmp_path / "in", suffixes=MARKDOWN).parts()
    assert isinstance(item, Failed)
    assert "leads out of the folder" in item.error


def test_link_within_the_folder_is_followed(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("words")
    (tmp_path / "b.md").symlink_to("a.md")
    folder = Folder(tmp_path, suffixes=MARKDOWN)
    contents = [folder.read(part) for part in folder.parts() if isinstance(part, Part)]
    assert contents == [b"words", b"words"]


@pytest.mark.parametrize("target", ["loop.md", "missing.md"])
def test_link_that_leads_nowhere_fails(tmp_path: Path, target: str) -> None:
    (tmp_path / "loop.md").symlink_to(target)
    (item,) = Folder(tmp_path, suffixes=MARKDOWN).parts()
    assert isinstance(item, Failed)
    assert item.source == "loop.md"


def test_pipe_is_skipped_and_never_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.md")
    assert list(Folder(tmp_path, suffixes=MARKDOWN).parts()) == [Skipped("pipe.md", "not_a_file")]


def test_huge_file_fails_unread(tmp_path: Path) -> None:
    with (tmp_path / "a.md").open("wb") as file:
        file.truncate(2**40)
    (item,) = Folder(tmp_path, suffixes=MARKDOWN).parts()
    assert isinstance(item, Failed)
    assert "larger than 16 MiB" in item.error


def test_file_that_grows_after_it_was_listed_fails(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    folder = Folder(tmp_path, max_bytes=10)
    (part,) = folder.parts()
    assert isinstance(part, Part)
    (tmp_path / "a.md").write_text("x" * 11)
    with pytest.raises(DocumentError, match="larger than"):
        folder.read(part)


def test_file_that_vanishes_after_it_was_listed_fails(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    folder = Folder(tmp_path)
    (part,) = folder.parts()
    assert isinstance(part, Part)
    (tmp_path / "a.md").unlink()
    with pytest.raises(DocumentError, match="No such file"):
        folder.read(part)


@pytest.mark.parametrize("name", [b"caf\xe9.md", b"new\nline.md", b"\x1b[31mred.md"])
def test_name_that_cannot_be_printed_fails_and_the_others_go_on(
    tmp_path: Path, name: bytes
) -> None:
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("x")
    (tmp_path / "zebra.md").write_text("x")
    failed, part = Folder(tmp_path, suffixes=MARKDOWN).parts()
    assert isinstance(failed, Failed)
    assert failed.source.isascii()
    assert failed.source.isprintable()
    assert isinstance(part, Part)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_folder_that_may_not_be_listed_ends_the_listing(tmp_path: Path) -> None:
    (tmp_path / "closed").mkdir(mode=0)
    with pytest.raises(SourceError, match="check its rights"):
        list(Folder(tmp_path).parts())


def test_stamp_stays_while_the_file_stays(tmp_path: Path, settled: None) -> None:
    (tmp_path / "a.md").write_text("one")
    before, again = list(Folder(tmp_path).parts()), list(Folder(tmp_path).parts())
    assert before == again
    assert isinstance(before[0], Part)
    assert before[0].stamp


def test_stamp_sees_a_change_whose_times_were_set_back(tmp_path: Path, settled: None) -> None:
    file = tmp_path / "a.md"
    file.write_text("one")
    os.utime(file, (1, 1))
    (before,) = Folder(tmp_path).parts()
    time.sleep(0.02)
    file.write_text("two")
    os.utime(file, (1, 1))
    (after,) = Folder(tmp_path).parts()
    assert before != after


def test_file_that_was_just_written_gets_no_stamp(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    assert list(Folder(tmp_path).parts()) == [Part("a.md", "")]
