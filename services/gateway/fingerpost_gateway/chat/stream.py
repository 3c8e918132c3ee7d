"""A turn's events as server-sent events."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing

from fingerpost_assistant import StreamedEvent, encode_event


def encode_sse(streamed: StreamedEvent) -> bytes:
    """Write one event: its id for resuming, its name, and its JSON (which has no line breaks)."""
    name = type(streamed.event).__struct_config__.tag
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        streamed.id.encode(),
        str(name).encode(),
        encode_event(streamed.event),
    )


async def sse_chunks(events: AsyncGenerator[StreamedEvent, None]) -> AsyncGenerator[bytes, None]:
    """Yield the events encoded as they come; closes `events` in the end."""
    async with aclosing(events):
        async for event in events:
            yield encode_sse(event)
