"""Putting a large index in order: by another process, while this one goes on searching."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from fingerpost_retrieval import (
    GuidanceIndex,
    IndexClosed,
    IndexUnwritable,
    edge,
    edge_folder,
    searching,
)
from fingerpost_retrieval.fusion import sparse_only
from loadtests.retrieval_scale.underway import HashedEmbedder, page

PAGES = 100
"""Of four passages each."""


@pytest.fixture(autouse=True)
def graphs_from_few(monkeypatch: pytest.MonkeyPatch) -> None:
    """A graph from 66 passages on, where it is from 6,666."""
    monkeypatch.setattr(edge, "HNSW_FROM_KILOBYTES", 100)


@pytest.fixture
def index(tmp_path: Path) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path / "index", HashedEmbedder()) as index:
        index.replace([page(number, 0) for number in range(PAGES)])
        yield index


def found(index: GuidanceIndex, number: int) -> set[str]:
    return {
        hit.passage.path for hit in index.search(f"page{number}", limit=1, fusion=sparse_only).hits
    }


def folders(index_folder: Path) -> list[str]:
    return sorted(entry.name for entry in index_folder.iterdir() if entry.is_dir())


def test_the_copy_in_order_takes_the_place(index: GuidanceIndex, tmp_path: Path) -> None:
    before = index.stats()
    index.optimise()
    after = index.stats()
    assert (before.generation, after.generation) == ("gen-1", "gen-2")
    assert (after.passages, after.revision) == (before.passages, before.revision)
    assert folders(tmp_path / "index") == ["gen-2"]
    assert found(index, 7) == {"/7"}


def test_what_is_in_order_is_left_alone(index: GuidanceIndex, tmp_path: Path) -> None:
    index.optimise()
    index.replace([page(3, 1)])
    index.optimise()
    assert index.stats().generation == "gen-2", "one page of a hundred is not worth a copy"
    index.replace([page(number, 2) for number in range(PAGES // 2)])
    index.optimise()
    assert index.stats().generation == "gen-3"
    index.close()
    with GuidanceIndex.open(tmp_path / "index", HashedEmbedder()) as again:
        again.optimise()
        assert again.stats().generation == "gen-3", "how it was left is on the disk"
        assert again.stats().pages == PAGES


def test_searches_go_on_and_changes_wait(
    index: GuidanceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    underway, go_on = threading.Event(), threading.Event()
    start = edge_folder.order_elsewhere

    def held(folder: Path) -> subprocess.Popen[str]:
        underway.set()
        go_on.wait(30)
        return start(folder)

    monkeypatch.setattr(edge_folder, "order_elsewhere", held)
    ordering = threading.Thread(target=index.optimise)
    changing = threading.Thread(target=index.replace, args=([page(PAGES, 0)],))
    ordering.start()
    assert underway.wait(30)
    changing.start()
    for number in range(10):
        assert found(index, number) == {f"/{number}"}
    assert changing.is_alive()
    go_on.set()
    ordering.join(60)
    changing.join(60)
    assert index.stats().generation == "gen-2"
    assert found(index, PAGES) == {f"/{PAGES}"}


def test_a_rebuild_in_order_takes_the_place_at_its_end(
    index: GuidanceIndex, tmp_path: Path
) -> None:
    with index.rebuilding(HashedEmbedder()) as fresh:
        fresh.replace([page(number, 1) for number in range(PAGES)])
        fresh.optimise()
        assert index.stats().generation == "gen-1"
        index.replace([page(5, 2)])
    assert index.stats().generation == "gen-3"
    assert {
        hit.passage.revision for hit in index.search("page5", limit=1, fusion=sparse_only).hits
    } == {page(5, 2).digest}
    assert folders(tmp_path / "index") == ["gen-3"]


def test_a_rebuild_that_fails_in_order_leaves_all_as_it_was(
    index: GuidanceIndex, tmp_path: Path
) -> None:
    def rebuild() -> None:
        with index.rebuilding(HashedEmbedder()) as fresh:
            fresh.replace([page(number, 1) for number in range(PAGES)])
            fresh.optimise()
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        rebuild()
    index.close()
    with GuidanceIndex.open(tmp_path / "index", HashedEmbedder()) as again:
        assert again.stats().generation == "gen-1"
        assert folders(tmp_path / "index") == ["gen-1"]


def test_without_room_all_stays_as_it_was(
    index: GuidanceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(edge_folder, "size_of", lambda folder: 2**60)
    with pytest.raises(IndexUnwritable, match="Free some space"):
        index.optimise()
    assert found(index, 7) == {"/7"}
    assert folders(tmp_path / "index") == ["gen-1"]


def test_what_goes_wrong_in_the_other_process_is_told(
    index: GuidanceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def without_space(folder: Path) -> subprocess.Popen[str]:
        code = "import sys; sys.exit('No space left on device (os error 28)')"
        return subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True)

    monkeypatch.setattr(edge_folder, "order_elsewhere", without_space)
    with pytest.raises(IndexUnwritable, match="os error 28"):
        index.optimise()
    assert folders(tmp_path / "index") == ["gen-1"]
    index.replace([page(7, 1)])
    assert found(index, 7) == {"/7"}


def test_it_ends_when_it_is_no_longer_wanted(
    index: GuidanceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    helpers: list[subprocess.Popen[str]] = []

    def asleep(folder: Path) -> subprocess.Popen[str]:
        helpers.append(
            subprocess.Popen(
                [sys.executable, "-c", "import time; time.sleep(60)"],
                stderr=subprocess.PIPE,
                text=True,
            )
        )
        return helpers[-1]

    def unwanted() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(edge_folder, "order_elsewhere", asleep)
    with pytest.raises(ZeroDivisionError):
        index.optimise(unwanted)
    assert helpers[0].returncode is not None
    assert folders(tmp_path / "index") == ["gen-1"]
    assert found(index, 7) == {"/7"}


def test_an_index_that_is_closed_meanwhile_stays_whole(
    index: GuidanceIndex, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def asleep(folder: Path) -> subprocess.Popen[str]:
        helper = subprocess.Popen(
            [sys.executable, "-c", "import time; time.sleep(60)"],
            stderr=subprocess.PIPE,
            text=True,
        )
        threading.Timer(0.2, index.close).start()
        return helper

    monkeypatch.setattr(edge_folder, "order_elsewhere", asleep)
    with pytest.raises(IndexClosed):
        index.optimise()
    with GuidanceIndex.open(tmp_path / "index", HashedEmbedder(), wait=5) as again:
        assert again.stats().pages == PAGES
        assert folders(tmp_path / "index") == ["gen-1"]


def test_the_other_process_does_not_outlive_this_one() -> None:
    ran = subprocess.run(
        [sys.executable, "-P", edge_folder.order_elsewhere.__code__.co_filename, "1", "nowhere"],
        capture_output=True,
        text=True,
        timeout=30,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (1, ""), "it has not looked for the folder"


def test_what_an_interruption_left_behind_is_deleted_when_the_index_is_opened(
    index: GuidanceIndex, tmp_path: Path
) -> None:
    index.optimise()
    index.close()
    folder = tmp_path / "index"
    shutil.copytree(folder / "gen-2", folder / "gen-1")
    shutil.copytree(folder / "gen-2", folder / ".gen-3.partial")
    with GuidanceIndex.open(folder, HashedEmbedder()) as again:
        assert folders(folder) == ["gen-2"]
        assert found(again, 7) == {"/7"}


def test_a_search_that_a_commit_overtakes_while_it_ranks_is_made_again(
    index: GuidanceIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    rank, ranked = searching.rank, []

    def overtaken(*args: object) -> object:
        ranked.append(1)
        if len(ranked) == 1:
            index.replace([page(50, 1)])
        return rank(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(searching, "rank", overtaken)
    before = index.stats().revision
    result = index.search("page7", limit=1, fusion=sparse_only)
    assert len(ranked) == 2, "what was shown could be read, and yet some of it was scored before"
    assert result.index_revision != before
    assert result.hits[0].passage.path == "/7"
