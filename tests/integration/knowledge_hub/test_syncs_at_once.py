"""Several syncs at once, and syncs that are killed: index and catalogue end up the same."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import fileindex
import pytest
from fileindex import FileIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Document

PAGES = 100

Start = Callable[..., subprocess.Popen[bytes]]


@pytest.fixture
def guidance(tmp_path: Path) -> Path:
    folder = tmp_path / "guidance"
    folder.mkdir()
    for number in range(PAGES):
        (folder / f"{number}.md").write_text(f"Text of page {number}.")
    return folder


@pytest.fixture
def index(tmp_path: Path) -> FileIndex:
    return FileIndex(tmp_path / "index")


@pytest.fixture
def start(catalogue: Catalogue, database: str, guidance: Path, tmp_path: Path) -> Iterator[Start]:
    """Starts a sync of the guidance in a process of its own."""
    started: list[subprocess.Popen[bytes]] = []

    def run(seconds_a_page: float = 0.0) -> subprocess.Popen[bytes]:
        command = [sys.executable, fileindex.__file__, database, guidance, tmp_path / "index"]
        process = subprocess.Popen([*map(str, command), str(seconds_a_page)])
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.wait()


def live(catalogue: Catalogue) -> dict[str, Document]:
    return {document.path: document for document in catalogue.documents("default")}


def test_syncs_at_once_take_turns_and_do_no_work_twice(
    start: Start, catalogue: Catalogue, index: FileIndex
) -> None:
    processes = [start(0.002) for _ in range(3)]
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    assert len(index.documents()) == PAGES
    assert index.documents() == live(catalogue)


def test_sync_beside_an_editor_leaves_one_state_in_both(
    start: Start, catalogue: Catalogue, index: FileIndex, guidance: Path
) -> None:
    first = start(0.005)
    for number in range(0, PAGES, 3):
        (guidance / f"{number}.md").write_text(f"New text of page {number}.")
        (guidance / f"{number + 1}.md").unlink(missing_ok=True)
    second = start(0.002)
    assert [first.wait(60), second.wait(60)] == [0, 0]
    assert index.documents() == live(catalogue)
    assert start().wait(60) == 0
    assert index.documents() == live(catalogue)
    assert set(index.documents()) == {f"/{file.stem}" for file in guidance.iterdir()}
    assert "New" in index.documents()["/0"].sections[0].text


def test_killed_sync_frees_the_catalogue_and_is_resumed(
    start: Start, catalogue: Catalogue, index: FileIndex
) -> None:
    killed = start(0.01)
    while index.count() < 40:
        assert killed.poll() is None
        time.sleep(0.005)
    killed.kill()
    killed.wait()
    assert 0 < len(live(catalogue)) < PAGES
    with catalogue.exclusive(timeout=5):
        pass
    assert start().wait(60) == 0
    assert len(index.documents()) == PAGES
    assert index.documents() == live(catalogue)
