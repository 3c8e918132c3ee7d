"""Conversations and questions over HTTP."""
