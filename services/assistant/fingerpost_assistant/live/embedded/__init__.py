"""A Valkey server beside this process, for those who run none."""

from fingerpost_assistant.live.embedded.server import EmbeddedValkey

__all__ = ["EmbeddedValkey"]
