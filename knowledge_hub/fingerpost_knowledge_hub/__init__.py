"""Government guidance as typed documents, and what keeps a search index in step with it.

The live client of the Content API is in `fingerpost_knowledge_hub.govuk.live`; it is not
imported here, since it brings an HTTP client with it.
"""

from __future__ import annotations

from fingerpost_knowledge_hub.ai_hub import AiHubSource
from fingerpost_knowledge_hub.catalogue import Catalogue, Entry, Record
from fingerpost_knowledge_hub.detect import SourceKind, detect_source, open_source
from fingerpost_knowledge_hub.documents import NATIONS, Document, Identity, Section, Status
from fingerpost_knowledge_hub.errors import (
    CatalogueBusyError,
    CatalogueError,
    CatalogueNotReadyError,
    DocumentError,
    FetchError,
    ForbiddenAddressError,
    KnowledgeHubError,
    SourceError,
    SourceNotFoundError,
    SourceUnrecognisedError,
)
from fingerpost_knowledge_hub.files import FilesSource, SampleSource
from fingerpost_knowledge_hub.govuk import (
    Applied,
    Effect,
    GovukFolder,
    apply_event,
    apply_event_files,
    parse_content_item,
)
from fingerpost_knowledge_hub.index import DocumentIndex
from fingerpost_knowledge_hub.sources import (
    Failed,
    Found,
    IncrementalSource,
    Item,
    Part,
    Skipped,
    Source,
)
from fingerpost_knowledge_hub.sync import Progress, SyncReport, forget, reindex, synchronise

__all__ = [
    "NATIONS",
    "AiHubSource",
    "Applied",
    "Catalogue",
    "CatalogueBusyError",
    "CatalogueError",
    "CatalogueNotReadyError",
    "Document",
    "DocumentError",
    "DocumentIndex",
    "Effect",
    "Entry",
    "Failed",
    "FetchError",
    "FilesSource",
    "ForbiddenAddressError",
    "Found",
    "GovukFolder",
    "Identity",
    "IncrementalSource",
    "Item",
    "KnowledgeHubError",
    "Part",
    "Progress",
    "Record",
    "SampleSource",
    "Section",
    "Skipped",
    "Source",
    "SourceError",
    "SourceKind",
    "SourceNotFoundError",
    "SourceUnrecognisedError",
    "Status",
    "SyncReport",
    "apply_event",
    "apply_event_files",
    "detect_source",
    "forget",
    "open_source",
    "parse_content_item",
    "reindex",
    "synchronise",
]
