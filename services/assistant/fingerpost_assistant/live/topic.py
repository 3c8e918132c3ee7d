"""One turn's events as this process has received them, shared by all who follow the turn."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Sequence

from fingerpost_assistant.errors import UnknownTurn
from fingerpost_assistant.events import StreamedEvent
from fingerpost_assistant.live.entries import END, ERASED, Entry, decode_entries, event_number


class Topic:
    """A list that grows until the turn ends, and any number of readers, each at its own place.

    A reader holds nothing but its place. However slow it is, it keeps no more than the one
    list alive, which the turn's time limit bounds.
    """

    def __init__(self, turn_id: str) -> None:
        self.turn_id = turn_id
        self.followers = 0
        self.position = "0-0"
        """Id of the last entry received."""
        self.closed = False
        """Whether nothing more will come."""
        self._events: list[StreamedEvent] = []
        self._gone = False
        self._grown = asyncio.Event()

    def receive(self, entries: Sequence[Entry]) -> None:
        """Take in entries that came after `position`."""
        for id_, fields in entries:
            self.position = id_
            if ERASED in fields.items():
                self._gone = True
            self.closed = self.closed or END in fields
        self._events.extend(decode_entries(entries))
        self._wake()

    def complete(self, events: Sequence[StreamedEvent] | None) -> None:
        """Take the whole stream from elsewhere; None when the turn was deleted."""
        if events is None:
            self._gone = True
        else:
            # Numbered alike wherever they come from: what is there already is a beginning.
            known = event_number(self._events[-1].id) if self._events else 0
            self._events.extend(item for item in events if event_number(item.id) > known)
        self.close()

    def close(self) -> None:
        """Let readers go once they have what is there; those of an open turn come back."""
        self.closed = True
        self._wake()

    async def read(self, after: str | None) -> AsyncGenerator[StreamedEvent, None]:
        """Events from the first, or after an id, to the last, as they come.

        Raises:
            UnknownTurn: the turn was deleted.
        """
        start = event_number(after) if after else 0
        place = 0
        while True:
            while place < len(self._events):
                item = self._events[place]
                place += 1
                if event_number(item.id) > start:
                    yield item
            if self._gone:
                raise UnknownTurn
            if self.closed:
                return
            await self._grown.wait()

    def _wake(self) -> None:
        grown, self._grown = self._grown, asyncio.Event()
        grown.set()
