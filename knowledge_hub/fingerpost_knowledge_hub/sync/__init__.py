"""Keeping catalogue and index in step with a source, touching only what changed."""

from __future__ import annotations

from fingerpost_knowledge_hub.sync.progress import Progress
from fingerpost_knowledge_hub.sync.prune import forget
from fingerpost_knowledge_hub.sync.reindex import reindex
from fingerpost_knowledge_hub.sync.report import SyncReport
from fingerpost_knowledge_hub.sync.run import synchronise

__all__ = ["Progress", "SyncReport", "forget", "reindex", "synchronise"]
