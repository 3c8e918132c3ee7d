"""Backups: whole or absent, checked before they replace anything, safe against a power cut."""

from __future__ import annotations

import io
import sqlite3
import tarfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, nullcontext
from pathlib import Path

import pytest

from fingerpost_gateway.backup import Contents, finish_restore, restore, write_backup
from fingerpost_gateway.backup.restoring import PLACING, READY, REPLACED
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.errors import BackupError


def fill(directory: DataDirectory, text: str) -> None:
    directory.root.mkdir(exist_ok=True)
    with closing(sqlite3.connect(directory.database)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS words (word TEXT)")
        database.execute("DELETE FROM words")
        database.execute("INSERT INTO words VALUES (?)", (text,))
    (directory.index / "gen-1").mkdir(parents=True, exist_ok=True)
    (directory.index / "gen-1" / "vectors").write_text(text)
    directory.valkey.mkdir(exist_ok=True)
    (directory.valkey / "appendonly").write_text(text)


def words(directory: DataDirectory) -> tuple[str, str]:
    with closing(sqlite3.connect(directory.database)) as database:
        ((word,),) = database.execute("SELECT word FROM words").fetchall()
    return word, (directory.index / "gen-1" / "vectors").read_text()


def copy_index(directory: DataDirectory, to: Path) -> None:
    (to / "gen-1").mkdir(parents=True)
    (to / "gen-1" / "vectors").write_bytes((directory.index / "gen-1" / "vectors").read_bytes())


@pytest.fixture
def directory(tmp_path: Path) -> DataDirectory:
    directory = DataDirectory(tmp_path / "data")
    fill(directory, "old")
    return directory


@pytest.fixture
def file(tmp_path: Path, directory: DataDirectory) -> Path:
    target = tmp_path / "backup.tar.gz"
    write_backup(
        target,
        Contents(
            database=directory.database,
            copy_index=lambda to: copy_index(directory, to),
            standstill=nullcontext,
        ),
    )
    return target


def rewritten(file: Path, change: dict[str, bytes | None], add: dict[str, bytes]) -> Path:
    """The archive with members changed, left out (None) or added."""
    result = file.with_name("rewritten.tar.gz")
    with tarfile.open(file) as source, tarfile.open(result, "w:gz") as target:
        members = {member.name: source.extractfile(member).read() for member in source}  # type: ignore[union-attr]
        for name, content in {**members, **change, **add}.items():
            if content is not None:
                head = tarfile.TarInfo(name)
                head.size = len(content)
                target.addfile(head, io.BytesIO(content))
    return result


def test_what_was_backed_up_comes_back(directory: DataDirectory, file: Path) -> None:
    fill(directory, "new")
    manifest = restore(file, directory)
    assert manifest.parts == ("database", "index")
    assert words(directory) == ("old", "old")
    # Live turns belong to the database that was replaced.
    assert not directory.valkey.exists()
    assert {path.name for path in directory.root.iterdir()} == {"fingerpost.db", "index"}


def test_a_backup_comes_back_into_an_empty_directory(tmp_path: Path, file: Path) -> None:
    fresh = DataDirectory(tmp_path / "fresh")
    fresh.prepare()
    restore(file, fresh)
    assert words(fresh) == ("old", "old")


def test_a_backup_is_written_while_others_write(tmp_path: Path, directory: DataDirectory) -> None:
    with closing(sqlite3.connect(directory.database)) as other:
        other.execute("PRAGMA journal_mode = WAL")
        other.execute("UPDATE words SET word = 'uncommitted'")
        target = tmp_path / "backup.tar.gz"
        contents = Contents(database=directory.database, copy_index=None, standstill=nullcontext)
        write_backup(target, contents)
    fresh = DataDirectory(tmp_path / "fresh")
    fresh.prepare()
    assert restore(target, fresh).parts == ("database",)
    with closing(sqlite3.connect(fresh.database)) as database:
        assert database.execute("SELECT word FROM words").fetchall() == [("old",)]


def test_backups_into_one_file_at_once_leave_a_whole_one(
    tmp_path: Path, directory: DataDirectory
) -> None:
    contents = Contents(database=directory.database, copy_index=None, standstill=nullcontext)
    (tmp_path / "backups").mkdir()
    target = tmp_path / "backups" / "backup.tar.gz"
    with ThreadPoolExecutor() as threads:
        for _ in threads.map(lambda _: write_backup(target, contents), range(8)):
            pass
    assert list(target.parent.iterdir()) == [target]
    restore(target, directory)
    assert words(directory)[0] == "old"


@pytest.mark.parametrize(
    ("change", "add"),
    [
        ({"index/gen-1/vectors": b"OLD"}, {}),
        ({"index/gen-1/vectors": b"longer than before"}, {}),
        ({"index/gen-1/vectors": None}, {}),
        ({}, {"index/extra": b"x"}),
        ({}, {"../outside": b"x"}),
        ({"manifest.json": b"{"}, {}),
        ({"manifest.json": b'{"version": "\xff"}'}, {}),
        ({"manifest.json": None}, {}),
    ],
    ids=["digest", "size", "missing", "extra", "outside", "manifest", "not UTF-8", "no manifest"],
)
def test_a_damaged_backup_changes_nothing(
    directory: DataDirectory,
    file: Path,
    change: dict[str, bytes | None],
    add: dict[str, bytes],
) -> None:
    damaged = rewritten(file, change, add)
    fill(directory, "new")
    with pytest.raises(BackupError):
        restore(damaged, directory)
    assert words(directory) == ("new", "new")
    assert (directory.valkey / "appendonly").exists()
    assert not list(directory.root.glob("restore.*"))


@pytest.mark.parametrize("name", ["../outside", "/etc/passwd", "index/../x", "lock", "index"])
def test_a_manifest_that_names_strange_files_is_refused(
    directory: DataDirectory, file: Path, name: str
) -> None:
    with tarfile.open(file) as archive:
        manifest = archive.extractfile("manifest.json").read()  # type: ignore[union-attr]
    strange = manifest.replace(b"index/gen-1/vectors", name.encode())
    with pytest.raises(BackupError, match="none of Fingerpost's"):
        restore(rewritten(file, {"manifest.json": strange}, {}), directory)


def test_a_newer_format_names_the_version_to_use(directory: DataDirectory, file: Path) -> None:
    with tarfile.open(file) as archive:
        manifest = archive.extractfile("manifest.json").read()  # type: ignore[union-attr]
    newer = manifest.replace(b'"format": 1', b'"format": 2')
    with pytest.raises(BackupError, match="restore it with Fingerpost"):
        restore(rewritten(file, {"manifest.json": newer}, {}), directory)


@pytest.mark.parametrize("content", [b"", b"plain text", b"\x1f\x8b\x08\x00garbage"])
def test_a_file_that_is_no_backup_is_refused(
    tmp_path: Path, directory: DataDirectory, content: bytes
) -> None:
    (tmp_path / "file").write_bytes(content)
    with pytest.raises(BackupError):
        restore(tmp_path / "file", directory)
    assert words(directory) == ("old", "old")


def test_a_cut_off_backup_is_refused(directory: DataDirectory, file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BackupError, match="Nothing was changed"):
        restore(file, directory)


def test_a_missing_file_is_named(tmp_path: Path, directory: DataDirectory) -> None:
    with pytest.raises(BackupError, match="absent"):
        restore(tmp_path / "absent", directory)


def test_nothing_to_back_up_points_to_the_tools_that_do(tmp_path: Path) -> None:
    nothing = Contents(database=None, copy_index=None, standstill=nullcontext)
    with pytest.raises(BackupError, match="with their own tools"):
        write_backup(tmp_path / "file", nothing)


def test_a_backup_that_cannot_be_written_leaves_nothing(
    tmp_path: Path, directory: DataDirectory
) -> None:
    contents = Contents(database=directory.database, copy_index=None, standstill=nullcontext)
    with pytest.raises(BackupError, match="name a file in a folder"):
        write_backup(tmp_path / "absent" / "file", contents)


class PowerCutError(Exception):
    """Ends a restore in the middle."""


@pytest.mark.parametrize("renames", range(1, 9))
def test_a_restore_that_is_cut_off_is_finished_or_undone(
    directory: DataDirectory, file: Path, monkeypatch: pytest.MonkeyPatch, renames: int
) -> None:
    fill(directory, "new")
    rename, left = Path.rename, renames

    def cut(path: Path, target: Path) -> Path:
        nonlocal left
        left -= 1
        if left < 0:
            raise PowerCutError
        return rename(path, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", cut)
        try:
            restore(file, directory)
        except PowerCutError:
            finished = any((directory.root / name).exists() for name in (READY, PLACING))
        else:
            finished = True
    finish_restore(directory)
    assert words(directory) == (("old", "old") if finished else ("new", "new"))
    for name in (READY, PLACING, REPLACED):
        assert not (directory.root / name).exists()
