"""Real folders read twice: the second run reads no page again and changes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hubkit import RecordingIndex

from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.detect import open_source
from fingerpost_knowledge_hub.sources import IncrementalSource, Item, Part
from fingerpost_knowledge_hub.sync import synchronise

pytestmark = pytest.mark.data


class NotedSource:
    """A source that notes which of its parts are read."""

    def __init__(self, folder: Path) -> None:
        source = open_source(folder)
        assert isinstance(source, IncrementalSource)
        self._source = source
        self.name, self.authority, self.reader = source.name, source.authority, source.reader
        self.items, self.parts = source.items, source.parts
        self.was_read: list[str] = []

    def read(self, part: Part) -> Iterator[Item]:
        self.was_read.append(part.source)
        return self._source.read(part)


@pytest.mark.parametrize("folder", ["govuk_payloads/content_items", "ai_knowledge_hub"])
def test_second_run_reads_no_page_again_and_changes_nothing(
    catalogue: Catalogue, test_data: Path, folder: str
) -> None:
    index = RecordingIndex()
    noted = NotedSource(test_data / folder)
    first = synchronise(noted, catalogue, index, prune=True)
    assert first.failed == []
    assert first.added == len(index.texts())
    assert noted.was_read
    index.replaced = 0
    noted = NotedSource(test_data / folder)
    second = synchronise(noted, catalogue, index, prune=True)
    assert noted.was_read == []
    assert (second.added, second.changed, second.removed) == (0, 0, 0)
    assert second.unchanged == first.added
    assert (second.skipped_by_reason(), second.statuses) == (
        first.skipped_by_reason(),
        first.statuses,
    )
    assert (index.replaced, index.removed) == (0, 0)
