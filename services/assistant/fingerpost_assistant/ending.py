"""How a turn ended: what goes to the journal with its last event, and from there to SQL."""

from __future__ import annotations

from datetime import UTC, datetime

import msgspec

from fingerpost_assistant.events import Outcome
from fingerpost_assistant.question import Trace, TurnResult


def _now() -> datetime:
    return datetime.now(UTC)


class Ending(msgspec.Struct, frozen=True, kw_only=True):
    """Everything that is recorded of a turn beside its events."""

    outcome: Outcome
    finished_at: datetime = msgspec.field(default_factory=_now)
    model: str = ""
    confidence: float = 0.0
    index_revision: str = ""
    timings: dict[str, float] = {}
    trace: Trace = {}

    @classmethod
    def of(cls, result: TurnResult) -> Ending:
        """The ending of a turn that the pipeline brought to its result."""
        return cls(
            outcome=result.outcome,
            model=result.model,
            confidence=result.confidence,
            index_revision=result.index_revision,
            timings=result.timings,
            trace=result.trace,
        )


encode_ending = msgspec.json.Encoder().encode
decode_ending = msgspec.json.Decoder(Ending).decode
