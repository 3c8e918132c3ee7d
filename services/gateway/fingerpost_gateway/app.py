"""The application: a table of contents of everything the server answers."""

from __future__ import annotations

from litestar import Litestar
from litestar.types import ASGIApp

from fingerpost_gateway.access import Callers, SessionCookies, Sessions
from fingerpost_gateway.access.addresses import Addresses
from fingerpost_gateway.access.deps import request_dependencies
from fingerpost_gateway.chat.routes import chat_router
from fingerpost_gateway.edge import TimeLimit, with_record, with_safe_headers, with_time_limit
from fingerpost_gateway.health.routes import health_router
from fingerpost_gateway.limits import RateLimits
from fingerpost_gateway.openai_api.errors import plain_error
from fingerpost_gateway.openai_api.routes import COMPLETIONS_PATH, openai_router
from fingerpost_gateway.openapi import openapi_config
from fingerpost_gateway.pages import with_pages
from fingerpost_gateway.pages.routes import pages_router
from fingerpost_gateway.problems import exception_handlers
from fingerpost_gateway.runtime import TURN_GRACE_S, Runtime
from fingerpost_gateway.search.routes import search_router


def create_app(runtime: Runtime) -> ASGIApp:
    """Build the public application over an open runtime."""
    settings = runtime.settings
    app = Litestar(
        route_handlers=[pages_router, chat_router, search_router, openai_router, health_router],
        dependencies=request_dependencies(
            runtime,
            Callers(
                settings.tenants,
                Sessions(runtime.session_secret),
                SessionCookies(settings.http.public_url),
            ),
            RateLimits(
                runtime.redis_url, settings.limits, Addresses(settings.http.trusted_proxies)
            ),
        ),
        exception_handlers=with_pages(exception_handlers(), settings.tenants["default"].title),
        openapi_config=openapi_config(),
        request_max_body_size=settings.http.body_limit,
        logging_config=None,
    )
    limited = with_time_limit(
        app,
        settings.http.request_timeout_s,
        # Unless it streams, a completion is sent when the answer is whole.
        {
            COMPLETIONS_PATH: TimeLimit(
                settings.limits.turn_timeout_s + TURN_GRACE_S, plain_error, "application/json"
            )
        },
    )
    return with_record(with_safe_headers(limited))
