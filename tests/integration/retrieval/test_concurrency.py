"""Readers beside writers: every page whole, of one revision, and never missing."""

from __future__ import annotations

import random
import shutil
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec
import pytest

from fingerpost_retrieval import GuidanceIndex, IndexLocked, IndexUnwritable, TextPage, TextSection

PAGES = 8
SECONDS = 2.5


def version(number: int, revision: int, sections: int) -> TextPage:
    """A page of a certain number of passages, all of which the question "guidance" finds."""
    texts = (
        f"guidance, revision {revision}, part {part} " + "words " * 40 for part in range(sections)
    )
    return TextPage(
        path=f"/{number}",
        title=f"Page {number}",
        sections=tuple(TextSection(text=text, heading_path=(text[:30],)) for text in texts),
    )


class Watch:
    """Searches without pause in several threads and notes every page that is not whole."""

    def __init__(self, index: GuidanceIndex) -> None:
        self.index = index
        self.sizes: dict[str, int] = {}
        self.faults: list[str] = []
        self.searches = 0
        self._stop = threading.Event()

    def expect(self, page: TextPage) -> TextPage:
        self.sizes[page.digest] = len(page.sections)
        return page

    def look(self) -> None:
        found = Counter(
            (hit.passage.path, hit.passage.revision)
            for hit in self.index.search("guidance", limit=100).hits
        )
        self.searches += 1
        if len({path for path, _ in found}) < PAGES:
            self.faults.append(f"pages missing: {sorted(found)}")
        if len(found) > PAGES:
            self.faults.append(f"two revisions of a page: {sorted(found)}")
        for (path, revision), passages in found.items():
            if passages != self.sizes[revision]:
                self.faults.append(f"{passages} of {self.sizes[revision]} passages of {path}")

    def _run(self) -> None:
        while not self._stop.is_set():
            try:
                self.look()
            except Exception as error:
                self.faults.append(repr(error))
                return

    @contextmanager
    def watching(self) -> Iterator[None]:
        threads = [threading.Thread(target=self._run) for _ in range(3)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self._stop.set()
            for thread in threads:
                thread.join()


def test_readers_never_see_half_a_page_or_two_revisions(tmp_path: Path) -> None:
    chance = random.Random(7)
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        watch = Watch(index)
        index.replace([watch.expect(version(number, 0, 3)) for number in range(PAGES)])
        optimiser = threading.Timer(SECONDS / 2, index.optimise)
        optimiser.start()
        with watch.watching():
            deadline = time.monotonic() + SECONDS
            revision = 0
            while time.monotonic() < deadline:
                revision += 1
                pages = [
                    watch.expect(version(number, revision, chance.randint(1, 9)))
                    for number in chance.sample(range(PAGES), chance.randint(1, 4))
                ]
                index.replace(pages)
        optimiser.join()
        assert watch.faults == []
        assert watch.searches > revision > 3


def test_readers_see_every_page_while_a_new_generation_takes_over(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        watch = Watch(index)
        pages = [watch.expect(version(number, 0, 3)) for number in range(PAGES)]
        index.replace(pages)
        with watch.watching():
            for _ in range(4):
                with index.rebuilding(None) as fresh:
                    fresh.replace(pages)
        assert watch.faults == []
        assert index.stats().generation == "gen-5"
        assert [path.name for path in (tmp_path / "index").glob("gen-*")] == ["gen-5"]


def test_writers_in_several_threads_do_not_disturb_each_other(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        watch = Watch(index)
        index.replace([watch.expect(version(number, 0, 2)) for number in range(PAGES)])

        def write(first: int) -> None:
            for revision in range(1, 6):
                index.replace([watch.expect(version(n, revision, 3)) for n in (first, first + 1)])

        writers = [threading.Thread(target=write, args=(first,)) for first in range(PAGES - 1)]
        with watch.watching():
            for writer in writers:
                writer.start()
            for writer in writers:
                writer.join()
        watch.look()
        assert watch.faults == []
        assert (index.stats().pages, index.stats().passages) == (PAGES, PAGES * 3)


def test_a_change_made_during_a_rebuild_is_newer_than_what_the_rebuild_brings(
    tmp_path: Path,
) -> None:
    old, new = version(1, 1, 2), version(1, 2, 3)
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace([old, version(2, 1, 2)])
        with index.rebuilding(None) as fresh:
            index.replace([new])
            index.remove([("/2", "en")])
            fresh.replace([old, version(2, 1, 2), version(3, 1, 1)])
        found = Counter(hit.passage.path for hit in index.search("guidance", limit=100).hits)
        assert found == {"/1": 3, "/3": 1}


def test_changes_made_at_the_moment_of_the_switch_are_not_lost(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace([version(number, 0, 1) for number in range(PAGES)])
        stop = threading.Event()
        revision = 0

        def write() -> None:
            nonlocal revision
            while not stop.is_set():
                revision += 1
                index.replace([version(number, revision, 1) for number in range(PAGES)])

        writer = threading.Thread(target=write)
        writer.start()
        for _ in range(3):
            with index.rebuilding(None) as fresh:
                fresh.replace([version(number, 0, 1) for number in range(PAGES)])
        stop.set()
        writer.join()
        hits = index.search("guidance", limit=100).hits
        assert {hit.passage.revision for hit in hits} == {
            version(number, revision, 1).digest for number in range(PAGES)
        }


class Unhurried(msgspec.Struct):
    """A page that stops its writer, when it is written for the n-th time, until it is let go."""

    page: TextPage
    stops_at: int
    reached: threading.Event = msgspec.field(default_factory=threading.Event)
    go_on: threading.Event = msgspec.field(default_factory=threading.Event)
    written: int = 0

    def __getattr__(self, name: str) -> object:
        return getattr(self.page, name)

    @property
    def sections(self) -> tuple[TextSection, ...]:
        self.written += 1
        if self.written == self.stops_at:
            self.reached.set()
            assert self.go_on.wait(20)
        return self.page.sections


def test_a_change_that_the_switch_overlaps_is_in_the_new_generation(tmp_path: Path) -> None:
    slow = Unhurried(version(1, 2, 1), stops_at=1)
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        index.replace([version(1, 1, 1)])
        writer = threading.Thread(target=index.replace, args=([slow],))
        let_go = threading.Timer(0.3, slow.go_on.set)
        with index.rebuilding(None) as fresh:
            fresh.replace([version(1, 1, 1)])
            writer.start()
            assert slow.reached.wait(20)
            let_go.start()
        writer.join()
        let_go.join()
        (hit,) = index.search("guidance").hits
        assert hit.passage.revision == slow.page.digest


def test_changes_during_a_rebuild_reach_both_generations_in_one_order(tmp_path: Path) -> None:
    slow, newer = Unhurried(version(1, 2, 1), stops_at=2), version(1, 3, 1)
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        with index.rebuilding(None):
            first = threading.Thread(target=index.replace, args=([slow],))
            second = threading.Thread(target=index.replace, args=([newer],))
            first.start()
            assert slow.reached.wait(20)  # in the old generation, not in the new one yet
            second.start()
            second.join(0.3)
            slow.go_on.set()
            first.join()
            second.join()
            (hit,) = index.search("guidance").hits
            assert hit.passage.revision == newer.digest
        (hit,) = index.search("guidance").hits
        assert hit.passage.revision == newer.digest


def test_a_second_rebuild_is_refused_and_does_the_first_no_harm(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        with index.rebuilding(None) as fresh:
            with (
                pytest.raises(IndexLocked, match=r"already being rebuilt.*try again"),
                index.rebuilding(None),
            ):
                pass
            index.replace([version(1, 1, 1)])
            fresh.replace([version(2, 1, 1)])
        assert index.stats().pages == 2
        with index.rebuilding(None) as fresh:
            fresh.replace([version(3, 1, 1)])
        assert index.stats().pages == 1


def test_a_rebuild_that_fails_says_why_even_if_its_files_are_gone(tmp_path: Path) -> None:
    with GuidanceIndex.open(tmp_path / "index", None) as index:
        with pytest.raises(IndexUnwritable), index.rebuilding(None) as fresh:
            shutil.rmtree(tmp_path / "index" / fresh.stats().generation)
        index.replace([version(1, 1, 1)])
        assert index.stats().pages == 1
