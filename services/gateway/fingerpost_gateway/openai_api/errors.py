"""Errors of the OpenAI-compatible API, in OpenAI's shape and on this face alone."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from litestar import Request, Response
from litestar.datastructures import State
from litestar.exceptions import HTTPException, ValidationException
from litestar.types import ExceptionHandler, ExceptionHandlersMap

from fingerpost_gateway.errors import AnswerFailedError, UnknownModelError, UnsupportedError
from fingerpost_gateway.openai_api.schemas import ErrorBody, ErrorDetail
from fingerpost_gateway.problems import (
    KINDS,
    kind_of,
    known_problem,
    undecodable_problem,
    unexpected_problem,
)
from fingerpost_serving import ModelRefused

AnyRequest = Request[object, object, State]

_CALLERS_FAULT = frozenset({400, 413, 422})
"""Of what a model's server refuses: other refusals are about how the server is set up."""

_TYPES = {401: "authentication_error", 403: "permission_error", 429: "rate_limit_error"}


def openai_error_handlers() -> ExceptionHandlersMap:
    """What this API answers errors with, in place of problem documents."""
    known: dict[int | type[Exception], ExceptionHandler[Exception]] = dict.fromkeys(KINDS, _known)
    return {
        **known,
        Exception: _unexpected,
        UnsupportedError: _unsupported,
        AnswerFailedError: _failed,
        ModelRefused: _refused,
        HTTPException: _http,
        UnicodeDecodeError: _undecodable,
    }


def error_body(status: int, message: str, *, code: str | None = None) -> ErrorBody:
    """An error as OpenAI's clients expect it."""
    kind = _TYPES.get(status, "server_error" if status >= 500 else "invalid_request_error")
    return ErrorBody(error=ErrorDetail(message=message, type=kind, code=code))


def plain_error(error: Exception) -> bytes:
    """The body for an error that occurs outside the framework, as JSON."""
    kind = kind_of(error)
    return msgspec.json.encode(
        error_body(kind.status if kind else 500, str(error), code=slug_of(error))
    )


def slug_of(error: Exception) -> str:
    """The stable name of an error, as the last part of a problem's `type`."""
    kind = kind_of(error)
    return kind.slug if kind else "internal"


def _response(
    status: int, body: ErrorBody, headers: Mapping[str, str] | None = None
) -> Response[ErrorBody]:
    return Response(body, status_code=status, headers=dict(headers or {}))


def _known(request: AnyRequest, error: Exception) -> Response[ErrorBody]:
    problem = known_problem(request, error)
    status = problem.status_code or 500
    body = error_body(status, str(error), code=slug_of(error))
    return _response(status, body, problem.headers)


def _unsupported(_: AnyRequest, error: UnsupportedError) -> Response[ErrorBody]:
    unknown = isinstance(error, UnknownModelError)
    code = "model_not_found" if unknown else "unsupported_parameter"
    detail = ErrorDetail(
        message=str(error), type="invalid_request_error", param=error.param, code=code
    )
    return _response(404 if unknown else 400, ErrorBody(error=detail))


def _failed(_: AnyRequest, error: AnswerFailedError) -> Response[ErrorBody]:
    return _response(503, error_body(503, str(error), code="unanswered"), {"Retry-After": "5"})


def _refused(request: AnyRequest, error: ModelRefused) -> Response[ErrorBody]:
    if error.status not in _CALLERS_FAULT:
        return _known(request, error)
    return _response(error.status, error_body(error.status, str(error), code="model-refused"))


def _http(request: AnyRequest, error: HTTPException) -> Response[ErrorBody]:
    if error.status_code >= 500:
        return _unexpected(request, error)
    message = error.detail
    if isinstance(error, ValidationException) and error.extra:
        message = f"{message}: {error.extra}"
    return _response(error.status_code, error_body(error.status_code, message), error.headers)


def _undecodable(request: AnyRequest, error: UnicodeDecodeError) -> Response[ErrorBody]:
    return _told(undecodable_problem(request, error))


def _unexpected(request: AnyRequest, error: Exception) -> Response[ErrorBody]:
    return _told(unexpected_problem(request, error))


def _told(problem: Response[dict[str, object]]) -> Response[ErrorBody]:
    """Say what a problem document says, in this API's shape."""
    status = problem.status_code or 500
    told = " ".join(
        str(problem.content[key]) for key in ("detail", "instance") if key in problem.content
    )
    return _response(status, error_body(status, told))
