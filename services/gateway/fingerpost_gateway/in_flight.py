"""Requests that are being answered, so that a server can end when there are none."""

from __future__ import annotations

import asyncio
from contextlib import suppress

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send


class InFlight:
    """Counts the requests, streams included, of the applications that it watches."""

    def __init__(self) -> None:
        self._count = 0
        self._idle = asyncio.Event()
        self._idle.set()

    def watch(self, app: ASGIApp) -> ASGIApp:
        """The same application, counted."""

        async def watched(scope: Scope, receive: Receive, send: Send) -> None:
            if scope["type"] != ScopeType.HTTP:
                await app(scope, receive, send)
                return
            self._count += 1
            self._idle.clear()
            try:
                await app(scope, receive, send)
            finally:
                self._count -= 1
                if not self._count:
                    self._idle.set()

        return watched

    async def idle(self, timeout_s: float) -> bool:
        """Wait until no request is being answered; False when the time was not enough."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._idle.wait(), timeout_s)
        return self._idle.is_set()
