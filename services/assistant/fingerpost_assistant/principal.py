"""Who is asking: what one request may see and do, decided once at the edge."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from fingerpost_serving.admission import Priority


class Role(StrEnum):
    """What kind of caller it is."""

    CITIZEN = "citizen"
    CASEWORKER = "caseworker"
    SUPERVISOR = "supervisor"
    BATCH = "batch"
    """A program that can wait."""
    ADMIN = "admin"


class Principal(msgspec.Struct, frozen=True, kw_only=True):
    """A caller. It holds no secret, so it may be logged."""

    tenant: str = "default"
    """The department or service whose guidance is asked; never empty."""
    role: Role = Role.CITIZEN
    subject: str
    """Opaque id of the session or key, under which conversations are owned: a digest of the
    token, never the token itself."""
    priority: int = 0
    """Who is served first when there is not room for all: the higher."""
    collections: tuple[str, ...] = ("guidance",)
    """Collections that this caller's questions search."""

    @property
    def place(self) -> Priority:
        """The class in which the caller's questions wait for a model."""
        if self.role is Role.BATCH:
            return Priority.BATCH
        return Priority.CITIZEN if self.role is Role.CITIZEN else Priority.CASEWORKER
