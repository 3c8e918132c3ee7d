"""The one place where a request's credentials become a `Caller`."""

from __future__ import annotations

import msgspec
from litestar import Request
from litestar.datastructures import State

from fingerpost_assistant import Principal, Role
from fingerpost_gateway.access.keys import PRIORITIES, KeyRing
from fingerpost_gateway.access.sessions import SESSION_COOKIE, is_session, session_subject
from fingerpost_gateway.errors import AccessDeniedError, ForbiddenError
from fingerpost_gateway.settings import TenantSettings

AnyRequest = Request[object, object, State]

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
_OWN_SITE = frozenset({"same-origin", "none", ""})


class Caller(msgspec.Struct, frozen=True):
    """Who is asking, and the session token that unlocks what they alone may read.

    Only `principal` may be logged or stored.
    """

    principal: Principal
    session_token: str | None = None

    @property
    def anonymous(self) -> bool:
        """Whether this is someone without a session yet, who can own nothing."""
        return not self.principal.subject


class Callers:
    """Tells who is asking, from the settings' tenants and keys."""

    def __init__(self, tenants: dict[str, TenantSettings]) -> None:
        self._keys = KeyRing(tenants)
        self._collections = tenants["default"].collections

    def of(self, request: AnyRequest) -> Caller:
        """Tell who is asking.

        A bearer token is a session or an API key; without one, the session cookie counts.

        Raises:
            AccessDeniedError: a credential was given, but it is not valid.
            ForbiddenError: another site made the browser send the cookie.
        """
        if token := _bearer(request):
            return self._bearer_of(token)
        cookie = request.cookies.get(SESSION_COOKIE, "")
        if not is_session(cookie):
            return Caller(self._citizen(subject=""))
        _refuse_cross_site(request)
        return self.citizen(cookie)

    def citizen(self, token: str) -> Caller:
        """The citizen whose session this is."""
        return Caller(self._citizen(subject=session_subject(token)), token)

    def _bearer_of(self, token: str) -> Caller:
        if is_session(token):
            return self.citizen(token)
        if holder := self._keys.holder(token):
            return Caller(holder, token)
        raise AccessDeniedError(
            "the bearer token is neither a session nor a known API key; "
            "leave it out to ask as a citizen, or ask the operator for a key"
        )

    def _citizen(self, subject: str) -> Principal:
        return Principal(
            role=Role.CITIZEN,
            subject=subject,
            priority=PRIORITIES[Role.CITIZEN],
            collections=self._collections,
        )


def _bearer(request: AnyRequest) -> str:
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer":
        return token.strip()
    return request.headers.get("x-api-key", "").strip()


def _refuse_cross_site(request: AnyRequest) -> None:
    # SameSite=Strict already keeps the cookie at home; this also covers sibling subdomains.
    if request.method in _SAFE_METHODS:
        return
    if request.headers.get("sec-fetch-site", "") not in _OWN_SITE:
        raise ForbiddenError("another site may not act with this browser's session")
