"""Telling which kind of source lies at a path, and opening it (`ingest --source auto`)."""

from __future__ import annotations

from collections.abc import Iterator
from enum import StrEnum
from itertools import islice
from pathlib import Path

import msgspec

from fingerpost_knowledge_hub.ai_hub import AiHubSource
from fingerpost_knowledge_hub.ai_hub.source import SEARCH_DATA
from fingerpost_knowledge_hub.errors import (
    DocumentError,
    SourceNotFoundError,
    SourceUnrecognisedError,
)
from fingerpost_knowledge_hub.files import FilesSource
from fingerpost_knowledge_hub.files.source import SUFFIXES
from fingerpost_knowledge_hub.folder import Folder
from fingerpost_knowledge_hub.govuk.folder import GovukFolder
from fingerpost_knowledge_hub.sources import IncrementalSource, Part

LOOKED_AT = 50
"""JSON files that are opened to see whether they are payloads of GOV.UK."""


_JSON = frozenset({".json"})


class SourceKind(StrEnum):
    """The kinds of source that can lie in a folder or file."""

    GOVUK = "govuk"
    HUB = "hub"
    FILES = "files"


class _Payload(msgspec.Struct):
    """What every payload of GOV.UK has and other JSON seldom."""

    base_path: str | None
    schema_name: str


def open_source(path: Path, kind: SourceKind | None = None) -> IncrementalSource:
    """The source at a path; of the kind that is found there if none is named.

    Raises:
        SourceNotFoundError: there is nothing at the path.
        SourceUnrecognisedError: no kind was named and none is found.
    """
    match kind or detect_source(path):
        case SourceKind.GOVUK:
            return GovukFolder(path)
        case SourceKind.HUB:
            return AiHubSource(path)
        case SourceKind.FILES:
            return FilesSource(path)


def detect_source(path: Path) -> SourceKind:
    """Which kind of source lies at a path.

    A folder with `get-search.json` is the AI Knowledge Hub's; one with payloads of GOV.UK among
    its JSON files is GOV.UK's; one with Markdown, text or HTML is a folder of files.

    Raises:
        SourceNotFoundError: there is nothing at the path.
        SourceUnrecognisedError: it is none of these.
    """
    if not path.exists():
        raise SourceNotFoundError(f"nothing at {path}: check the path")
    if (path / SEARCH_DATA).is_file():
        return SourceKind.HUB
    if any((parent / SEARCH_DATA).is_file() for parent in path.resolve().parents):
        raise SourceUnrecognisedError(
            f"{path} is a part of the AI Knowledge Hub, whose {SEARCH_DATA} says which pages are "
            "drafts: name the folder that holds both"
        )
    if any(_looks_like_payload(path)):
        return SourceKind.GOVUK
    if any(_files(path, SUFFIXES)):
        return SourceKind.FILES
    if any(_files(path, _JSON)):
        # Payloads as well, if broken ones: reading them tells what is wrong with each.
        return SourceKind.GOVUK
    raise SourceUnrecognisedError(
        f"{path} holds no payloads of GOV.UK, no AI Knowledge Hub and no Markdown, text or HTML "
        "files: check the path, or name the kind with --source"
    )


def _files(path: Path, suffixes: frozenset[str]) -> Iterator[Part]:
    parts = Folder(path, suffixes=suffixes).parts()
    return (part for part in parts if isinstance(part, Part))


def _looks_like_payload(path: Path) -> Iterator[bool]:
    folder = Folder(path)
    for part in islice(_files(path, _JSON), LOOKED_AT):
        try:
            msgspec.json.decode(folder.read(part), type=_Payload)
            yield True
        except (DocumentError, msgspec.DecodeError, UnicodeDecodeError):
            yield False
