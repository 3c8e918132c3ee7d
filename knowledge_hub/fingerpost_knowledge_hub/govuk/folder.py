"""Payloads of GOV.UK in files: one JSON object each, below a folder."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from fingerpost_knowledge_hub.errors import DocumentError
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.govuk.parse import parse_content_item
from fingerpost_knowledge_hub.sources import Failed, Found, Item, Part, Skipped, read_all

AUTHORITY = "govuk"
"""Whose word GOV.UK's payloads carry, whether they come from files, events or the API."""


class GovukFolder:
    """A source of payloads of the Content API, saved as JSON files below a folder."""

    authority = AUTHORITY
    reader = "govuk/2"

    def __init__(self, root: Path) -> None:
        self._folder = Folder(root, suffixes=frozenset({".json"}))
        self.name = f"govuk:{self._folder.root}"

    def items(self) -> Iterator[Item]:
        return read_all(self)

    def parts(self) -> Iterator[Part | Skipped | Failed]:
        return self._folder.parts()

    def read(self, part: Part) -> Iterator[Item]:
        try:
            parsed = parse_content_item(self._folder.read(part))
        except DocumentError as error:
            yield Failed(part.source, str(error))
            return
        yield (
            Skipped(part.source, parsed) if isinstance(parsed, str) else Found(parsed, part.source)
        )
