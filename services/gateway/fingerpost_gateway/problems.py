"""The one translator from errors to HTTP: every error becomes `application/problem+json`.

RFC 9457: the `type` is stable and is what a program should look at; `title` and `detail` are
for people. Nothing of an unexpected error's text leaves the server, only an `instance` that
stands in the log beside the whole error.
"""

from __future__ import annotations

import http
import math
from collections.abc import Mapping
from typing import NamedTuple
from uuid import uuid4

import msgspec
import structlog
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandler, ExceptionHandlersMap

from fingerpost_assistant import errors as assistant
from fingerpost_gateway import errors as gateway
from fingerpost_retrieval import errors as retrieval
from fingerpost_serving import errors as serving

TYPE_PREFIX = "urn:fingerpost:problem:"
MEDIA_TYPE = "application/problem+json"
RETRY_AFTER_S = 5
"""Seconds after which a client may try again when the server could not say better."""

AnyRequest = Request[object, object, State]
Problem = Response[dict[str, object]]

log = structlog.get_logger(__name__)


class Kind(NamedTuple):
    """What a class of errors looks like over HTTP."""

    status: int
    slug: str
    title: str


KINDS: Mapping[type[Exception], Kind] = {
    assistant.EmptyQuestion: Kind(422, "empty-question", "The question is empty"),
    assistant.QuestionTooLong: Kind(413, "question-too-long", "The question is too long"),
    assistant.UnknownConversation: Kind(404, "unknown-conversation", "No such conversation"),
    assistant.UnknownTurn: Kind(404, "unknown-turn", "No such question"),
    assistant.TooManyTurns: Kind(409, "too-many-turns", "The conversation is full"),
    assistant.IdempotencyConflict: Kind(
        409, "idempotency-conflict", "The idempotency key was used for another question"
    ),
    assistant.CommentTooLong: Kind(413, "comment-too-long", "The comment is too long"),
    assistant.InvalidEventId: Kind(400, "invalid-event-id", "Last-Event-ID is no event id"),
    assistant.Busy: Kind(503, "busy", "The assistant is busy"),
    assistant.ShuttingDown: Kind(503, "shutting-down", "The server is shutting down"),
    assistant.Unavailable: Kind(503, "unavailable", "A part of the server is not available"),
    gateway.AccessDeniedError: Kind(401, "access-denied", "The credentials are not valid"),
    gateway.ForbiddenError: Kind(403, "forbidden", "Not allowed"),
    gateway.RateLimitedError: Kind(429, "rate-limited", "Too many requests"),
    gateway.ShuttingDownError: Kind(503, "shutting-down", "The server is shutting down"),
    gateway.TimedOutError: Kind(503, "timed-out", "The request took too long"),
    serving.Busy: Kind(503, "models-busy", "All models are busy"),
    serving.ModelBusy: Kind(503, "models-busy", "All models are busy"),
    serving.TooLarge: Kind(413, "too-large-for-model", "The request is too large for the model"),
    serving.ModelFailed: Kind(503, "model-failed", "The model did not answer"),
    retrieval.RetrievalError: Kind(503, "search-unavailable", "Search is not available"),
}


def kind_of(error: Exception) -> Kind | None:
    """Find the nearest class of the error that has a kind of its own."""
    return next((KINDS[cls] for cls in type(error).__mro__ if cls in KINDS), None)


def known_problem(request: AnyRequest, error: Exception) -> Problem:
    """Answer an error that was raised on purpose."""
    kind = kind_of(error) or Kind(500, "internal", "Something went wrong")
    headers = {}
    if kind.status in (429, 503):
        wait_s = getattr(error, "retry_after_s", None)
        headers["Retry-After"] = str(RETRY_AFTER_S if wait_s is None else math.ceil(wait_s))
    if kind.status == 401:
        headers["WWW-Authenticate"] = "Bearer"
    return _response(kind, str(error), headers)


def http_problem(request: AnyRequest, error: HTTPException) -> Problem:
    """Answer what the framework refuses: unknown paths, malformed bodies and the like."""
    status = http.HTTPStatus(error.status_code)
    if status >= http.HTTPStatus.INTERNAL_SERVER_ERROR:
        return unexpected_problem(request, error)
    slug = status.phrase.lower().replace(" ", "-")
    kind = Kind(status, slug, status.phrase)
    if isinstance(error, ValidationException):
        kind = Kind(status, "invalid-request", "The request does not have the documented form")
        return _response(kind, error.detail, error.headers, errors=error.extra or [])
    return _response(kind, error.detail, error.headers)


def undecodable_problem(request: AnyRequest, error: UnicodeDecodeError) -> Problem:
    """Answer a body whose text is not UTF-8, which the framework lets through to the decoder."""
    kind = Kind(400, "invalid-request", "The request does not have the documented form")
    return _response(kind, "the body is not valid UTF-8 text", None)


def unexpected_problem(request: AnyRequest, error: Exception) -> Problem:
    """Answer an error that nobody foresaw: logged whole, shown by its number only."""
    instance = f"urn:uuid:{uuid4()}"
    log.error("unexpected error", instance=instance, exc_info=error)
    kind = Kind(500, "internal", "Something went wrong")
    detail = (
        "The server made a mistake; it is logged. Try again, or tell the operator the instance."
    )
    return _response(kind, detail, None, instance=instance)


def plain_problem(error: Exception) -> bytes:
    """The document for an error that occurs outside the framework, as JSON."""
    kind = kind_of(error) or Kind(500, "internal", "Something went wrong")
    return msgspec.json.encode(_document(kind, str(error)))


def exception_handlers() -> ExceptionHandlersMap:
    """Everything that the application answers errors with."""
    handlers: dict[int | type[Exception], ExceptionHandler[Exception]] = {
        Exception: unexpected_problem
    }
    handlers.update(dict.fromkeys(KINDS, known_problem))
    return {
        **handlers,
        HTTPException: http_problem,
        UnicodeDecodeError: undecodable_problem,
    }


def _response(
    kind: Kind, detail: str, headers: Mapping[str, str] | None, **extra: object
) -> Problem:
    return Response(
        {**_document(kind, detail), **extra},
        status_code=kind.status,
        media_type=MEDIA_TYPE,
        headers=dict(headers or {}),
    )


def _document(kind: Kind, detail: str) -> dict[str, object]:
    return {
        "type": TYPE_PREFIX + kind.slug,
        "title": kind.title,
        "status": kind.status,
        "detail": detail,
    }
