"""Errors as pages, for browsers; programs get `application/problem+json`."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import State
from litestar.types import ExceptionHandler, ExceptionHandlersMap

from fingerpost_gateway.pages.language import page_texts
from fingerpost_gateway.pages.rendering import page

AnyRequest = Request[object, object, State]

TITLE = "Fingerpost"
"""Name in the header: an error may come before anyone knows whose service it is."""

_KEPT_HEADERS = frozenset({"retry-after", "www-authenticate", "allow"})


def with_pages(handlers: ExceptionHandlersMap) -> ExceptionHandlersMap:
    """The same handlers, whose answers become pages wherever a browser asks for one."""
    return {kind: _with_page(handler) for kind, handler in handlers.items()}


def _with_page(handler: ExceptionHandler[Exception]) -> ExceptionHandler[Exception]:
    def answer(request: AnyRequest, error: Exception) -> Response[object] | Response[str]:
        problem = handler(request, error)
        if "text/html" not in request.headers.get("accept", ""):
            return problem
        return _error_page(request, problem)

    return answer


def _error_page(request: AnyRequest, problem: Response[object]) -> Response[str]:
    texts = page_texts(request)
    document = problem.content if isinstance(problem.content, dict) else {}
    shown = page(
        "error.html",
        status_code=problem.status_code or 500,
        t=texts,
        title=TITLE,
        error=texts.error_of(problem.status_code or 500),
        instance=document.get("instance", ""),
        here="/",
    )
    kept = {name: value for name, value in problem.headers.items() if name.lower() in _KEPT_HEADERS}
    shown.headers.update(kept)
    return shown
