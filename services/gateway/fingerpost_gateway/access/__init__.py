"""Who is asking: credentials become one `Caller`, whose `Principal` decides everything."""

from fingerpost_gateway.access.cookies import SessionCookies
from fingerpost_gateway.access.keys import KeyRing, key_digest, new_key
from fingerpost_gateway.access.principals import Caller, Callers
from fingerpost_gateway.access.sessions import Sessions, session_secret

__all__ = [
    "Caller",
    "Callers",
    "KeyRing",
    "SessionCookies",
    "Sessions",
    "key_digest",
    "new_key",
    "session_secret",
]
