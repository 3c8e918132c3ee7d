"""Errors as pages, for browsers; programs get `application/problem+json`."""

from __future__ import annotations

from litestar import Request, Response
from litestar.datastructures import State
from litestar.types import ExceptionHandler, ExceptionHandlersMap

from fingerpost_gateway.pages.language import page_texts
from fingerpost_gateway.pages.rendering import page

AnyRequest = Request[object, object, State]

_KEPT_HEADERS = frozenset({"retry-after", "www-authenticate", "allow"})


def with_pages(handlers: ExceptionHandlersMap, title: str) -> ExceptionHandlersMap:
    """The same handlers, whose answers become pages wherever a browser asks for one.

    Args:
        title: name in the header of the pages, since an error may come before anyone knows
            whose service was asked.
    """
    return {kind: _with_page(handler, title) for kind, handler in handlers.items()}


def _with_page(handler: ExceptionHandler[Exception], title: str) -> ExceptionHandler[Exception]:
    def answer(request: AnyRequest, error: Exception) -> Response[object] | Response[str]:
        problem = handler(request, error)
        if "text/html" not in request.headers.get("accept", ""):
            return problem
        return _error_page(request, problem, title)

    return answer


def _error_page(request: AnyRequest, problem: Response[object], title: str) -> Response[str]:
    texts = page_texts(request)
    document = problem.content if isinstance(problem.content, dict) else {}
    shown = page(
        "error.html",
        status_code=problem.status_code or 500,
        t=texts,
        title=title,
        error=texts.error_of(problem.status_code or 500),
        instance=document.get("instance", ""),
        here="/",
    )
    kept = {name: value for name, value in problem.headers.items() if name.lower() in _KEPT_HEADERS}
    shown.headers.update(kept)
    return shown
