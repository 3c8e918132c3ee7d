"""Unchanged parts of a source are not read again, and are read when they are needed after all."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hubkit import PartsSource, RecordingIndex, page

from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.sources import Failed, Skipped
from fingerpost_knowledge_hub.sync import SyncReport

Sync = Callable[..., SyncReport]


@pytest.fixture
def source() -> PartsSource:
    made = PartsSource()
    made.write("a", "1", page("/a"))
    made.write("b", "1", page("/b", status=Status.DRAFT))
    return made


def test_unchanged_parts_are_not_read(sync: Sync, source: PartsSource) -> None:
    first = sync(source)
    source.reads.clear()
    second = sync(source)
    assert source.reads == []
    assert second.unchanged == 1
    assert (second.statuses, second.skipped) == (first.statuses, first.skipped)


def test_only_the_changed_part_is_read(
    sync: Sync, source: PartsSource, index: RecordingIndex
) -> None:
    sync(source)
    source.reads.clear()
    source.write("a", "2", page("/a", "New."))
    assert sync(source).changed == 1
    assert source.reads == ["a"]
    assert index.texts() == {"/a": "New."}


def test_another_reader_reads_every_part_anew(sync: Sync, source: PartsSource) -> None:
    sync(source)
    source.reads.clear()
    source.reader = "parts/2"
    sync(source)
    assert source.reads == ["a", "b"]


def test_part_without_a_stamp_is_always_read(sync: Sync, source: PartsSource) -> None:
    source.write("c", "", page("/c"))
    sync(source)
    source.reads.clear()
    assert sync(source).unchanged == 2
    assert source.reads == ["c"]


def test_part_that_failed_is_tried_again(
    sync: Sync, source: PartsSource, index: RecordingIndex
) -> None:
    source.write("c", "1", Failed("c", "cannot be read"))
    assert len(sync(source).failed) == 1
    source.reads.clear()
    source.contents["c"] = ("1", source.contents["a"][1])
    sync(source)
    assert source.reads == ["c"]


def test_older_copy_is_read_after_all_when_the_newer_one_is_gone(
    sync: Sync, source: PartsSource, index: RecordingIndex
) -> None:
    source.write("new", "1", page("/twice", "New.", day=2))
    source.write("old", "1", page("/twice", "Old.", day=1))
    sync(source)
    assert index.texts()["/twice"] == "New."
    del source.contents["new"]
    source.reads.clear()
    assert sync(source).changed == 1
    assert source.reads == ["old"]
    assert index.texts()["/twice"] == "Old."


def test_part_that_changes_between_listing_and_reading_fails_this_time(
    sync: Sync, source: PartsSource, index: RecordingIndex
) -> None:
    source.write("new", "1", page("/twice", "New.", day=2))
    source.write("old", "1", page("/twice", "Old.", day=1))
    sync(source)
    del source.contents["new"]
    source.contents["old"] = ("1", [])
    report = sync(source)
    assert [failure.source for failure in report.failed] == ["old"]
    assert index.texts()["/twice"] == "New."


def test_page_of_a_removed_part_leaves_the_index(
    sync: Sync, source: PartsSource, index: RecordingIndex
) -> None:
    source.write("c", "1", page("/c"))
    sync(source)
    del source.contents["c"]
    assert sync(source).removed == 1
    assert index.texts() == {"/a": "Text."}


def test_skipped_items_of_unchanged_parts_are_reported_again(
    sync: Sync, source: PartsSource
) -> None:
    source.contents["c"] = ("1", [Skipped("c", "not_guidance:taxon")])
    assert sync(source).skipped == sync(source).skipped
