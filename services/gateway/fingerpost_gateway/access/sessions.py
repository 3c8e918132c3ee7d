"""Citizens' sessions: a random token that only the client keeps, signed so that only we make them.

Nothing about a session is stored. Its subject is a digest of the token, so whoever holds the
token owns what was made with it, and nobody can go from the stored subject back to the token.
The signature is what rate limits rest on: a made-up token would be a new asker every time.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import re
import secrets
from pathlib import Path

SESSION_PREFIX = "fps_"

_RANDOM_BYTES = 16
_SIGNATURE_BYTES = 16
_TOKEN = re.compile(rf"{SESSION_PREFIX}([A-Za-z0-9_-]{{43}})")


class Sessions:
    """Makes session tokens and knows its own again."""

    def __init__(self, secret: bytes) -> None:
        """
        Args:
            secret: signs the tokens; every replica needs the same.
        """
        self._secret = secret

    def new(self) -> str:
        """Make a token: `fps_`, then 128 random bits and their signature in URL-safe base64."""
        random = secrets.token_bytes(_RANDOM_BYTES)
        packed = base64.urlsafe_b64encode(random + self._signature(random))
        return SESSION_PREFIX + packed.decode().rstrip("=")

    def issued(self, token: str) -> bool:
        """Tell whether this is a token that we made."""
        found = _TOKEN.fullmatch(token)
        if found is None:
            return False
        try:
            packed = base64.urlsafe_b64decode(found[1] + "=")
        except binascii.Error:
            return False
        random, signature = packed[:_RANDOM_BYTES], packed[_RANDOM_BYTES:]
        return hmac.compare_digest(signature, self._signature(random))

    def _signature(self, random: bytes) -> bytes:
        return hmac.digest(self._secret, random, hashlib.sha256)[:_SIGNATURE_BYTES]


def looks_like_session(token: str) -> bool:
    """Tell whether a credential is meant as a session token, not as an API key."""
    return token.startswith(SESSION_PREFIX)


def session_subject(token: str) -> str:
    """The name under which things belong to a session: a digest of its token."""
    return "session:" + hashlib.sha256(token.encode()).hexdigest()[:40]


def session_secret(configured: str, folder: Path) -> bytes:
    """The secret from the settings, or one that is made once and kept in the data directory."""
    if configured:
        return configured.encode()
    file = folder / "session-secret"
    if not file.exists():
        made = folder / f".session-secret-{secrets.token_hex(4)}"
        made.touch(mode=0o600)
        made.write_bytes(secrets.token_bytes(32))
        made.replace(file)
    return file.read_bytes()
