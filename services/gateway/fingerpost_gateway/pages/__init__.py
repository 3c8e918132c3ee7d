"""The pages that people see: the assistant, the guidance it cites, and errors."""

from fingerpost_gateway.pages.error_pages import with_pages

__all__ = ["with_pages"]
