"""HTML of any origin as sections of plain text: headings, paragraphs, lists and tables."""

from __future__ import annotations

from fingerpost_knowledge_hub.markup.convert import sections_from_html, text_from_html
from fingerpost_knowledge_hub.markup.text import one_line

__all__ = ["one_line", "sections_from_html", "text_from_html"]
