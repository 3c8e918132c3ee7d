"""Real folders read twice: the second run changes nothing and costs next to nothing."""

from __future__ import annotations

from pathlib import Path

import pytest
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.detect import open_source
from fingerpost_knowledge_hub.sync import synchronise

pytestmark = pytest.mark.data


@pytest.mark.parametrize("folder", ["govuk_payloads/content_items", "ai_knowledge_hub"])
def test_second_run_changes_nothing_and_takes_under_a_fifth_of_the_time(
    catalogue: Catalogue, test_data: Path, folder: str
) -> None:
    index = RecordingIndex()
    first = synchronise(open_source(test_data / folder), catalogue, index, prune=True)
    assert first.failed == []
    assert first.added == len(index.texts())
    index.replaced = 0
    second = synchronise(open_source(test_data / folder), catalogue, index, prune=True)
    assert (second.added, second.changed, second.removed) == (0, 0, 0)
    assert second.unchanged == first.added
    assert (second.skipped_by_reason(), second.statuses) == (
        first.skipped_by_reason(),
        first.statuses,
    )
    assert (index.replaced, index.removed) == (0, 0)
    assert second.seconds < first.seconds / 5
