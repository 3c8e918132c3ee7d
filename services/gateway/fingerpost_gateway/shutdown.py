"""How far the server is on its way out, for whatever must end before it does."""

from __future__ import annotations

import asyncio


class Shutdown:
    """Two moments, each an event that stays set.

    `draining`: the server has been told to stop; it is no longer ready and takes nothing new,
    while what it has goes on. `deadline`: the time for that is over; streams end now.
    """

    def __init__(self) -> None:
        self.draining = asyncio.Event()
        self.deadline = asyncio.Event()
