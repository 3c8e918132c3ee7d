"""The pages that people see: the assistant, the guidance it cites, and errors."""

from fingerpost_gateway.pages.error_pages import error_document, error_page, wants_page

__all__ = ["error_document", "error_page", "wants_page"]
