"""The outermost layers of the server, around every request: record, time limit, safe headers.

They are plain ASGI, outside Litestar, so that they also cover what no route answers.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import cache
from types import MappingProxyType
from typing import NamedTuple
from uuid import uuid4

import structlog
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send
from prometheus_client import Counter, Histogram

from fingerpost_gateway.errors import TimedOutError
from fingerpost_gateway.observability.metrics import REQUEST_SECONDS, REQUESTS, STREAMS
from fingerpost_gateway.observability.tracing import name_span, server_span
from fingerpost_gateway.problems import MEDIA_TYPE, plain_problem

SECURITY_HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (
        b"content-security-policy",
        b"default-src 'self'; base-uri 'none'; form-action 'self'; "
        b"frame-ancestors 'none'; object-src 'none'",
    ),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), geolocation=(), microphone=()"),
    (b"referrer-policy", b"same-origin"),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
)
"""OWASP Secure Headers; the policy allows nothing inline and nothing from elsewhere."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})

log = structlog.get_logger(__name__)


def with_safe_headers(app: ASGIApp) -> ASGIApp:
    """Add the security headers to every response that does not set its own."""

    async def safe(scope: Scope, receive: Receive, send: Send) -> None:
        async def add(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = list(message.get("headers", ()))
                present = {name.lower() for name, _ in headers}
                headers += [pair for pair in SECURITY_HEADERS if pair[0] not in present]
                message["headers"] = headers
            await send(message)

        await app(scope, receive, add if scope["type"] == ScopeType.HTTP else send)

    return safe


class TimeLimit(NamedTuple):
    """How long a path may take to begin its response, and what is answered when it has not."""

    seconds: float
    body: Callable[[Exception], bytes] = plain_problem
    media_type: str = MEDIA_TYPE


def with_time_limit(
    app: ASGIApp, seconds: float, own: Mapping[str, TimeLimit] = MappingProxyType({})
) -> ASGIApp:
    """Answer 503 when a response has not begun after `seconds`; a stream may then take longer.

    Args:
        own: paths with a limit of their own.
    """
    others = TimeLimit(seconds)

    async def limited(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        allowed = own.get(scope["path"].rstrip("/"), others)
        limit = asyncio.timeout(allowed.seconds)

        async def begin(message: Message) -> None:
            if message["type"] == "http.response.start":
                limit.reschedule(None)
            await send(message)

        try:
            async with limit:
                await app(scope, receive, begin)
        except TimeoutError:
            if not limit.expired():
                raise
            await _send_timed_out(send, allowed)

    return limited


def with_record(app: ASGIApp) -> ASGIApp:
    """Log, count and trace every request by its route, never by its address or content."""

    async def recorded(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP:
            await app(scope, receive, send)
            return
        began = time.perf_counter()
        # Whatever else somebody sends as a method must not become a label.
        method = scope["method"] if scope["method"] in METHODS else "other"
        status = 500
        request_id = uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)

        async def note(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", ()),
                    (b"x-request-id", request_id.encode()),
                ]
                _seconds_of(_route(scope)).observe(time.perf_counter() - began)
            await send(message)

        headers = {
            name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]
        }
        with STREAMS.track_inprogress(), server_span(method, headers) as span:
            try:
                await app(scope, receive, note)
            finally:
                route = _route(scope)
                _requests_of(method, route, status).inc()
                name_span(span, method, route, status)
                milliseconds = round((time.perf_counter() - began) * 1000, 2)
                log.info("request", method=method, route=route, status=status, ms=milliseconds)

    return recorded


# Looking labels up takes longer than counting; there are few of them.
@cache
def _seconds_of(route: str) -> Histogram:
    return REQUEST_SECONDS.labels(route)


@cache
def _requests_of(method: str, route: str, status: int) -> Counter:
    return REQUESTS.labels(method, route, str(status))


def _route(scope: Scope) -> str:
    # Litestar notes the template of the route it chose; what matched none is one route.
    return str(scope.get("path_template") or "unmatched")


async def _send_timed_out(send: Send, limit: TimeLimit) -> None:
    body = limit.body(TimedOutError(limit.seconds))
    await send(
        {
            "type": "http.response.start",
            "status": 503,
            "headers": [
                (b"content-type", limit.media_type.encode()),
                (b"content-length", str(len(body)).encode()),
                (b"retry-after", b"5"),
            ],
        }
    )
    await send({"type": "http.response.body", "body": body, "more_body": False})
