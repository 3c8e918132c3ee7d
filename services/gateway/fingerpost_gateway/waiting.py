"""Taking turns on a data directory: whoever comes later waits, and says for whom."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack, ExitStack
from pathlib import Path

from fingerpost_gateway.control.address import is_listening
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.errors import DataDirectoryInUseError

POLL_S = 0.1

Notice = Callable[[str], None]
"""Shown to the person who waits."""


async def take_turn(
    directory: DataDirectory,
    purpose: str,
    stack: ExitStack | AsyncExitStack,
    *,
    wait_s: float,
    notice: Notice,
    server: Path | None = None,
) -> bool:
    """Hold the directory until `stack` is closed, or find the server that holds it.

    Args:
        purpose: the command, which others are told.
        wait_s: longest wait in seconds.
        notice: called once if there is somebody to wait for.
        server: the control socket of a server that would do just as well; None if none would.

    Returns:
        True when this process holds the directory, False when the server listens.

    Raises:
        DataDirectoryInUseError: somebody else held it all the time.
        DataDirectoryError: the directory cannot be used.
    """
    deadline = time.monotonic() + wait_s
    waiting = False
    while True:
        if server is not None and is_listening(server):
            return False
        try:
            stack.enter_context(directory.locked(purpose))
        except DataDirectoryInUseError as error:
            if time.monotonic() >= deadline:
                raise
            if not waiting:
                notice(f"waiting for {error.owner}, which uses {directory.root}")
                waiting = True
        else:
            return True
        await asyncio.sleep(POLL_S)
