"""A sync that is cut off anywhere leaves nothing that the next one does not put right."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest
from hubkit import ListSource, PartsSource, RecordingIndex, page

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.sync import SyncReport, synchronise

Sync = Callable[..., SyncReport]


class PowerCutError(Exception):
    """The process ends here."""


class CutOff:
    """Passes calls on until some have been made; then the power fails, before or after the next."""

    def __init__(self, index: RecordingIndex, calls: int, *, after: bool) -> None:
        self._index = index
        self._left = calls
        self._after = after

    def replace(self, pages: Sequence[Document], tenant: str = "default") -> None:
        self._do(lambda: self._index.replace(pages, tenant))

    def remove(self, pages: Sequence[tuple[str, str]], tenant: str = "default") -> None:
        self._do(lambda: self._index.remove(pages, tenant))

    def _do(self, act: Callable[[], None]) -> None:
        if self._left:
            self._left -= 1
            act()
            return
        if self._after:
            act()
        raise PowerCutError


@pytest.fixture(params=[False, True], ids=["before the index", "after the index"])
def cut_sync(
    request: pytest.FixtureRequest, catalogue: Catalogue, index: RecordingIndex
) -> Callable[..., None]:
    """A sync during which the power fails at the index's next call, or after `calls` of them."""

    def run(source: ListSource | PartsSource, calls: int = 0) -> None:
        cut = CutOff(index, calls, after=request.param)
        with pytest.raises(PowerCutError):
            synchronise(source, catalogue, cut, prune=True)

    return run


Cut = Callable[..., None]


def test_interrupted_run_resumes_where_it_was(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    source = ListSource(*(page(f"/{number}") for number in range(100)))
    cut_sync(source, calls=2)
    index.replaced = 0
    report = sync(source)
    assert (report.unchanged, report.added + report.changed) == (64, 36)
    assert index.replaced == 36
    assert len(index.texts()) == 100


def test_new_page_that_vanishes_after_the_power_cut_leaves_the_index(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    sync(ListSource(page("/b")))
    cut_sync(ListSource(page("/a"), page("/b")))
    sync(ListSource(page("/b")))
    assert index.texts() == {"/b": "Text."}


def test_change_that_is_taken_back_after_the_power_cut_is_undone(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    before = ListSource(page(text="Old."))
    sync(before)
    cut_sync(ListSource(page(text="New.")))
    sync(before)
    assert index.texts() == {"/a": "Old."}


def test_draft_that_was_live_during_the_power_cut_leaves_the_index(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    draft = ListSource(page(status=Status.DRAFT))
    sync(draft)
    cut_sync(ListSource(page()))
    sync(draft)
    assert index.texts() == {}


def test_page_whose_removal_was_cut_off_comes_back_with_its_source(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    both = ListSource(page("/a"), page("/b"))
    sync(both)
    cut_sync(ListSource(page("/b")))
    sync(both)
    assert set(index.texts()) == {"/a", "/b"}


def test_page_whose_removal_was_cut_off_is_removed(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    sync(ListSource(page("/a"), page("/b")))
    cut_sync(ListSource(page("/b")))
    sync(ListSource(page("/b")))
    assert index.texts() == {"/b": "Text."}


def test_parts_read_before_the_power_cut_are_not_lost(
    sync: Sync, cut_sync: Cut, index: RecordingIndex
) -> None:
    source = PartsSource()
    for name in "abc":
        source.write(name, "1", page(f"/{name}"))
    cut_sync(source)
    sync(source)
    assert set(index.texts()) == {"/a", "/b", "/c"}
