"""A turn's events as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, suppress
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
    events: AsyncGenerator[StreamedEvent, None], *, keep_alive_s: float, shutdown: Shutdown
) -> AsyncGenerator[bytes, None]:
    """Yield the events as they come, kept alive; closes `events` in the end.

    A reader whose stream ends before the turn does reconnects with `Last-Event-ID`.
    """
    async with (
        aclosing(_encoded(events)) as chunks,
        aclosing(kept_alive(chunks, keep_alive_s=keep_alive_s, shutdown=shutdown)) as kept,
    ):
        async for chunk in kept:
            yield chunk


async def kept_alive(
    chunks: AsyncGenerator[bytes, None], *, keep_alive_s: float, shutdown: Shutdown
) -> AsyncGenerator[bytes, None]:
    """Yield the chunks, and a comment whenever there is none for `keep_alive_s` seconds.

    It ends with the chunks, or when the drain deadline has passed. Close it before `chunks`:
    it may be waiting for the next one.
    """
    closing = asyncio.ensure_future(shutdown.deadline.wait())
    pending: asyncio.Task[bytes] | None = None
    try:
        while True:
            pending = pending or asyncio.ensure_future(_next(chunks))
            await asyncio.wait(
                {pending, closing}, timeout=keep_alive_s, return_when=asyncio.FIRST_COMPLETED
            )
            if pending.done():
                task, pending = pending, None
                try:
                    yield task.result()
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


async def _encoded(events: AsyncGenerator[StreamedEvent, None]) -> AsyncGenerator[bytes, None]:
    async with aclosing(events):
        async for event in events:
            yield encode_sse(event)


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


async def _next(chunks: AsyncIterator[bytes]) -> bytes:
    return await anext(chunks)


async def _end(task: asyncio.Future[Result]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError, StopAsyncIteration):
        await task
