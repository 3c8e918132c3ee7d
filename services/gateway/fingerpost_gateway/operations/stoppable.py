"""Blocking work in a thread that can be stopped between two of its steps."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar

from fingerpost_knowledge_hub.sync import Progress

T = TypeVar("T")


class _Stopped(Exception):  # noqa: N818 -- no error: it ends the work that it is raised in
    """Raised in the thread at the next step after the caller was cancelled."""


class Repeatable:
    """A progress callback that can be called again as it was last, where a step takes long."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._last: tuple[int, int | None] = (0, None)

    def __call__(self, done: int, total: int | None) -> None:
        self._last = (done, total)
        self._progress(done, total)

    def again(self) -> None:
        """Report the same once more; what the callback raises goes on to the caller."""
        self._progress(*self._last)


async def run_stoppable(work: Callable[[Progress], T], progress: Progress) -> T:
    """Run `work` in a thread, which gets a progress callback to call at every step.

    When the caller is cancelled, the work is stopped at its next step, and the cancellation
    goes on once it has ended: nobody closes the index under its hands.
    """
    stop = threading.Event()

    def step(done: int, total: int | None) -> None:
        if stop.is_set():
            raise _Stopped
        progress(done, total)

    task = asyncio.ensure_future(asyncio.to_thread(work, step))
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        stop.set()
        while not task.done():
            # Whoever is in a hurry must wait as well.
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        if not task.cancelled():
            task.exception()  # Looked at, or asyncio would report it as lost.
        raise
