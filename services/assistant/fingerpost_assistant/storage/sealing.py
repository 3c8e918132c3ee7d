"""Personal data that only its owner can have back: sealed with the owner's session token."""

from __future__ import annotations

import os
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

_PURPOSE = b"fingerpost placeholders 1"
"""Sets these keys apart from anything else that is derived from the token (RFC 5869, "info")."""
_NONCE_BYTES = 12
"""The nonce that AES-GCM is made for (NIST SP 800-38D, section 8.2)."""


def seal(placeholders: dict[str, str], session_token: str, turn_id: UUID) -> bytes:
    """Encrypt what the placeholders of a turn stand for, with AES-256-GCM.

    Args:
        session_token: the client's secret, at least 128 random bits; it is not kept.
        turn_id: bound into key and ciphertext, so that one turn's data opens no other's.
    """
    nonce = os.urandom(_NONCE_BYTES)
    plain = msgspec.json.encode(placeholders)
    return nonce + AESGCM(_key(session_token, turn_id)).encrypt(nonce, plain, turn_id.bytes)


def unseal(sealed: bytes, session_token: str, turn_id: UUID) -> dict[str, str]:
    """What the placeholders stand for; empty when the token did not seal them."""
    nonce, ciphertext = sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:]
    try:
        plain = AESGCM(_key(session_token, turn_id)).decrypt(nonce, ciphertext, turn_id.bytes)
    except (InvalidTag, ValueError):
        return {}
    return msgspec.json.decode(plain, type=dict[str, str])


def _key(session_token: str, turn_id: UUID) -> bytes:
    derivation = HKDF(algorithm=SHA256(), length=32, salt=turn_id.bytes, info=_PURPOSE)
    return derivation.derive(session_token.encode())
