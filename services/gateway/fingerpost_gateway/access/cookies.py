"""The cookie in which a browser keeps its citizen's session."""

from __future__ import annotations

from urllib.parse import urlsplit

from litestar import Request
from litestar.datastructures import Cookie, State

SESSION_COOKIE = "fingerpost_session"
SECURE_SESSION_COOKIE = f"__Host-{SESSION_COOKIE}"
"""With this prefix a browser takes the cookie from this host alone and over TLS alone, so that no
sibling subdomain can put a session of its own in its place (RFC 6265bis, section 4.1.3.2)."""


class SessionCookies:
    """Writes and reads the cookie, by its safer name wherever readers come over TLS."""

    def __init__(self, public_url: str) -> None:
        """
        Args:
            public_url: address under which readers reach the server; empty: as asked.
        """
        self._public_scheme = urlsplit(public_url).scheme

    def token_in(self, request: Request[object, object, State]) -> str:
        """The session token that the browser sent; empty when it sent none."""
        return request.cookies.get(self._name(request), "")

    def holding(self, token: str | None, request: Request[object, object, State]) -> Cookie:
        """A cookie with the token.

        It ends with the browser: on a shared computer the next person finds nothing.
        """
        return Cookie(
            key=self._name(request),
            value=token,
            path="/",
            httponly=True,
            samesite="strict",
            secure=self._secure(request),
        )

    def _name(self, request: Request[object, object, State]) -> str:
        return SECURE_SESSION_COOKIE if self._secure(request) else SESSION_COOKIE

    def _secure(self, request: Request[object, object, State]) -> bool:
        return "https" in (request.url.scheme, self._public_scheme)
