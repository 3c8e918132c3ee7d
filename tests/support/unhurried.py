"""`fingerpost` with answers that take their time: for tests of what happens meanwhile.

    python -m unhurried serve …

Every part is the real one; the pipeline only rests before each event.
"""

from __future__ import annotations

import asyncio
import os
import sys

from fingerpost_assistant.events import Event
from fingerpost_assistant.pipeline import Pipeline
from fingerpost_assistant.question import Emit, PreparedQuestion, TurnResult
from fingerpost_gateway.cli import main

PACE_S = float(os.environ.get("UNHURRIED_PACE_S", "0.5"))
"""How long to rest before each event."""

_answer = Pipeline.answer


async def _unhurried(self: Pipeline, question: PreparedQuestion, emit: Emit) -> TurnResult:
    async def slowly(event: Event) -> None:
        await asyncio.sleep(PACE_S)
        await emit(event)

    return await _answer(self, question, slowly)


if __name__ == "__main__":
    Pipeline.answer = _unhurried  # type: ignore[method-assign]
    sys.exit(main())
