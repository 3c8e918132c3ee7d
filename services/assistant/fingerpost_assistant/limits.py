"""How much the assistant takes on, and how long it waits."""

from __future__ import annotations

import msgspec


class Limits(msgspec.Struct, frozen=True, kw_only=True):
    """Caps and deadlines of the assistant; times in seconds."""

    running_turns: int = 200
    """Answers that this process works on at a time; one more is refused (`Busy`)."""
    turns_per_conversation: int = 100
    """Questions that one conversation may hold."""
    history_exchanges: int = 3
    """Earlier exchanges that the pipeline sees."""
    comment_characters: int = 2_000
    """Longest comment of a feedback."""
    turn_s: float = 60.0
    """Longest time for one answer. The pipeline has limits of its own; this is the backstop."""
    append_s: float = 10.0
    """How long an event is retried while Valkey is away."""
    stream_ttl_s: float = 900.0
    """How long a finished and recorded turn stays in Valkey; later readers get it from SQL."""
    heartbeat_s: float = 3.0
    """How often a process says that it is alive."""
    lease_s: float = 10.0
    """How long after its last heartbeat a process counts as dead."""
    retention_days: float = 30.0
    """Age at which a conversation is deleted; 0 keeps it for ever."""
