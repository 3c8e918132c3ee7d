"""A turn's stream: events are appended in order, and it ends once, in step with its journal."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from importlib.resources import files
from typing import cast

from fingerpost_assistant.ending import Ending, encode_ending
from fingerpost_assistant.errors import TurnEnded, ValkeyUnavailable
from fingerpost_assistant.events import Event, StreamedEvent, encode_event
from fingerpost_assistant.live.connection import Client, persistently
from fingerpost_assistant.live.entries import Entry, decode_entries
from fingerpost_assistant.live.keys import journal_key, journal_of, turn_key

UNFINISHED_S = 24 * 3600
"""How long a stream is kept that no one ends: far longer than any turn or outage may last."""

_WRITE = files(__package__).joinpath("write.lua").read_text("utf-8")
_ERASE = files(__package__).joinpath("erase.lua").read_text("utf-8")
_ENDED = -1


class TurnWriter:
    """The one writer of a turn's events, in the process that answers it.

    It keeps what it wrote. When Valkey comes back without the latest events (it was killed
    before they reached its file, or a replica took over) they are written again under the
    same ids.
    """

    def __init__(self, client: Client, turn_id: str, *, patience_s: float) -> None:
        """
        Args:
            patience_s: how long a write is repeated while Valkey is away.
        """
        self.turn_id = turn_id
        self.events: list[StreamedEvent] = []
        """Everything that was to be written, in order."""
        self._client = client
        self._patience_s = patience_s
        self._written = 0
        self._ended = False
        self._lock = asyncio.Lock()
        self._writing_soon: asyncio.Task[None] | None = None

    def announce(self, event: Event) -> None:
        """Append one event soon, without waiting for it: by itself, or with one that follows.

        Should Valkey be away, the next `append` or `finish` fails as well or makes up for it.

        Raises:
            TurnEnded: the turn is known to have ended.
        """
        if self._ended:
            raise TurnEnded(self.turn_id)
        self._add(event)
        if self._writing_soon is None or self._writing_soon.done():
            self._writing_soon = asyncio.create_task(self._write_soon())

    async def _write_soon(self) -> None:
        try:
            async with self._lock:
                await self._flush("")
        except TurnEnded:
            self._ended = True
        except ValkeyUnavailable:
            pass  # what follows is written with it

    async def append(self, event: Event) -> None:
        """Append one event.

        Raises:
            TurnEnded: someone else has ended the turn.
            ValkeyUnavailable: Valkey stayed away for too long; the event is kept, and a later
                call writes it first.
        """
        async with self._lock:
            self._add(event)
            await self._flush("")

    async def finish(self, events: Sequence[Event], ending: Ending) -> None:
        """Append the last events and the journal's entry, all or none.

        Raises:
            TurnEnded, ValkeyUnavailable: as for `append`.
        """
        async with self._lock:
            self._ended = True
            for event in events:
                self._add(event)
            try:
                await self._flush(encode_ending(ending).decode())
            except TurnEnded:
                # It may have been us, when the answer to a first try was lost.
                if await persistently(self._read, self._patience_s) != self.events:
                    raise

    async def _read(self) -> list[StreamedEvent]:
        return await read(self._client, self.turn_id)

    def _add(self, event: Event) -> None:
        self.events.append(StreamedEvent(f"{len(self.events) + 1}-0", event))

    async def _flush(self, record: str) -> None:
        async def write() -> int:
            pending = [encode_event(item.event) for item in self.events[self._written :]]
            return await _write(self._client, self.turn_id, self._written + 1, pending, record)

        while self._written < len(self.events):
            # It may come out as less than before: Valkey has lost some, which go again.
            self._written = await persistently(write, self._patience_s)


async def end_from_outside(
    client: Client,
    turn_id: str,
    opening: Event,
    events: Sequence[Event],
    ending: Ending,
    *,
    patience_s: float,
) -> None:
    """End a turn that another process answers or answered.

    Args:
        opening: the turn's first event, written if no one has.
        events: its last events.

    Raises:
        TurnEnded: it had ended already.
        ValkeyUnavailable: Valkey stayed away for too long.
    """
    record = encode_ending(ending).decode()
    payloads = [encode_event(event) for event in events]

    async def write() -> int:
        await _write(client, turn_id, 1, [encode_event(opening)], "")
        return await _write(client, turn_id, 0, payloads, record)

    await persistently(write, patience_s)


async def erase(client: Client, turn_id: str) -> None:
    """Delete a turn's stream for good."""
    await client.eval(_ERASE, 1, turn_key(turn_id), int(UNFINISHED_S * 1000))


async def read(client: Client, turn_id: str) -> list[StreamedEvent]:
    """A turn's events so far; none when the stream has expired or was never begun."""
    # RESP2 has one shape for this answer; the client's type covers RESP3's too.
    return decode_entries(cast("list[Entry]", await client.xrange(turn_key(turn_id))))


async def _write(
    client: Client, turn_id: str, first: int, events: Sequence[bytes], record: str
) -> int:
    keys = (turn_key(turn_id), journal_key(journal_of(turn_id)))
    keep_ms = UNFINISHED_S * 1000
    written = await client.eval(_WRITE, 2, *keys, first, keep_ms, turn_id, record, *events)
    if written == _ENDED:
        raise TurnEnded(turn_id)
    return int(written)
