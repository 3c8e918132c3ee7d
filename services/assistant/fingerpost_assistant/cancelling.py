"""Ending a task for certain."""

from __future__ import annotations

import asyncio
from typing import Any

_AGAIN_S = 0.2


async def cancel(task: asyncio.Task[Any], *, patience_s: float) -> None:
    """Cancel a task, more than once if need be, and wait until it has ended or patience has.

    Until Python 3.12 `asyncio.wait_for` swallows a cancellation that arrives as its future
    completes (CPython issue 86296), and the redis client sends every command through it.

    Args:
        patience_s: longest time to wait, in seconds.
    """
    end = asyncio.get_running_loop().time() + patience_s
    while not task.done() and asyncio.get_running_loop().time() < end:
        task.cancel()
        await asyncio.wait({task}, timeout=_AGAIN_S)
