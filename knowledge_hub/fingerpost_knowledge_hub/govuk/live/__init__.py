"""The public Content API, live: a polite client, and the source that feeds it into a sync."""

from __future__ import annotations

from fingerpost_knowledge_hub.govuk.live.address import open_address
from fingerpost_knowledge_hub.govuk.live.client import (
    Absent,
    Answer,
    ContentApiClient,
    Fetched,
    Unchanged,
)
from fingerpost_knowledge_hub.govuk.live.limits import Limits
from fingerpost_knowledge_hub.govuk.live.source import LiveSource

__all__ = [
    "Absent",
    "Answer",
    "ContentApiClient",
    "Fetched",
    "Limits",
    "LiveSource",
    "Unchanged",
    "open_address",
]
