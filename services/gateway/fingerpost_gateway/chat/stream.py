"""A turn's events as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import TypeVar

from litestar.response import Stream

from fingerpost_assistant import StreamedEvent, encode_event
from fingerpost_gateway.runtime import Shutdown

Result = TypeVar("Result")

KEEP_ALIVE = b": keep-alive\n\n"
LAST_CALL = b": the server is shutting down; reconnect to go on\n\n"
MEDIA_TYPE = "text/event-stream"

_HEADERS = {
    # Asks nginx not to hold the stream back.
    "X-Accel-Buffering": "no",
}


def encode_sse(streamed: StreamedEvent) -> bytes:
    """Write one event: its id for resuming, its name, and its JSON (which has no line breaks)."""
    name = type(streamed.event).__struct_config__.tag
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (
        streamed.id.encode(),
        str(name).encode(),
        encode_event(streamed.event),
    )


async def sse_chunks(
    events: AsyncIterator[StreamedEvent], *, keep_alive_s: float, shutdown: Shutdown
) -> AsyncIterator[bytes]:
    """Yield the events as they come, a comment whenever it is silent for `keep_alive_s`.

    The stream ends with the turn, or when the drain deadline has passed; a reader then
    reconnects elsewhere with `Last-Event-ID`.
    """
    closing = asyncio.ensure_future(shutdown.deadline.wait())
    pending: asyncio.Task[StreamedEvent] | None = None
    try:
        while True:
            pending = pending or asyncio.ensure_future(_next(events))
            await asyncio.wait(
                {pending, closing}, timeout=keep_alive_s, return_when=asyncio.FIRST_COMPLETED
            )
            if pending.done():
                task, pending = pending, None
                try:
                    yield encode_sse(task.result())
                except StopAsyncIteration:
                    return
            elif closing.done():
                yield LAST_CALL
                return
            else:
                yield KEEP_ALIVE
    finally:
        await _end(closing)
        if pending is not None:
            await _end(pending)


def sse_response(
    chunks: AsyncIterator[bytes],
    headers: dict[str, str] | None = None,
    status_code: int = 200,
) -> Stream:
    """Wrap the chunks in a response that no proxy should keep or hold back."""
    return Stream(
        chunks,
        media_type=MEDIA_TYPE,
        headers={**_HEADERS, **(headers or {})},
        status_code=status_code,
    )


async def _next(events: AsyncIterator[StreamedEvent]) -> StreamedEvent:
    return await anext(events)


async def _end(task: asyncio.Future[Result]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, StopAsyncIteration):
        await task
