"""Background work that goes on whatever happens to Valkey or the database meanwhile."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable

from fingerpost_assistant.errors import Unavailable
from fingerpost_assistant.live.connection import is_away

_log = logging.getLogger(__name__)

_SHORT_S = 0.2
_LONGEST_S = 5.0


async def forever(step: Callable[[], Awaitable[None]], what: str, *, every_s: float = 0.0) -> None:
    """Do a step again and again until cancelled, more slowly while it fails.

    Args:
        what: what it does, for the log ("recording turns").
        every_s: pause between two steps, in seconds.
    """
    task = asyncio.current_task()
    longer = _SHORT_S
    while True:
        pause = every_s
        try:
            await step()
            longer = _SHORT_S
        except Exception as error:
            if isinstance(error, Unavailable) or is_away(error):
                _log.warning("%s: %s", what, str(error) or type(error).__name__)
            else:
                _log.exception("%s failed and is tried again", what)
            pause, longer = longer, min(longer * 2, _LONGEST_S)
        if task is not None and task.cancelling():
            # Swallowed in the step: see `fingerpost_assistant.cancelling`.
            raise asyncio.CancelledError
        await asyncio.sleep(pause)
