"""A turn's events as server-sent events (WHATWG HTML, section 9.2)."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing

import structlog
from litestar.response import Stream

from fingerpost_assistant import StreamedEvent, encode_event
from fingerpost_gateway.runtime import Shutdown

log = structlog.get_logger(__name__)

KEEP_ALIVE = b": keep-alive\n\n"
LAST_CALL = b": the server is shutting down; reconnect to go on\n\n"
MEDIA_TYPE = "text/event-stream"
_MOST_WAITING = 64_000
"""Bytes read ahead for a slow reader."""

_ENDING: set[asyncio.Task[None]] = set()
"""What nobody reads any more and is being closed; asyncio itself does not keep tasks."""

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
    kept = kept_alive(_encoded(events), keep_alive_s=keep_alive_s, shutdown=shutdown)
    async with aclosing(kept):
        async for chunk in kept:
            yield chunk


async def kept_alive(
    chunks: AsyncGenerator[bytes, None], *, keep_alive_s: float, shutdown: Shutdown
) -> AsyncGenerator[bytes, None]:
    """Yield the chunks, and a comment whenever there is none for `keep_alive_s` seconds.

    Chunks that have come while the reader was busy are yielded together. It ends with the chunks,
    or when the drain deadline has passed. However it ends, it closes `chunks`, in a task of their
    own: what they do at their end is done even where their reader was cancelled.
    """
    mailbox = _Mailbox()
    reading = asyncio.ensure_future(mailbox.fill(chunks))
    closing = asyncio.ensure_future(shutdown.deadline.wait())
    for end in (reading, closing):
        end.add_done_callback(mailbox.look)
    try:
        while True:
            try:
                async with asyncio.timeout(keep_alive_s):
                    await mailbox.news.wait()
            except TimeoutError:
                yield KEEP_ALIVE
                continue
            if waiting := mailbox.empty():
                yield waiting
            elif reading.done():
                reading.result()
                return
            elif closing.done():
                yield LAST_CALL
                return
            else:
                mailbox.news.clear()
    finally:
        closing.cancel()
        if not reading.done():
            _ENDING.add(reading)
            reading.add_done_callback(_ended)
            reading.cancel()
            await asyncio.wait({reading})


class _Mailbox:
    """Chunks that nobody has taken yet, up to `_MOST_WAITING` bytes and one chunk."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0
        self._room = asyncio.Event()
        self.news = asyncio.Event()
        """Set when there is something to see: chunks, their end, or the server's."""

    async def fill(self, chunks: AsyncGenerator[bytes, None]) -> None:
        async with aclosing(chunks):
            async for chunk in chunks:
                self._waiting.append(chunk)
                self._size += len(chunk)
                self.news.set()
                if self._size >= _MOST_WAITING:
                    self._room.clear()
                    await self._room.wait()

    def empty(self) -> bytes:
        """Take all chunks as one."""
        waiting = b"".join(self._waiting)
        self._waiting.clear()
        self._size = 0
        self._room.set()
        return waiting

    def look(self, _: object) -> None:
        self.news.set()


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


def _ended(task: asyncio.Task[None]) -> None:
    _ENDING.discard(task)
    if not task.cancelled() and (error := task.exception()):
        log.warning("stream.ended_badly", exc_info=error)
