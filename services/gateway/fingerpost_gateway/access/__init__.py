"""Who is asking: credentials become one `Caller`, whose `Principal` decides everything."""

from fingerpost_gateway.access.keys import KeyRing, key_digest, new_key
from fingerpost_gateway.access.principals import Caller, Callers
from fingerpost_gateway.access.sessions import SESSION_COOKIE, Sessions, session_secret

__all__ = [
    "SESSION_COOKIE",
    "Caller",
    "Callers",
    "KeyRing",
    "Sessions",
    "key_digest",
    "new_key",
    "session_secret",
]
