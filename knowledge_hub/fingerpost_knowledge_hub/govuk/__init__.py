"""GOV.UK: payloads of its Content API, its publishing events and its public API."""

from __future__ import annotations

from fingerpost_knowledge_hub.govuk.addresses import canonical_path
from fingerpost_knowledge_hub.govuk.event_files import apply_event_files
from fingerpost_knowledge_hub.govuk.events import Applied, Effect, apply_event
from fingerpost_knowledge_hub.govuk.folder import GovukFolder
from fingerpost_knowledge_hub.govuk.parse import parse_content_item

__all__ = [
    "Applied",
    "Effect",
    "GovukFolder",
    "apply_event",
    "apply_event_files",
    "canonical_path",
    "parse_content_item",
]
