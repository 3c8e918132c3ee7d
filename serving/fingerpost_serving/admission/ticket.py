"""One request on its way through admission: waiting, then in its place."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator

from .asking import Ask, Place


class Ticket:
    """A request's place at a model, or in the queue for one."""

    def __init__(self, id_: str, model: str, ask: Ask) -> None:
        self.id = id_
        self.model = model
        self.ask = ask
        self.local = False
        """Whether this process let it in by itself, as Valkey was away."""
        self.known = False
        """Whether Valkey has answered for it, so that it is in the beats."""
        self._asked = time.monotonic()
        self._admitted: float | None = None
        self._place: Place | None = None
        self._gone: Exception | None = None
        self._changed = asyncio.Event()

    @property
    def admitted(self) -> bool:
        """Whether it has its place."""
        return self._admitted is not None

    @property
    def waited_s(self) -> float:
        """How long it has waited, or did."""
        return (self._admitted or time.monotonic()) - self._asked

    def admit(self) -> None:
        """Give it its place."""
        if self._admitted is None:
            self._admitted = time.monotonic()
            self._changed.set()

    def move(self, place: Place) -> None:
        """Tell it where it stands in the queue."""
        if self._admitted is None and place != self._place:
            self._place = place
            self._changed.set()

    def turn_away(self, error: Exception) -> None:
        """End its waiting with an error."""
        self._gone = error
        self._changed.set()

    async def wait(self) -> AsyncIterator[Place]:
        """Yield its place in the queue whenever that changes; end when it is its turn.

        Raises:
            Busy: it can wait no more, as Valkey went away and there is no room without it.
        """
        while True:
            await self._changed.wait()
            self._changed.clear()
            if self._gone is not None:
                raise self._gone
            if self._admitted is not None:
                return
            if self._place is not None:
                yield self._place
