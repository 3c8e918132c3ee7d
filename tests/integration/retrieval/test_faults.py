"""What an index says when something is wrong, and that it loses nothing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from fingerpost_retrieval import (
    Embedder,
    GuidanceIndex,
    IndexClosed,
    IndexDamaged,
    IndexLocked,
    IndexMismatch,
    IndexUnreachable,
    IndexUnwritable,
    OnnxEmbedder,
    TextPage,
)
from fingerpost_retrieval import edge as edge_module

from .conftest import page


class Renamed:
    """The real embedder under another digest, as after a change of model."""

    digest = "another-model"

    def __init__(self, embedder: OnnxEmbedder) -> None:
        self.dimensions = embedder.dimensions
        self.max_tokens = embedder.max_tokens
        self.embed = embedder.embed
        self.count_tokens = embedder.count_tokens


@pytest.fixture
def folder(tmp_path: Path, guidance: list[TextPage]) -> Path:
    """A closed index that holds three pages, by words alone."""
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace(guidance)
    return tmp_path / "index"


def listing(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


def test_a_second_opener_is_told_who_has_the_index(folder: Path) -> None:
    with GuidanceIndex.open(folder, None):
        with pytest.raises(IndexLocked, match=f"in use by process {os.getpid()}"):
            GuidanceIndex.open(folder, None)
        with pytest.raises(IndexLocked):
            GuidanceIndex.open(folder, None, wait=0.1)
    GuidanceIndex.open(folder, None).close()


def test_a_second_opener_may_wait_for_the_first(folder: Path) -> None:
    code = textwrap.dedent(
        """
        import sys, time
        from pathlib import Path
        from fingerpost_retrieval import GuidanceIndex
        with GuidanceIndex.open(Path(sys.argv[1]), None):
            print("open", flush=True)
            time.sleep(0.5)
        """
    )
    command = [sys.executable, "-W", "ignore", "-c", code, str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as first:
        assert first.stdout is not None
        first.stdout.readline()
        with GuidanceIndex.open(folder, None, wait=20) as index:
            assert index.stats().pages == 3


def test_a_closed_index_says_so(folder: Path) -> None:
    index = GuidanceIndex.open(folder, None)
    index.close()
    index.close()
    with pytest.raises(IndexClosed):
        index.search("passport")


@pytest.mark.parametrize("damage", ["current.json", "segment.json", "edge_config.json"])
@pytest.mark.parametrize("how", ["emptied", "garbled"])
def test_a_damaged_file_is_reported_with_its_cure_and_nothing_is_deleted(
    folder: Path, damage: str, how: str
) -> None:
    (victim, *_) = folder.rglob(damage)
    victim.write_bytes(b"" if how == "emptied" else os.urandom(victim.stat().st_size))
    before = listing(folder)
    with pytest.raises(IndexDamaged, match=r"fingerpost restore.*fingerpost ingest --rebuild"):
        GuidanceIndex.open(folder, None)
    assert listing(folder) == before


def test_passages_lost_without_a_sign_are_noticed(folder: Path) -> None:
    (victim, *_) = folder.rglob("mutable_id_tracker.mappings")
    os.truncate(victim, victim.stat().st_size * 3 // 5)
    with pytest.raises(IndexDamaged, match="passages instead of 5"):
        GuidanceIndex.open(folder, None)


def test_a_vector_file_without_vectors_is_reported_with_its_cure(
    tmp_path: Path, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    with GuidanceIndex.open(tmp_path / "index", embedder) as index:
        index.replace(guidance)
    (victim,) = (tmp_path / "index").rglob("vector_storage-dense/**/chunk_0.mmap")
    os.truncate(victim, 0)
    with (
        GuidanceIndex.open(tmp_path / "index", embedder) as index,
        pytest.raises(IndexDamaged, match=r"not readable.*fingerpost restore.*ingest --rebuild"),
    ):
        index.search("passport")


def test_a_lost_alias_is_reported(folder: Path) -> None:
    (folder / "current.json").unlink()
    with pytest.raises(IndexDamaged, match=r"current\.json is missing, yet gen-1 exists"):
        GuidanceIndex.open(folder, None)


def test_a_damaged_index_can_be_built_anew(folder: Path, guidance: list[TextPage]) -> None:
    shutil.rmtree(folder / "gen-1" / "segments")
    with pytest.raises(RuntimeError, match="cut off"), GuidanceIndex.rebuild(folder, None):
        raise RuntimeError("cut off")
    with pytest.raises(IndexDamaged):
        GuidanceIndex.open(folder, None)
    with GuidanceIndex.rebuild(folder, None) as index:
        index.replace(guidance[:2])
    with GuidanceIndex.open(folder, None) as index:
        assert index.stats().pages == 2
    assert not (folder / "gen-1").exists()


def test_an_index_for_another_model_is_refused_with_the_cure(
    folder: Path, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    with pytest.raises(IndexMismatch, match=r"built for no embedder.*fingerpost ingest --rebuild"):
        GuidanceIndex.open(folder, embedder)
    with GuidanceIndex.rebuild(folder, embedder) as index:
        index.replace(guidance)
    other: Embedder = Renamed(embedder)
    with pytest.raises(IndexMismatch, match=f"{embedder.digest}.*another-model"):
        GuidanceIndex.open(folder, other)
    with GuidanceIndex.open(folder, embedder) as index:
        assert index.stats().pages == 3


def test_an_empty_index_takes_any_model(tmp_path: Path, embedder: OnnxEmbedder) -> None:
    GuidanceIndex.open(tmp_path, None).close()
    with GuidanceIndex.open(tmp_path, embedder) as index:
        assert index.stats().has_vectors


def test_without_its_model_an_index_is_searched_by_words_and_not_written(
    tmp_path: Path, embedder: OnnxEmbedder, guidance: list[TextPage]
) -> None:
    with GuidanceIndex.open(tmp_path, embedder) as index:
        index.replace(guidance)
    with GuidanceIndex.open(tmp_path, None) as index:
        assert index.search("When are the bins emptied?").hits[0].passage.path == "/bins"
        with pytest.raises(IndexMismatch, match="no embedding model is in use"):
            index.replace([page("/new", "New", A="text")])
        index.remove([("/bins", "en")])
        assert index.stats().pages == 2


def test_a_full_disk_is_reported_before_anything_is_written(
    folder: Path, guidance: list[TextPage], monkeypatch: pytest.MonkeyPatch
) -> None:
    with GuidanceIndex.open(folder, None) as index:
        before = index.stats()
        monkeypatch.setattr(edge_module, "RESERVE_BYTES", 2**60)
        with pytest.raises(IndexUnwritable, match=r"is full: \d+ MB are free.*Free some space"):
            index.replace([page("/new", "New", A="text")])
        assert index.stats() == before
        monkeypatch.undo()
        index.replace([page("/new", "New", A="text")])
        assert index.stats().pages == 4


def test_a_folder_that_may_not_be_written_is_reported(folder: Path) -> None:
    code = textwrap.dedent(
        """
        import os, sys
        from pathlib import Path
        from fingerpost_retrieval import GuidanceIndex, IndexUnwritable
        if os.getuid() == 0:
            os.setuid(65534)
        for folder in (Path(sys.argv[1]), Path(sys.argv[1]) / "new"):
            try:
                GuidanceIndex.open(folder, None)
            except IndexUnwritable as error:
                print(error)
        """
    )
    for path in (folder, *folder.parents[:2]):
        path.chmod(0o555)
    (folder / "lock").chmod(0o444)
    try:
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", code, str(folder)],
            capture_output=True,
            text=True,
            check=True,
        )
    finally:
        for path in (folder, *folder.parents[:2]):
            path.chmod(0o755)
    assert done.stdout.count("cannot be written: Permission denied") == 2


def test_a_file_in_the_place_of_the_folder_is_reported(tmp_path: Path) -> None:
    (tmp_path / "index").touch()
    with pytest.raises(IndexUnwritable, match="cannot be written: File exists"):
        GuidanceIndex.open(tmp_path / "index", None)


def test_a_server_that_does_not_answer_is_reported() -> None:
    with pytest.raises(IndexUnreachable, match=r"does not answer.*Check its address"):
        GuidanceIndex.connect("http://127.0.0.1:9", None)
