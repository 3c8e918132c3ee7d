"""What is asked of admission, and what one who waits is told."""

from __future__ import annotations

from enum import IntEnum

import msgspec


class Priority(IntEnum):
    """Classes of askers; the settings say what share each has when all of them wait."""

    CASEWORKER = 0
    CITIZEN = 1
    BATCH = 2


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """One request that wants a place at a model."""

    tokens: int
    """Estimated tokens of prompt and answer together."""
    priority: Priority = Priority.CITIZEN
    tenant: str = "default"
    """Whose request it is, from the settings and never from the request itself."""

    def __post_init__(self) -> None:
        if self.tokens < 0:
            raise ValueError(f"a request cannot have {self.tokens} tokens")


class Place(msgspec.Struct, frozen=True):
    """A place in the queue."""

    position: int
    """From 1: how many are served until it is this one's turn, by the shares as they are now."""
    expected_wait_ms: int | None
    """From the service times measured lately; None while none is known."""
