"""Names of everything that the assistant keeps in Valkey.

A turn's stream and its journal carry the same hash tag, so that a cluster keeps them in one
slot and one script can write both (Valkey cluster specification, "Hash tags").
"""

from __future__ import annotations

import zlib

JOURNALS = 8
"""Number of journal streams. All processes must agree on it: it is part of every turn's key."""


def journal_of(turn_id: str) -> int:
    """Which journal a turn's ending goes to."""
    return zlib.crc32(turn_id.encode()) % JOURNALS


def journal_key(journal: int) -> str:
    """Stream of endings that wait to be written to SQL."""
    return f"fingerpost:{{j{journal}}}:journal"


def rejected_key(journal: int) -> str:
    """Stream of entries of a journal that could not be understood."""
    return f"fingerpost:{{j{journal}}}:rejected"


def turn_key(turn_id: str) -> str:
    """Stream of a turn's events."""
    return f"fingerpost:{{j{journal_of(turn_id)}}}:turn:{turn_id}"


def wake_key(journal: int, process: str) -> str:
    """Stream by which a process wakes its own reader."""
    return f"fingerpost:{{j{journal}}}:wake:{process}"


def alive_key(process: str) -> str:
    """Lease that a living process renews."""
    return f"fingerpost:alive:{process}"
