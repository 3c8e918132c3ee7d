"""Replicas: they see what is published, whole, follow it, and outlive its owner."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from fingerpost_retrieval import (
    GuidanceIndex,
    IndexDamaged,
    IndexLocked,
    IndexReplica,
    IndexUnwritable,
    OnnxEmbedder,
    TextPage,
    TextSection,
    publish,
)

OWNER = """
import sys, itertools
from pathlib import Path
from fingerpost_retrieval import GuidanceIndex, TextPage, publish
folder = Path(sys.argv[1])
index = GuidanceIndex.open(folder / "index", None)
for number in itertools.count():
    pages = [TextPage(path=f"/{p}", title=f"guidance {number}", sections=()) for p in range(20)]
    index.replace(pages)
    publish(index, folder / "published")
    print(number, flush=True)
"""


def page(path: str, words: str) -> TextPage:
    return TextPage(path=path, title=path, sections=(TextSection(text=words),))


def paths(index: GuidanceIndex, question: str = "guidance") -> set[str]:
    return {hit.passage.path for hit in index.search(question, limit=100).hits}


@pytest.fixture
def owner(tmp_path: Path) -> Iterator[GuidanceIndex]:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace([page("/one", "guidance about one")])
        publish(index, tmp_path / "published")
        yield index


@pytest.fixture
def replica(owner: GuidanceIndex, tmp_path: Path) -> Iterator[IndexReplica]:
    published, folder = tmp_path / "published", tmp_path / "replica"
    with IndexReplica.follow(published, folder, None, interval=0) as found:
        yield found


def test_a_replica_finds_what_its_owner_published(replica: IndexReplica) -> None:
    assert paths(replica) == {"/one"}


def test_a_replica_searches_by_meaning_too(
    embedder: OnnxEmbedder, guidance: list[TextPage], tmp_path: Path
) -> None:
    with GuidanceIndex.open(tmp_path / "index", embedder) as index:
        index.replace(guidance)
        publish(index, tmp_path / "published")
        expected = index.search("rubbish collection").hits
    with IndexReplica.follow(tmp_path / "published", tmp_path / "replica", embedder) as replica:
        assert replica.search("rubbish collection").hits == expected


def test_several_replicas_search_at_once_beside_the_owner(
    owner: GuidanceIndex, replica: IndexReplica, tmp_path: Path
) -> None:
    with IndexReplica.follow(tmp_path / "published", tmp_path / "another", None) as another:
        assert paths(owner) == paths(replica) == paths(another) == {"/one"}


def test_a_change_is_seen_once_it_is_published(
    owner: GuidanceIndex, replica: IndexReplica, tmp_path: Path
) -> None:
    owner.replace([page("/two", "guidance about two")])
    assert not replica.refresh()
    assert paths(replica) == {"/one"}
    assert publish(owner, tmp_path / "published")
    assert replica.refresh()
    assert paths(replica) == {"/one", "/two"}
    assert replica.revision == owner.revision


def test_nothing_is_copied_when_nothing_has_changed(owner: GuidanceIndex, tmp_path: Path) -> None:
    assert not publish(owner, tmp_path / "published")


def test_a_replica_follows_by_itself(owner: GuidanceIndex, tmp_path: Path) -> None:
    published = tmp_path / "published"
    with IndexReplica.follow(published, tmp_path / "replica", None, interval=0.05) as replica:
        owner.replace([page("/two", "guidance about two")])
        publish(owner, published)
        deadline = time.monotonic() + 20
        while paths(replica) != {"/one", "/two"}:
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_a_replica_follows_to_a_new_generation(
    owner: GuidanceIndex, replica: IndexReplica, tmp_path: Path
) -> None:
    with owner.rebuilding(None) as fresh:
        fresh.replace([page("/three", "guidance about three")])
    publish(owner, tmp_path / "published")
    assert replica.refresh()
    assert paths(replica) == {"/three"}


def test_old_copies_go(owner: GuidanceIndex, tmp_path: Path) -> None:
    for number in range(5):
        owner.replace([page("/one", f"guidance {number}")])
        publish(owner, tmp_path / "published")
    kept = sorted(entry.name for entry in (tmp_path / "published").iterdir())
    assert kept == ["copy-00000005", "copy-00000006", "published.json"]


def test_searches_go_on_while_a_replica_takes_up_a_copy(
    owner: GuidanceIndex, replica: IndexReplica, tmp_path: Path
) -> None:
    faults: list[BaseException] = []
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            try:
                assert "/one" in paths(replica)
            except BaseException as error:
                faults.append(error)

    threads = [threading.Thread(target=look) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(4):
        owner.replace([page(f"/more-{number}", "guidance")])
        publish(owner, tmp_path / "published")
        replica.refresh()
    done.set()
    for thread in threads:
        thread.join()
    assert faults == []


def test_a_replica_takes_no_changes(replica: IndexReplica) -> None:
    with pytest.raises(IndexLocked, match="the process that owns the index"):
        replica.replace([page("/two", "guidance")])
    with pytest.raises(IndexLocked, match="replica"), replica.rebuilding(None):
        pass


def test_two_replicas_cannot_share_a_folder(replica: IndexReplica, tmp_path: Path) -> None:
    with pytest.raises(IndexLocked):
        IndexReplica.follow(tmp_path / "published", tmp_path / "replica", None)


def test_a_copy_of_which_a_file_has_gone_is_damaged_and_not_unwritable(
    owner: GuidanceIndex, tmp_path: Path
) -> None:
    (copy,) = (tmp_path / "published").glob("copy-*/gen-*")
    (copy / "gone").symlink_to(copy / "no such file")
    with pytest.raises(IndexDamaged, match="Publish the index anew"):
        IndexReplica.follow(tmp_path / "published", tmp_path / "replica", None, interval=0)


def test_a_folder_that_cannot_be_published_to_is_an_error_with_its_cure(
    owner: GuidanceIndex, tmp_path: Path
) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(IndexUnwritable, match="Choose a folder"):
        publish(owner, tmp_path / "file" / "published")


def test_a_replica_keeps_no_copy_open_that_it_has_left(
    owner: GuidanceIndex, replica: IndexReplica, tmp_path: Path
) -> None:
    for number in range(3):
        owner.replace([page("/one", f"guidance number {number}")])
        publish(owner, tmp_path / "published")
        assert replica.refresh()
    assert len(replica._folder._opened) == 1


def test_nothing_published_is_an_error_with_its_cure(tmp_path: Path) -> None:
    with pytest.raises(IndexDamaged, match="Publish the index there first"):
        IndexReplica.follow(tmp_path / "nowhere", tmp_path / "replica", None)


def test_a_replica_outlives_an_owner_that_is_killed(tmp_path: Path) -> None:
    command = [sys.executable, "-c", OWNER, str(tmp_path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        published = tmp_path / "published"
        with IndexReplica.follow(published, tmp_path / "replica", None, interval=0) as replica:
            for _ in range(3):
                process.stdout.readline()
            process.send_signal(signal.SIGKILL)
            process.wait()
            replica.refresh()
            assert len(paths(replica)) == 20
            # Every page is of the same commit.
            assert (
                len({hit.passage.title for hit in replica.search("guidance", limit=50).hits}) == 1
            )
            with GuidanceIndex.open(tmp_path / "index", None, wait=5) as successor:
                successor.replace([page("/after", "guidance after all")])
                publish(successor, published)
            assert replica.refresh()
            assert len(paths(replica)) == 21
