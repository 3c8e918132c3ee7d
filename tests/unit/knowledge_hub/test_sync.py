"""What a sync does with pages that come, change, stay, hide and go."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hubkit import ListSource, RecordingIndex, page

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.documents import Document, Status
from fingerpost_knowledge_hub.sources import Failed, Skipped
from fingerpost_knowledge_hub.sync import SyncReport, reindex, synchronise

Sync = Callable[..., SyncReport]


def test_new_pages_are_added(sync: Sync, index: RecordingIndex) -> None:
    report = sync(ListSource(page("/a"), page("/b"), page("/a", "Testun.", locale="cy")))
    assert (report.added, report.changed, report.removed) == (3, 0, 0)
    assert index.texts() == {"/a": "Text.", "/b": "Text.", "/a|cy": "Testun."}


def test_second_run_changes_nothing_and_gives_the_index_nothing(
    sync: Sync, index: RecordingIndex
) -> None:
    source = ListSource(page("/a"), page("/b", status=Status.DRAFT))
    sync(source)
    index.replaced = 0
    report = sync(source)
    assert (report.added, report.changed, report.removed, report.unchanged) == (0, 0, 0, 1)
    assert (index.replaced, index.removed) == (0, 0)


def test_changed_page_is_replaced_whole(
    sync: Sync, index: RecordingIndex, catalogue: Catalogue
) -> None:
    sync(ListSource(page("/a", "Old."), page("/b")))
    index.replaced = 0
    report = sync(ListSource(page("/a", "New."), page("/b")))
    assert (report.changed, report.unchanged) == (1, 1)
    assert index.texts()["/a"] == "New."
    assert index.replaced == 1
    record = catalogue.get("default", "/a", "en")
    assert record is not None
    assert record.document.sections[0].text == "New."
    assert record.last_changed > record.first_seen


def test_page_gone_from_the_source_leaves_the_index_and_keeps_its_record(
    sync: Sync, index: RecordingIndex, catalogue: Catalogue
) -> None:
    sync(ListSource(page("/a", "Last words."), page("/b")))
    report = sync(ListSource(page("/b")))
    assert report.removed == 1
    assert index.texts() == {"/b": "Text."}
    record = catalogue.get("default", "/a", "en")
    assert record is not None
    assert record.document.status is Status.GONE
    assert record.document.sections[0].text == "Last words."


def test_page_that_comes_back_unchanged_is_indexed_again(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page("/a"), page("/b")))
    sync(ListSource(page("/b")))
    report = sync(ListSource(page("/a"), page("/b")))
    assert report.added == 1
    assert index.texts() == {"/a": "Text.", "/b": "Text."}


@pytest.mark.parametrize("status", [one for one in Status if one is not Status.LIVE])
def test_page_that_is_not_live_is_recorded_and_never_indexed(
    sync: Sync, index: RecordingIndex, catalogue: Catalogue, status: Status
) -> None:
    report = sync(ListSource(page("/a"), page("/b", status=status)))
    assert index.texts() == {"/a": "Text."}
    assert report.statuses == {"live": 1, status.value: 1}
    assert report.skipped == [Skipped("/b", status.value)]
    record = catalogue.get("default", "/b", "en")
    assert record is not None
    assert record.document.status is status


def test_live_page_that_turns_withdrawn_leaves_the_index(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page("/a"), page("/b")))
    report = sync(ListSource(page("/a"), page("/b", status=Status.WITHDRAWN)))
    assert report.removed == 1
    assert index.texts() == {"/a": "Text."}


def test_withdrawn_page_that_turns_live_is_added(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page("/a", status=Status.WITHDRAWN)))
    report = sync(ListSource(page("/a")))
    assert report.added == 1
    assert index.texts() == {"/a": "Text."}


@pytest.mark.parametrize(
    ("older", "newer"),
    [
        (page(text="Old.", version=1, day=9), page(text="New.", version=2, day=1)),
        (page(text="Old.", version=2, day=1), page(text="New.", version=2, day=2)),
        (page(text="Old.", day=1), page(text="New.", day=2)),
    ],
    ids=["version", "time with equal versions", "time without versions"],
)
@pytest.mark.parametrize("turned", [False, True], ids=["older first", "newer first"])
def test_newest_of_two_copies_wins_in_any_order(
    sync: Sync, index: RecordingIndex, older: Document, newer: Document, turned: bool
) -> None:
    source = ListSource(*((newer, older) if turned else (older, newer)))
    report = sync(source)
    assert index.texts() == {"/a": "New."}
    assert report.added == 1
    assert report.skipped_by_reason() == {"superseded": 1}
    assert sync(source).unchanged == 1


def test_copies_without_version_or_time_are_told_apart_by_digest(
    sync: Sync, index: RecordingIndex
) -> None:
    one, other = page(text="One."), page(text="Other.")
    sync(ListSource(one, other))
    first = index.texts()
    report = sync(ListSource(other, one))
    assert index.texts() == first
    assert report.unchanged == 1


def test_source_may_put_an_older_text_back(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="New.", day=2)))
    report = sync(ListSource(page(text="Old.", day=1)))
    assert report.changed == 1
    assert index.texts() == {"/a": "Old."}


def test_publishers_version_never_runs_backwards(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="New.", version=2)))
    report = sync(ListSource(page(text="Old.", version=1)))
    assert report.skipped == [Skipped("/a", "superseded")]
    assert index.texts() == {"/a": "New."}


def test_higher_version_of_the_same_text_changes_only_the_record(
    sync: Sync, index: RecordingIndex, catalogue: Catalogue
) -> None:
    sync(ListSource(page(version=1)))
    index.replaced = 0
    report = sync(ListSource(page(version=2)))
    assert (report.unchanged, index.replaced) == (1, 0)
    record = catalogue.get("default", "/a", "en")
    assert record is not None
    assert record.document.version == 2


def test_page_of_another_authority_is_not_overwritten(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="Ours."), name="first"))
    report = sync(ListSource(page(text="Theirs."), name="second"))
    assert report.skipped == [Skipped("/a", "claimed:first")]
    assert index.texts() == {"/a": "Ours."}
    assert sync(ListSource(page(text="Ours."), name="first")).unchanged == 1


def test_page_that_its_owner_gave_up_is_free_for_another(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="Ours."), page("/b"), name="first"))
    sync(ListSource(page("/b"), name="first"))
    report = sync(ListSource(page(text="Theirs."), name="second"))
    assert report.added == 1
    assert index.texts()["/a"] == "Theirs."


def test_newer_copy_from_another_source_of_the_same_authority_takes_over(
    sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page(text="Old.", day=1), name="saved", authority="govuk"))
    sync(ListSource(page(text="New.", day=2), name="live", authority="govuk"))
    assert index.texts() == {"/a": "New."}
    report = sync(ListSource(page(text="Old.", day=1), name="saved", authority="govuk"))
    assert report.skipped == [Skipped("/a", "superseded")]
    assert index.texts() == {"/a": "New."}


def test_same_copy_from_another_source_of_the_authority_only_changes_hands(
    sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page("/a"), page("/b"), name="saved", authority="govuk"))
    index.replaced = 0
    report = sync(ListSource(page("/a"), name="live", authority="govuk"))
    assert (report.unchanged, index.replaced) == (1, 0)
    assert sync(ListSource(page("/b"), name="saved", authority="govuk")).removed == 0
    assert sync(ListSource(page("/c"), name="live", authority="govuk"), allow_shrink=True)
    assert set(index.texts()) == {"/b", "/c"}


def test_page_that_moved_to_another_source_is_not_pruned_by_its_first(
    sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page(day=1), page("/b"), name="saved", authority="govuk"))
    sync(ListSource(page(day=2), name="live", authority="govuk"))
    sync(ListSource(page("/b"), name="saved", authority="govuk"))
    assert set(index.texts()) == {"/a", "/b"}


def test_sample_gives_way_to_live_guidance_and_does_not_come_back(
    sync: Sync, index: RecordingIndex
) -> None:
    sample = ListSource(page(text="Sample.", sample=True), name="sample")
    sync(sample)
    sync(ListSource(page(text="Real."), name="govuk"))
    assert index.texts() == {"/a": "Real."}
    assert sync(sample).skipped == [Skipped("/a", "claimed:govuk")]
    assert index.texts() == {"/a": "Real."}


def test_sample_stays_when_the_real_page_is_withdrawn(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="Sample.", sample=True), name="sample"))
    sync(ListSource(page(status=Status.WITHDRAWN), name="govuk"))
    assert index.texts() == {"/a": "Sample."}


def test_tenants_do_not_see_each_others_pages(sync: Sync, index: RecordingIndex) -> None:
    sync(ListSource(page(text="One.")), tenant="one")
    sync(ListSource(page(text="Two.")), tenant="two")
    assert index.texts("one") == {"/a": "One."}
    assert index.texts("two") == {"/a": "Two."}
    sync(ListSource(page("/b")), tenant="one", allow_shrink=True)
    assert index.texts("two") == {"/a": "Two."}


def test_every_item_has_exactly_one_fate(sync: Sync) -> None:
    sync(ListSource(page("/same"), page("/changed", "Old."), page("/hidden")))
    items = [
        page("/same"),
        page("/changed", "New."),
        page("/new"),
        page("/hidden", status=Status.DRAFT),
        page("/twice", "Old.", day=1),
        page("/twice", "New.", day=2),
        Skipped("taxon.json", "not_guidance:taxon"),
        Failed("broken.json", "is no JSON: fetch it again"),
    ]
    report = sync(ListSource(*items))
    live = report.added + report.changed + report.unchanged
    assert live + len(report.skipped) + len(report.failed) == len(items)


@pytest.mark.parametrize(
    "hostile",
    [
        page("no-slash"),
        page("/nul\0"),
        page("/" + "x" * 2000),
        page("/a", locale="en; DROP TABLE documents"),
        page("/a", "Half a \ud83d character."),
    ],
    ids=["no slash", "control character", "long", "locale", "surrogate"],
)
def test_document_that_cannot_be_stored_fails_and_the_others_go_on(
    sync: Sync, index: RecordingIndex, hostile: Document
) -> None:
    report = sync(ListSource(hostile, page("/b")))
    assert [failure.source for failure in report.failed] == [hostile.path]
    assert index.texts() == {"/b": "Text."}


def test_progress_counts_the_listing_and_then_the_pages(
    catalogue: Catalogue, index: RecordingIndex
) -> None:
    seen: list[tuple[int, int | None]] = []
    source = ListSource(*(page(f"/{number}") for number in range(40)))
    synchronise(
        source, catalogue, index, prune=True, progress=lambda done, of: seen.append((done, of))
    )
    assert seen[:2] == [(1, None), (2, None)]
    assert seen[40:] == [(0, 40), (32, 40), (40, 40)]


def test_new_index_is_filled_from_the_catalogue_alone(sync: Sync, catalogue: Catalogue) -> None:
    pages = [page(f"/{number}") for number in range(40)]
    sync(ListSource(*pages, page("/draft", status=Status.DRAFT)))
    fresh = RecordingIndex()
    assert reindex(catalogue, fresh) == 40
    assert set(fresh.texts()) == {one.path for one in pages}


def test_pages_that_change_while_a_new_index_is_filled_are_in_it_as_they_are_then(
    sync: Sync, catalogue: Catalogue
) -> None:
    pages = [page(f"/{number:02}") for number in range(70)]
    sync(ListSource(*pages))
    meanwhile = ListSource(page("/00", "New."), *pages[2:60], page("/new"))
    fresh = RecordingIndex()

    def editor_at_work(done: int, total: int | None) -> None:
        if done == 32:  # "/00" and "/01" were indexed, "/60" and later ones were not
            assert (sync(meanwhile).removed, total) == (11, 70)

    assert reindex(catalogue, fresh, progress=editor_at_work) == 60
    assert fresh.texts() == {"/00": "New.", "/new": "Text."} | {
        one.path: "Text." for one in pages[2:60]
    }


def test_new_index_is_filled_by_batches_between_which_others_may_write(
    sync: Sync, catalogue: Catalogue
) -> None:
    sync(ListSource(*(page(f"/{number}") for number in range(70))))
    free: list[int] = []

    def another_writer(done: int, total: int | None) -> None:
        with catalogue.exclusive(timeout=1):
            free.append(done)

    reindex(catalogue, RecordingIndex(), progress=another_writer)
    assert free == [32, 64, 70]
