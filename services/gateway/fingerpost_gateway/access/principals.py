"""The one place where a request's credentials become a `Caller`."""

from __future__ import annotations

import msgspec
from litestar import Request
from litestar.datastructures import Cookie, State

from fingerpost_assistant import Principal, Role
from fingerpost_gateway.access.cookies import SessionCookies
from fingerpost_gateway.access.keys import PRIORITIES, KeyRing
from fingerpost_gateway.access.sessions import (
    Sessions,
    looks_like_session,
    session_subject,
)
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

    def __repr__(self) -> str:
        return f"Caller({self.principal!r})"

    @property
    def anonymous(self) -> bool:
        """Whether this is someone without a session yet, who can own nothing."""
        return not self.principal.subject


class Callers:
    """Tells who is asking, from the settings' tenants and keys."""

    def __init__(
        self, tenants: dict[str, TenantSettings], sessions: Sessions, cookies: SessionCookies
    ) -> None:
        self._sessions = sessions
        self._cookies = cookies
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
        cookie = self._cookies.token_in(request)
        if not self._sessions.issued(cookie):
            return Caller(self._citizen(subject=""))
        _refuse_cross_site(request)
        return self._holder(cookie)

    def new_citizen(self) -> Caller:
        """Somebody with a new session."""
        return self._holder(self._sessions.new())

    def cookie_of(self, citizen: Caller, request: AnyRequest) -> Cookie:
        """The cookie that brings a citizen's session back."""
        return self._cookies.holding(citizen.session_token, request)

    def _holder(self, token: str) -> Caller:
        return Caller(self._citizen(subject=session_subject(token)), token)

    def _bearer_of(self, token: str) -> Caller:
        if looks_like_session(token):
            if self._sessions.issued(token):
                return self._holder(token)
            raise AccessDeniedError(
                "this server made no such session; start a new conversation without one"
            )
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
