"""Publishing events saved as files: applied in one go, each with its fate."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.errors import SourceNotFoundError
from fingerpost_knowledge_hub.govuk import apply_event_files
from fingerpost_knowledge_hub.sources import Skipped


def save(file: Path, path: str, version: int, schema: str = "answer", text: str = "Text.") -> None:
    """Save a message about a page."""
    message = {
        "schema_name": schema,
        "document_type": schema,
        "base_path": path,
        "locale": "en",
        "title": "Title",
        "details": {"body": f"<p>{text}</p>"} if schema == "answer" else {},
        "payload_version": version,
    }
    file.write_text(json.dumps(message))


def test_messages_in_a_folder_are_applied_in_any_order(
    catalogue: Catalogue, index: RecordingIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    save(folder / "1.json", "/bees", 2, text="New.")
    save(folder / "2.json", "/bees", 1)
    save(folder / "3.json", "/wasps", 3)
    report = apply_event_files(folder, catalogue, index)
    assert (report.added, report.changed, report.removed) == (2, 0, 0)
    assert report.skipped == [Skipped("2.json", "superseded")]
    assert index.texts() == {"/bees": "New.", "/wasps": "Text."}


def test_every_message_has_its_fate(
    catalogue: Catalogue, index: RecordingIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "messages"
    folder.mkdir()
    save(folder / "1-new.json", "/bees", 1)
    save(folder / "2-changed.json", "/bees", 2, text="New.")
    save(folder / "3-gone.json", "/bees", 3, schema="gone")
    save(folder / "4-other.json", "/people", 1, schema="organisation")
    (folder / "5-broken.json").write_text("{")
    (folder / "6.txt").write_text("x")
    seen: list[tuple[int, int | None]] = []
    report = apply_event_files(
        folder, catalogue, index, progress=lambda done, total: seen.append((done, total))
    )
    assert (report.added, report.changed, report.removed) == (1, 1, 1)
    assert report.skipped == [
        Skipped("3-gone.json", "gone"),
        Skipped("4-other.json", "not_guidance:organisation"),
        Skipped("6.txt", "unsupported:.txt"),
    ]
    assert [failure.source for failure in report.failed] == ["5-broken.json"]
    assert index.texts() == {}
    assert seen == [(done, 6) for done in range(7)]


def test_message_that_was_applied_before_is_told(
    catalogue: Catalogue, index: RecordingIndex, tmp_path: Path
) -> None:
    file = tmp_path / "message.json"
    save(file, "/bees", 1)
    apply_event_files(file, catalogue, index)
    report = apply_event_files(file, catalogue, index)
    assert report.skipped == [Skipped("message.json", "repeated")]
    assert index.replaced == 1


def test_nothing_at_the_path_is_told(
    catalogue: Catalogue, index: RecordingIndex, tmp_path: Path
) -> None:
    with pytest.raises(SourceNotFoundError):
        apply_event_files(tmp_path / "nowhere", catalogue, index)
