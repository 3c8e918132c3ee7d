"""Copies of an index, and back again."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from fingerpost_retrieval import (
    GuidanceIndex,
    IndexDamaged,
    IndexFault,
    IndexLocked,
    IndexUnwritable,
    TextPage,
)

from .conftest import page


@pytest.fixture
def backup(tmp_path: Path, guidance: list[TextPage]) -> Path:
    """A backup of three pages; the index itself has a fourth one by now."""
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace(guidance)
        index.backup(tmp_path / "backup")
        index.replace([page("/new", "New", A="text")])
    return tmp_path / "backup"


def pages(folder: Path) -> int:
    with GuidanceIndex.open(folder, None) as index:
        return index.stats().pages


def test_a_backup_is_restored_over_what_is_there(tmp_path: Path, backup: Path) -> None:
    assert pages(tmp_path / "index") == 4
    GuidanceIndex.restore(backup, tmp_path / "index")
    assert pages(tmp_path / "index") == 3
    GuidanceIndex.restore(backup, tmp_path / "index")
    assert pages(tmp_path / "index") == 3


def test_a_backup_is_restored_where_there_is_no_index(tmp_path: Path, backup: Path) -> None:
    GuidanceIndex.restore(backup, tmp_path / "elsewhere")
    assert pages(tmp_path / "elsewhere") == 3


def test_a_backup_is_an_index_and_takes_little_room(backup: Path) -> None:
    assert pages(backup) == 3
    assert sum(file.stat().st_blocks * 512 for file in backup.rglob("*")) < 16 * 2**20


def test_a_backup_taken_during_writes_is_of_one_moment(tmp_path: Path) -> None:
    stop = threading.Event()
    with GuidanceIndex.open(tmp_path / "index", None) as index:

        def write() -> None:
            number = 0
            while not stop.is_set():
                number += 1
                index.replace(
                    [page(f"/{number % 7}", f"Revision {number}", A="a " * 300, B="b " * 300)]
                )

        writer = threading.Thread(target=write)
        writer.start()
        try:
            for number in range(4):
                index.backup(tmp_path / f"backup-{number}")
        finally:
            stop.set()
            writer.join()
    for number in range(4):
        assert pages(tmp_path / f"backup-{number}") <= 7


def test_a_damaged_backup_is_refused_and_the_index_stays(tmp_path: Path, backup: Path) -> None:
    (victim, *_) = backup.rglob("segment.json")
    victim.write_text("{")
    with pytest.raises(IndexDamaged):
        GuidanceIndex.restore(backup, tmp_path / "index")
    assert pages(tmp_path / "index") == 4
    assert len(list((tmp_path / "index").glob("gen-*"))) == 1


def test_something_that_is_no_backup_is_refused(tmp_path: Path, backup: Path) -> None:
    with pytest.raises(IndexDamaged, match=r"current\.json is unreadable"):
        GuidanceIndex.restore(tmp_path, tmp_path / "index")
    assert pages(tmp_path / "index") == 4


def test_an_index_in_use_is_not_restored(tmp_path: Path, backup: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None), pytest.raises(IndexLocked):
        GuidanceIndex.restore(backup, tmp_path / "index")


def test_a_backup_does_not_overwrite_anything(tmp_path: Path, backup: Path) -> None:
    with (
        GuidanceIndex.open(tmp_path / "index", None) as index,
        pytest.raises(IndexUnwritable, match="is not empty"),
    ):
        index.backup(backup)


def test_a_server_makes_its_own_backups(tmp_path: Path) -> None:
    with (
        GuidanceIndex.connect(":memory:", None) as index,
        pytest.raises(IndexFault, match="take a snapshot of the collection fingerpost-gen-1"),
    ):
        index.backup(tmp_path / "backup")
