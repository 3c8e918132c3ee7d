"""The AI Knowledge Hub as a source: guidance on AI for public servants."""

from __future__ import annotations

from fingerpost_knowledge_hub.ai_hub.source import AiHubSource

__all__ = ["AiHubSource"]
