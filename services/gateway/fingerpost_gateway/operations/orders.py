"""What commands ask for: the same orders, whether a server or the command itself does them."""

from __future__ import annotations

from typing import Literal

import msgspec

SourceKind = Literal["auto", "govuk", "hub", "files", "events"]


def is_address(path: str) -> bool:
    """Whether a path is an address on the web (http ones too, to be refused with the reason)."""
    return path.lower().startswith(("https://", "http://"))


class IngestOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Bring the index into step with these sources."""

    paths: tuple[str, ...] = ()
    """Absolute paths of files and folders, and https addresses of pages and sitemaps of GOV.UK."""
    kind: SourceKind = "auto"
    """What lies there; "auto" looks."""
    collection: str | None = None
    """Collection of the pages in files; other sources know their own."""
    tenant: str = "default"
    prune: bool = True
    """Remove pages that a source no longer lists."""
    allow_shrink: bool = False
    """Do so even when most pages of a source have vanished."""
    sample: bool = False
    """Ingest the sample knowledge as well."""


class RebuildOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Build the index anew from the catalogue."""


class SearchOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Find passages."""

    question: str
    limit: int = 8
    nation: str | None = None
    locale: str | None = None
    collections: tuple[str, ...] = ()
    """Collections to search; empty for the tenant's own."""
    tenant: str = "default"


class AskOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Answer a question, and store nothing."""

    question: str
    nation: str | None = None
    locale: str | None = None
    tenant: str = "default"


class BackupOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Write a backup."""

    file: str
    """Absolute path; an existing file is replaced once the backup is whole."""


class StatusOrder(msgspec.Struct, frozen=True, kw_only=True):
    """Say how the data is."""
