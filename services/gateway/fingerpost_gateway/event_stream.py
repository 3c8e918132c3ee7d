"""A response of server-sent events (WHATWG HTML, section 9.2): kept alive, and ended when it should.

In place of Litestar's own stream, which hands over each chunk by itself and ends what makes them in
the midst of their reader's cancellation.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import aclosing
from typing import Any

import structlog
from litestar import Litestar, Request
from litestar.background_tasks import BackgroundTask, BackgroundTasks
from litestar.datastructures import Cookie
from litestar.enums import MediaType
from litestar.response import Stream
from litestar.response.streaming import ASGIStreamingResponse
from litestar.types import HTTPResponseBodyEvent, Receive, Send, TypeEncodersMap

from fingerpost_gateway.shutdown import Shutdown

KEEP_ALIVE = b": keep-alive\n\n"
LAST_CALL = b": the server is shutting down; reconnect to go on\n\n"
MEDIA_TYPE = "text/event-stream"

# "X-Accel-Buffering" asks nginx not to hold the stream back.
_HEADERS = {"X-Accel-Buffering": "no"}

_MOST_WAITING = 64_000
"""Bytes read ahead for a slow reader."""

_ENDING: set[asyncio.Task[None]] = set()
"""What nobody reads any more and is being closed; asyncio itself does not keep tasks."""

log = structlog.get_logger(__name__)


class EventStream(Stream):
    """Sends encoded events as they come, those that came together in one piece.

    A comment goes out after `keep_alive_s` seconds of silence. The stream ends with its chunks,
    when its reader leaves, or when the drain deadline has passed. However it ends, the chunks'
    generator is closed in a task of its own: what it does at its end is done.
    """

    def __init__(
        self,
        chunks: AsyncGenerator[bytes, None],
        *,
        keep_alive_s: float,
        shutdown: Shutdown,
        headers: dict[str, str] | None = None,
        status_code: int = 200,
    ) -> None:
        super().__init__(
            chunks,
            media_type=MEDIA_TYPE,
            headers={**_HEADERS, **(headers or {})},
            status_code=status_code,
        )
        self._chunks = chunks
        self._keep_alive_s = keep_alive_s
        self._shutdown = shutdown

    def to_asgi_response(
        self,
        app: Litestar | None,
        request: Request[Any, Any, Any],
        *,
        background: BackgroundTask | BackgroundTasks | None = None,
        cookies: Iterable[Cookie] | None = None,
        encoded_headers: Iterable[tuple[bytes, bytes]] | None = None,
        headers: dict[str, str] | None = None,
        is_head_response: bool = False,
        media_type: MediaType | str | None = None,
        status_code: int | None = None,
        type_encoders: TypeEncodersMap | None = None,
    ) -> ASGIStreamingResponse:
        """Litestar's response, with a body that is sent in our way."""
        response = _Response(
            background=self.background or background,
            cookies=[*self.cookies, *(cookies or ())],
            encoded_headers=encoded_headers,
            encoding=self.encoding,
            headers={**(headers or {}), **self.headers},
            is_head_response=is_head_response,
            iterator=self._chunks,
            media_type=self.media_type,
            status_code=self.status_code or status_code,
        )
        response.stream = self
        return response

    async def relay(self, send: Send, receive: Receive) -> None:
        """Send the body."""
        mailbox = _Mailbox()
        reading = asyncio.ensure_future(mailbox.fill(self._chunks))
        closing = asyncio.ensure_future(self._shutdown.deadline.wait())
        leaving = asyncio.ensure_future(_disconnected(receive))
        for end in (reading, closing, leaving):
            end.add_done_callback(mailbox.look)
        try:
            while not leaving.done():
                try:
                    async with asyncio.timeout(self._keep_alive_s):
                        await mailbox.news.wait()
                except TimeoutError:
                    await send(_body(KEEP_ALIVE))
                    continue
                if waiting := mailbox.empty():
                    await send(_body(waiting))
                elif reading.done():
                    reading.result()
                    await send(_body(b"", more=False))
                    return
                elif closing.done():
                    await send(_body(LAST_CALL, more=False))
                    return
                else:
                    mailbox.news.clear()
        finally:
            closing.cancel()
            leaving.cancel()
            await _end(reading)


class _Response(ASGIStreamingResponse):
    __slots__ = ("stream",)

    stream: EventStream

    async def send_body(self, send: Send, receive: Receive) -> None:
        await self.stream.relay(send, receive)


class _Mailbox:
    """Chunks that nobody has taken yet, up to `_MOST_WAITING` bytes and one chunk."""

    def __init__(self) -> None:
        self._waiting: list[bytes] = []
        self._size = 0
        self._room = asyncio.Event()
        self.news = asyncio.Event()
        """Set when there may be something to see: chunks, or an end."""

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


def _body(content: bytes, *, more: bool = True) -> HTTPResponseBodyEvent:
    return {"type": "http.response.body", "body": content, "more_body": more}


async def _disconnected(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _end(reading: asyncio.Task[None]) -> None:
    if reading.done():
        return
    _ENDING.add(reading)
    reading.add_done_callback(_ended)
    reading.cancel()
    await asyncio.wait({reading})


def _ended(reading: asyncio.Task[None]) -> None:
    _ENDING.discard(reading)
    if not reading.cancelled() and (error := reading.exception()):
        log.warning("stream.ended_badly", exc_info=error)
