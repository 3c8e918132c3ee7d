"""Publishing events: what each does to catalogue and index."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from govukkit import Json, Payloads
from hubkit import ListSource, RecordingIndex, page

from fingerpost_knowledge_hub.catalogue import Catalogue, Record
from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.govuk import Applied, Effect, apply_event
from fingerpost_knowledge_hub.sync import SyncReport

Apply = Callable[..., Applied]
Sync = Callable[..., SyncReport]

GUIDE = "/guidance/keep-bees"


def publish(version: int | str, text: str = "Text.", **fields: object) -> Json:
    """A message that publishes a page."""
    return {
        "schema_name": "detailed_guide",
        "document_type": "detailed_guide",
        "base_path": GUIDE,
        "locale": "en",
        "title": "Keep bees",
        "details": {"body": f"<p>{text}</p>"},
        "public_updated_at": "2026-01-01T00:00:00Z",
        "update_type": "major",
        "payload_version": version,
        **fields,
    }


def withdraw(version: int) -> Json:
    notice = {"explanation": "<p>Out of date.</p>", "withdrawn_at": "2026-02-01T00:00:00Z"}
    return publish(version, withdrawn_notice=notice)


def gone(version: int, **details: object) -> Json:
    return publish(version, schema_name="gone", document_type="gone", title=None, details=details)


def redirect(version: int) -> Json:
    redirects = [{"path": GUIDE, "type": "exact", "destination": "/guidance/bees"}]
    return publish(version, schema_name="redirect", title=None, details={}, redirects=redirects)


@pytest.fixture
def apply(catalogue: Catalogue, index: RecordingIndex) -> Apply:
    def applied(message: Json | bytes, tenant: str = "default") -> Applied:
        return apply_event(message, catalogue, index, tenant=tenant)

    return applied


def record(catalogue: Catalogue, locale: str = "en") -> Record:
    found = catalogue.get("default", GUIDE, locale)
    assert found is not None
    return found


def test_published_page_is_in_the_index_at_once(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue
) -> None:
    assert apply(publish(1)) == Applied(effect=Effect.INDEXED, identity=(GUIDE, "en"))
    assert index.texts() == {GUIDE: "Text."}
    kept = record(catalogue)
    assert (kept.source, kept.authority, kept.origin) == ("govuk:events", "govuk", f"{GUIDE}@1")


def test_republished_page_is_replaced(apply: Apply, index: RecordingIndex) -> None:
    apply(publish(1, "Old."))
    assert apply(publish(2, "New.")).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "New."}


def test_republished_page_without_a_change_costs_the_index_nothing(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue
) -> None:
    apply(publish(1))
    assert apply(publish(2)).effect is Effect.INDEXED
    assert index.replaced == 1
    assert record(catalogue).document.version == 2


def test_withdrawn_page_leaves_the_index_and_its_record_stays(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue
) -> None:
    apply(publish(1))
    assert apply(withdraw(2)) == Applied(
        effect=Effect.WITHHELD, identity=(GUIDE, "en"), reason="withdrawn", was_live=True
    )
    assert index.texts() == {}
    document = record(catalogue).document
    assert (document.status, document.sections[0].text) == (Status.WITHDRAWN, "Text.")


@pytest.mark.parametrize(
    ("message", "reason", "notice"),
    [
        (gone(2), "gone", "Gone."),
        (
            gone(2, explanation="<p>Not needed any more.</p>", alternative_path="/bees"),
            "gone",
            "Not needed any more. See /bees.",
        ),
        (redirect(2), "redirect", "Moved to /guidance/bees"),
        (publish(2, schema_name="vanish"), "gone", "Gone."),
        (
            publish(2, schema_name="organisation"),
            "not_guidance:organisation",
            "No guidance: not_guidance:organisation.",
        ),
        (
            publish(2, details={"body": " "}),
            "no_text:detailed_guide",
            "No guidance: no_text:detailed_guide.",
        ),
    ],
)
def test_page_that_is_no_more_leaves_a_tombstone(
    apply: Apply,
    index: RecordingIndex,
    catalogue: Catalogue,
    message: Json,
    reason: str,
    notice: str,
) -> None:
    apply(publish(1))
    applied = apply(message)
    assert (applied.effect, applied.reason) == (Effect.WITHHELD, reason)
    assert index.texts() == {}
    document = record(catalogue).document
    assert (document.status, document.notice, document.version) == (Status.GONE, notice, 2)


def test_late_old_publish_brings_nothing_back(apply: Apply, index: RecordingIndex) -> None:
    apply(gone(3))
    assert apply(publish(2)).effect is Effect.SUPERSEDED
    assert index.texts() == {}


def test_page_published_again_after_it_was_gone_is_back(
    apply: Apply, index: RecordingIndex
) -> None:
    apply(gone(3))
    assert apply(publish(4)).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "Text."}


@pytest.mark.parametrize("message", [publish(1), withdraw(1), gone(1), redirect(1)])
def test_repeated_event_changes_nothing(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue, message: Json
) -> None:
    apply(message)
    before = record(catalogue), index.replaced, index.removed
    assert apply(message).effect is Effect.REPEATED
    assert (record(catalogue), index.replaced, index.removed) == before


def test_redirect_in_another_language_takes_the_whole_path(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue
) -> None:
    apply(publish(1, locale="cy"))
    apply(redirect(2))
    assert index.texts() == {}
    assert record(catalogue, "cy").document.status is Status.GONE


def test_page_in_another_language_that_was_announced_late_stays_out(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue
) -> None:
    apply(redirect(2))
    assert apply(publish(1, locale="cy")).effect is Effect.SUPERSEDED
    assert index.texts() == {}
    assert record(catalogue, "cy").document.version == 2


def test_event_cut_off_before_it_was_recorded_leaves_nothing_behind(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as crash:
        crash.setattr(catalogue, "put", _crash)
        with pytest.raises(OSError, match="disk"):
            apply(publish(1))
    assert index.texts() == {GUIDE: "Text."}
    apply(gone(2))
    assert index.texts() == {}
    assert apply(publish(1)).effect is Effect.SUPERSEDED
    assert index.texts() == {}


def test_text_put_back_after_an_event_that_was_cut_off_is_put_back_in_the_index_too(
    apply: Apply, index: RecordingIndex, catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch
) -> None:
    apply(publish(1, "Old."))
    with monkeypatch.context() as crash:
        crash.setattr(catalogue, "put", _crash)
        with pytest.raises(OSError, match="disk"):
            apply(publish(2, "New."))
    assert apply(publish(3, "Old.")).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "Old."}


def _crash(*_: object) -> None:
    raise OSError("disk full")


def test_tenants_do_not_share_events(apply: Apply, index: RecordingIndex) -> None:
    apply(publish(1), tenant="a")
    apply(gone(2), tenant="b")
    assert (index.texts("a"), index.texts("b")) == ({GUIDE: "Text."}, {})


def test_version_may_be_a_text_as_the_queue_sends_it(apply: Apply, catalogue: Catalogue) -> None:
    apply(publish("12"))
    assert apply(publish("9", "Older, though it sorts after.")).effect is Effect.SUPERSEDED
    assert record(catalogue).document.version == 12


def test_event_without_a_path_is_skipped(apply: Apply, catalogue: Catalogue) -> None:
    assert apply(publish(1, base_path=None, schema_name="external_content")) == Applied(
        effect=Effect.SKIPPED, reason="not_guidance:external_content"
    )
    assert catalogue.counts("default") == {}


@pytest.mark.parametrize(
    "message", [b"{", publish(1, title=7), publish("x"), publish(1, locale="?")]
)
def test_broken_event_is_refused_and_changes_nothing(
    apply: Apply, catalogue: Catalogue, message: Json | bytes
) -> None:
    with pytest.raises(DocumentError):
        apply(message)
    assert catalogue.counts("default") == {}


def test_sample_page_gives_way_to_guidance_but_not_to_its_absence(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page(GUIDE, "Sample.", sample=True), name="sample"))
    assert apply(gone(1)).effect is Effect.CLAIMED
    assert index.texts() == {GUIDE: "Sample."}
    assert apply(publish(2)).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "Text."}


def test_page_of_another_authority_is_left_alone(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page(GUIDE, "Ours."), name="department"))
    assert apply(publish(1)).effect is Effect.CLAIMED
    assert index.texts() == {GUIDE: "Ours."}


def test_event_is_newer_than_a_copy_of_the_same_day_without_a_version(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    copy = page(GUIDE, "Copy.", day=1)
    sync(ListSource(copy, name="govuk:/srv/payloads", authority="govuk"))
    assert apply(publish(5)).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "Text."}


@pytest.mark.parametrize("version", [3, 5])
def test_late_event_brings_no_text_back_that_a_copy_without_a_version_replaced(
    apply: Apply, sync: Sync, index: RecordingIndex, catalogue: Catalogue, version: int
) -> None:
    apply(publish(5, "Older."))
    sync(ListSource(page(GUIDE, "Copy.", day=1), name="govuk:/srv/payloads", authority="govuk"))
    assert index.texts() == {GUIDE: "Copy."}
    assert record(catalogue).document.version == 5
    assert apply(publish(version, "Older.")).effect is Effect.SUPERSEDED
    assert index.texts() == {GUIDE: "Copy."}
    assert apply(publish(6, "Newest.")).effect is Effect.INDEXED
    assert index.texts() == {GUIDE: "Newest."}


def test_copy_without_a_version_is_newer_than_an_event_of_an_earlier_day(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    apply(publish(5))
    sync(ListSource(page(GUIDE, "Copy.", day=9), name="govuk:/srv/payloads", authority="govuk"))
    assert apply(publish(6, "Of the first day.")).effect is Effect.SUPERSEDED
    assert index.texts() == {GUIDE: "Copy."}


def test_sync_of_a_copy_under_the_version_of_an_event_changes_nothing_the_second_time(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    apply(publish(5))
    copy = ListSource(page(GUIDE, "Copy.", day=2), name="govuk:/srv/payloads", authority="govuk")
    sync(copy)
    index.replaced = 0
    report = sync(copy)
    assert (report.unchanged, index.replaced) == (1, 0)


def test_version_of_another_authority_is_not_taken_over(
    apply: Apply, sync: Sync, catalogue: Catalogue
) -> None:
    apply(gone(7))
    sync(ListSource(page(GUIDE), name="department"))
    assert record(catalogue).document.version == 0


def test_event_is_older_than_a_copy_that_was_updated_later(
    apply: Apply, sync: Sync, index: RecordingIndex
) -> None:
    sync(ListSource(page(GUIDE, "Copy.", day=9), name="govuk:/srv/payloads", authority="govuk"))
    assert apply(publish(5)).effect is Effect.SUPERSEDED
    assert index.texts() == {GUIDE: "Copy."}


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "effect", "reason"),
    [
        ("gone", Effect.WITHHELD, "gone"),
        ("organisation", Effect.WITHHELD, "not_guidance:organisation"),
        ("service_manual_guide", Effect.INDEXED, ""),
        ("speech", Effect.WITHHELD, "not_guidance:speech"),
        ("travel_advice", Effect.INDEXED, ""),
        ("world_taxon", Effect.WITHHELD, "not_guidance:taxon"),
        ("worldwide_organisation", Effect.WITHHELD, "not_guidance:worldwide_organisation"),
    ],
)
def test_real_messages(
    apply: Apply, payloads: Payloads, name: str, effect: Effect, reason: str
) -> None:
    applied = apply(payloads.message(name))
    assert (applied.effect, applied.reason) == (effect, reason)


@pytest.mark.data
def test_real_message_carries_publisher_parts_and_version(
    apply: Apply, payloads: Payloads, catalogue: Catalogue
) -> None:
    apply(payloads.message("travel_advice"))
    found = catalogue.get("default", "/foreign-travel-advice/austria", "en")
    assert found is not None
    assert found.document.publisher == "Foreign, Commonwealth & Development Office"
    assert found.document.version == 12345
    urls = {one.url for one in found.document.sections}
    assert "https://www.gov.uk/foreign-travel-advice/austria/entry-requirements" in urls
