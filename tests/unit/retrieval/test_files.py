"""Files that are whole or absent, and copies that keep their holes."""

from __future__ import annotations

from pathlib import Path

import pytest

from fingerpost_retrieval._files import copy_folder, write_atomically

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
