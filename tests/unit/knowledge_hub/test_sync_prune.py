"""When a sync removes pages that are no longer listed, and when it holds back."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hubkit import ListSource, RecordingIndex, page

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.sources import Failed
from fingerpost_knowledge_hub.sync import SyncReport, forget

Sync = Callable[..., SyncReport]


def many(count: int) -> ListSource:
    return ListSource(*(page(f"/{number}") for number in range(count)))


def test_nothing_is_removed_without_prune(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page("/a"), page("/b")))
    sync(ListSource(page("/b")), prune=False)
    assert set(index.texts()) == {"/a", "/b"}


def test_listing_that_breaks_off_removes_nothing_and_adds_what_it_found(
    sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page("/a"), page("/b")))
    report = sync(ListSource(page("/c"), breaks=True))
    assert set(index.texts()) == {"/a", "/b", "/c"}
    assert not report.complete
    assert report.failed == [Failed("test", "the folder cannot be listed: check its rights")]


def test_page_whose_file_cannot_be_read_this_time_stays(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page("/a"), page("/b")))
    sync(ListSource(Failed("/a", "cannot be read"), page("/b")))
    assert set(index.texts()) == {"/a", "/b"}


def test_source_that_suddenly_lists_nothing_is_held_back(sync: Sync, index: RecordingIndex) -> None:
    sync(many(3))
    report = sync(ListSource())
    assert report.removed == 0
    assert "3 of 3 live pages" in report.warnings[0]
    assert len(index.texts()) == 3


def test_shrinking_to_nothing_can_be_allowed(sync: Sync, index: RecordingIndex) -> None:
    sync(many(3))
    report = sync(ListSource(), allow_shrink=True)
    assert (report.removed, report.warnings) == (3, [])
    assert index.texts() == {}


@pytest.mark.parametrize(
    ("before", "after", "held"), [(60, 29, True), (60, 30, False), (25, 6, False), (25, 5, True)]
)
def test_most_of_many_pages_do_not_vanish_unasked(
    sync: Sync, index: RecordingIndex, before: int, after: int, held: bool
) -> None:
    sync(many(before))
    report = sync(many(after))
    assert len(index.texts()) == (before if held else after)
    assert bool(report.warnings) is held


def test_forgotten_source_leaves_nothing_and_frees_its_paths(
    sync: Sync, index: RecordingIndex, catalogue: Catalogue
) -> None:
    sync(ListSource(page("/a", "Old."), name="old"))
    sync(ListSource(page("/b"), name="other"))
    assert forget("old", catalogue, index) == 1
    assert index.texts() == {"/b": "Text."}
    assert sync(ListSource(page("/a", "New."), name="new")).added == 1
