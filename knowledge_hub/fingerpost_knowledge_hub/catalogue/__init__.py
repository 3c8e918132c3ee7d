"""The catalogue: a record of every page that a source ever listed, in SQLite or PostgreSQL."""

from __future__ import annotations

from fingerpost_knowledge_hub.catalogue.records import Catalogue, Entry, Record

__all__ = ["Catalogue", "Entry", "Record"]
