"""Citizens' sessions: a random token that only the client keeps.

Nothing about a session is stored. Its subject is a digest of the token, so whoever holds the
token owns what was made with it, and nobody can go from the stored subject back to the token.
"""

from __future__ import annotations

import hashlib
import re
import secrets

SESSION_COOKIE = "fingerpost_session"
SESSION_PREFIX = "fps_"

_TOKEN = re.compile(rf"{SESSION_PREFIX}[A-Za-z0-9_-]{{43}}")


def new_session() -> str:
    """Make a session token: `fps_` and 256 random bits in URL-safe base64."""
    return SESSION_PREFIX + secrets.token_urlsafe(32)


def is_session(token: str) -> bool:
    """Tell whether the text has the form of a session token."""
    return _TOKEN.fullmatch(token) is not None


def session_subject(token: str) -> str:
    """The name under which things belong to a session: a digest of its token."""
    return "session:" + hashlib.sha256(token.encode()).hexdigest()[:40]
