"""The person at the browser: the cookie of their session, and proof that a form is our own."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import msgspec
from litestar import Request
from litestar.connection import ASGIConnection
from litestar.datastructures import Cookie, State
from litestar.handlers import BaseRouteHandler

from fingerpost_gateway.access import Caller, Callers
from fingerpost_gateway.errors import ForbiddenError

AnyRequest = Request[object, object, State]


class Visitor(msgspec.Struct, frozen=True):
    """Who asks through a page, and the cookie to set if this is their first question."""

    caller: Caller
    cookies: tuple[Cookie, ...] = ()


def issue_session(request: AnyRequest, caller: Caller, callers: Callers) -> Visitor:
    """Give somebody without a session a new one."""
    if not caller.anonymous:
        return Visitor(caller)
    citizen = callers.new_citizen()
    return Visitor(citizen, (callers.cookie_of(citizen, request),))


def own_forms_only(
    connection: ASGIConnection[Any, Any, Any, Any], handler: BaseRouteHandler
) -> None:
    """Refuse a form that another site made this browser send.

    Another site's form comes without the session (its cookie is SameSite=Strict) and would be
    given a new one in its place, so it must not get that far.

    Raises:
        ForbiddenError: the browser says that the form is not from this site.
    """
    if connection.scope.get("method") != "POST":
        return
    site = connection.headers.get("sec-fetch-site")
    origin = connection.headers.get("origin")
    if site is not None:
        ours = site in ("same-origin", "none")
    else:
        ours = origin is None or urlsplit(origin).netloc == connection.headers.get("host")
    if not ours:
        raise ForbiddenError("this form can only be sent from its own page")
