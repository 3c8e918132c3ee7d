"""GOV.UK: payloads of its Content API, its publishing events and its public API."""

from __future__ import annotations

from fingerpost_knowledge_hub.govuk.addresses import canonical_path
from fingerpost_knowledge_hub.govuk.folder import GovukFolder
from fingerpost_knowledge_hub.govuk.parse import parse_content_item

__all__ = ["GovukFolder", "canonical_path", "parse_content_item"]
