"""Counting the requests that are being answered."""

from __future__ import annotations

import asyncio
from typing import Any

from litestar.types import Receive, Scope, Send

from fingerpost_gateway.in_flight import InFlight


async def unused(*_: Any) -> Any:
    raise AssertionError("the application under test neither receives nor sends")


async def test_idle_waits_for_every_request() -> None:
    release = asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await release.wait()

    in_flight = InFlight()
    watched = in_flight.watch(app)
    assert await in_flight.idle(0)
    scope: Any = {"type": "http"}
    requests = [asyncio.ensure_future(watched(scope, unused, unused)) for _ in range(2)]
    await asyncio.sleep(0)
    assert not await in_flight.idle(0.01)
    requests[0].cancel()
    await asyncio.wait([requests[0]])
    assert not await in_flight.idle(0.01)
    release.set()
    assert await in_flight.idle(1)
    await requests[1]
