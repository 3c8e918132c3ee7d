"""One try of one call: from the request to the last byte, or to what went wrong."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import aiohttp

from ..chat import ChatEvent
from ..errors import (
    ModelBrokeOff,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelTimedOut,
    ModelUnreachable,
)
from .reading import AnswerReader, ServerGaveUp, Unreadable
from .retries import retry_after_s
from .wire import error_in_body

BUSY = frozenset({429, 503})
_LONGEST_ERROR = 64_000
_LAST_BYTES_S = 0.1
"""How long the end of a connection's response is waited for, so that it can be used again."""

# `RuntimeError` is what aiohttp's reader raises on a connection that was closed in the meantime.
_BROKEN = (aiohttp.ClientError, OSError, RuntimeError)


class Attempt:
    """A request under way. `close` ends it at the server too, whatever it is doing."""

    def __init__(self, model: str) -> None:
        """
        Args:
            model: name of the model, for errors.
        """
        self._model = model
        self._reader = AnswerReader()
        self._response: aiohttp.ClientResponse | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self._expired = False

    async def begin(
        self, session: aiohttp.ClientSession, url: str, body: bytes, headers: Mapping[str, str]
    ) -> list[ChatEvent]:
        """Send the request; return the first events.

        Raises:
            ModelFailed: no event came.
        """
        try:
            self._response = await session.post(
                url, data=body, headers=headers, allow_redirects=False
            )
            if self._response.status != 200:
                raise await self._refusal(self._response)
            if self._response.content_type != "text/event-stream":
                raise Unreadable(f"it answers with {self._response.content_type}, not a stream")
            while True:
                if events := await self._read(self._response):
                    return events
        except _BROKEN as error:
            message = f"no answer from {url}: {str(error) or type(error).__name__}"
            raise ModelUnreachable(self._model, message) from error
        except Unreadable as error:
            raise ModelUnreachable(self._model, str(error)) from error
        except ServerGaveUp as error:
            raise self._gave_up(error) from error

    def expire_at(self, moment: float) -> None:
        """From the loop's time `moment` on, the call has taken too long."""
        self._alarm = asyncio.get_running_loop().call_at(moment, self._expire)

    async def more(self) -> list[ChatEvent]:
        """Return the next events; none once the call is over.

        Raises:
            ModelBrokeOff: the stream ended too early, or cannot be read.
            ModelTimedOut: it took too long.
        """
        if self._response is None or self._reader.ended:
            return []
        try:
            while True:
                if events := await self._read(self._response):
                    return events
        except (Unreadable, ServerGaveUp) as error:
            raise ModelBrokeOff(self._model, str(error)) from error
        except _BROKEN as error:
            if self._expired:
                message = "the answer took longer than its deadline"
                raise ModelTimedOut(self._model, message) from error
            message = f"the connection broke in mid-answer ({type(error).__name__})"
            raise ModelBrokeOff(self._model, message) from error

    def close(self) -> None:
        """End the call: the connection is closed, unless all of the answer was read."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._response is not None:
            self._response.close()

    def _expire(self) -> None:
        self._expired = True
        self.close()

    async def _read(self, response: aiohttp.ClientResponse) -> list[ChatEvent]:
        """Events of the next bytes; an empty list if they hold none."""
        data = await response.content.readany()
        if not data:
            return [self._reader.finish()]
        events = self._reader.feed(data)
        if self._reader.ended:
            await self._drain(response)
        return events

    async def _drain(self, response: aiohttp.ClientResponse) -> None:
        """Read to the end of the response: only then the connection is free for the next call."""
        try:
            async with asyncio.timeout(_LAST_BYTES_S):
                while await response.content.readany():
                    pass
        except (*_BROKEN, TimeoutError):
            response.close()

    async def _refusal(self, response: aiohttp.ClientResponse) -> ModelFailed:
        status = response.status
        said = error_in_body(await response.content.read(_LONGEST_ERROR))
        after = retry_after_s(response.headers.get("Retry-After"))
        response.close()
        return _failure(self._model, status, said, after)

    def _gave_up(self, error: ServerGaveUp) -> ModelFailed:
        code = str(error.detail.code or "")
        status = int(code) if code.isdecimal() else 500
        return _failure(self._model, status, error.detail.message)


def _failure(model: str, status: int, said: str, after_s: float | None = None) -> ModelFailed:
    message = f"its server answers {status}{f': {said}' if said else ''}"
    if status in BUSY:
        return ModelBusy(model, message, retry_after_s=after_s)
    if status < 500:
        return ModelRefused(model, message, status=status)
    return ModelUnreachable(model, message)
