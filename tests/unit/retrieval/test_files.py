"""Files that are whole or absent, and copies that keep their holes."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from fingerpost_retrieval import _files
from fingerpost_retrieval._files import copy_folder, size_of, sync_files, write_atomically

MEGABYTE = 1024 * 1024


def test_a_file_is_replaced_whole_and_nothing_is_left_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "file"
    for content in (b"old", b"new and longer"):
        write_atomically(path, content)
        assert path.read_bytes() == content
    assert list(tmp_path.iterdir()) == [path]


def test_a_failed_write_leaves_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "file"
    write_atomically(path, b"old")
    with pytest.raises(TypeError):
        write_atomically(path, "no bytes")  # type: ignore[arg-type]
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_a_copy_has_the_same_bytes_and_takes_no_more_room(tmp_path: Path) -> None:
    source = tmp_path / "source"
    (source / "deep").mkdir(parents=True)
    with (source / "deep" / "sparse").open("wb") as file:
        file.write(b"start")
        file.seek(40 * MEGABYTE)
        file.write(b"middle")
        file.truncate(90 * MEGABYTE)
    (source / "empty").touch()
    copy_folder(source, tmp_path / "target")
    old, new = source / "deep" / "sparse", tmp_path / "target" / "deep" / "sparse"
    assert new.read_bytes() == old.read_bytes()
    assert new.stat().st_blocks * 512 < 2 * MEGABYTE
    assert (tmp_path / "target" / "empty").read_bytes() == b""


def test_a_copy_leaves_out_what_a_log_makes_ahead(tmp_path: Path) -> None:
    log = tmp_path / "source" / "wal"
    log.mkdir(parents=True)
    (log / "open-1").write_bytes(b"record")
    (log / "tmp-open-2").write_bytes(bytes(8))
    copy_folder(tmp_path / "source", tmp_path / "target")
    assert [path.name for path in (tmp_path / "target" / "wal").iterdir()] == ["open-1"]


def test_a_file_that_is_renamed_while_its_folder_is_synced_is_synced_under_its_new_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "open-1").touch()
    (tmp_path / "tmp-open-2").touch()
    synced: list[str] = []

    def renaming(path: Path) -> None:
        if (tmp_path / "tmp-open-2").exists():
            (tmp_path / "tmp-open-2").rename(tmp_path / "open-2")
        path.stat()
        synced.append(path.name)

    monkeypatch.setattr(_files, "sync", renaming)
    sync_files(tmp_path)
    assert {"open-1", "open-2", tmp_path.name} <= set(synced)


def test_a_folder_that_is_gone_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        sync_files(tmp_path / "gone")


def test_the_size_of_a_folder_counts_what_is_still_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "one").write_bytes(bytes(8192))
    monkeypatch.setattr(os, "walk", lambda folder: [(str(folder), [], ["one", "gone"])])
    assert size_of(tmp_path) >= 8192
