"""API keys: told apart by the SHA-256 that stands in the settings."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping

from fingerpost_assistant import Principal, Role
from fingerpost_gateway.settings import TenantSettings

KEY_PREFIX = "fpk_"

PRIORITIES = {
    Role.SUPERVISOR: 30,
    Role.CASEWORKER: 30,
    Role.ADMIN: 20,
    Role.CITIZEN: 10,
    Role.BATCH: 0,
}
"""Who is served first when there is not room for all: the higher."""


def new_key() -> str:
    """Make an API key: `fpk_` and 256 random bits in URL-safe base64."""
    return KEY_PREFIX + secrets.token_urlsafe(32)


def key_digest(key: str) -> str:
    """SHA-256 of a key, 64 hex digits. Keys are random, so a slow hash would add nothing."""
    return hashlib.sha256(key.encode()).hexdigest()


class KeyRing:
    """All configured keys, by digest."""

    def __init__(self, tenants: Mapping[str, TenantSettings]) -> None:
        self._holders = {
            key.sha256.lower(): Principal(
                tenant=tenant,
                role=Role(key.role),
                subject=f"key:{tenant}:{key.name}",
                priority=PRIORITIES[Role(key.role)],
                collections=settings.collections,
            )
            for tenant, settings in tenants.items()
            for key in settings.keys
        }

    def __len__(self) -> int:
        return len(self._holders)

    def holder(self, key: str) -> Principal | None:
        """Tell whose key it is, or None. The look-up is by digest, so its time tells nothing."""
        return self._holders.get(key_digest(key))
