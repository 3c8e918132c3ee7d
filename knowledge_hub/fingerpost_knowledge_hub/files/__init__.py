"""Guidance in files: a folder of Markdown, text and HTML, and the sample that ships with Fingerpost."""

from __future__ import annotations

from fingerpost_knowledge_hub.files.sample import SampleSource
from fingerpost_knowledge_hub.files.source import FilesSource

__all__ = ["FilesSource", "SampleSource"]
