"""Payloads saved in a folder, as a source."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from govukkit import Payloads
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.govuk import GovukFolder
from fingerpost_knowledge_hub.sources import Failed, Found, Skipped
from fingerpost_knowledge_hub.sync import SyncReport


def test_each_file_is_a_page_a_reason_or_a_failure(tmp_path: Path) -> None:
    page = {"schema_name": "answer", "base_path": "/a", "title": "A", "details": {"body": "x"}}
    (tmp_path / "a.json").write_text(json.dumps(page))
    (tmp_path / "b.json").write_text('{"schema_name": "taxon"}')
    (tmp_path / "c.json").write_text("{")
    (tmp_path / "d.txt").write_text("notes")
    found, skipped, failed, unsupported = GovukFolder(tmp_path).items()
    assert isinstance(found, Found)
    assert (found.source, found.document.path) == ("a.json", "/a")
    assert skipped == Skipped("b.json", "not_guidance:taxon")
    assert isinstance(failed, Failed)
    assert failed.source == "c.json"
    assert unsupported == Skipped("d.txt", "unsupported:.txt")


@pytest.mark.data
def test_no_real_payload_fails_and_only_live_pages_are_indexed(
    payloads: Payloads, sync: Callable[..., SyncReport], index: RecordingIndex
) -> None:
    report = sync(GovukFolder(payloads.items))
    assert report.failed == []
    reasons = report.skipped_by_reason()
    assert sum(reasons.values()) + report.added == 168
    assert reasons["withdrawn"] == 3
    assert reasons["not_guidance:organisation"] == 6
    assert report.added == len(index.pages)
    titles = {document.title for document in index.pages.values()}
    assert "EU rules on the use of chemicals" not in titles
    assert "A guide for pig keepers" not in titles
