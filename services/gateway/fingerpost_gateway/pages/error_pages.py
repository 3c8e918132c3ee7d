"""Errors as pages, for browsers; programs get `application/problem+json`."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import State

from fingerpost_gateway.pages.language import page_texts
from fingerpost_gateway.pages.rendering import page, render
from fingerpost_gateway.pages.texts import texts_in

AnyRequest = Request[object, object, State]

DEFAULT_TITLE = "Fingerpost"
"""Name in the header of error pages: an error may come before anyone knows the tenant."""


def wants_page(accept: str) -> bool:
    """Tell whether an `Accept` header asks for a page, as browsers do for what they show."""
    return "text/html" in accept.lower()


def error_page(request: AnyRequest, status: int, *, instance: str = "") -> Response[str]:
    """The page for an HTTP status, in the reader's language.

    Args:
        instance: reference of the error in the log, for the reader to report.
    """
    texts = page_texts(request)
    return page(
        "error.html",
        status_code=status,
        t=texts,
        title=DEFAULT_TITLE,
        error=texts.error_of(status),
        instance=instance,
        here="/",
    )


def error_document(status: int) -> bytes:
    """The same page as bytes, for an error that occurs outside the framework."""
    texts = texts_in("en")
    return render(
        "error.html",
        t=texts,
        title=DEFAULT_TITLE,
        error=texts.error_of(status),
        instance="",
        here="/",
    ).encode()
