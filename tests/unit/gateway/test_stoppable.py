"""Blocking work that ends between two steps when its caller is cancelled."""

from __future__ import annotations

import asyncio
import threading
import time

import pytest

from fingerpost_gateway.operations.protocol import OnProgress
from fingerpost_gateway.operations.stoppable import run_stoppable


async def test_work_gives_its_result_and_tells_how_far_it_is() -> None:
    told: list[tuple[int, int | None]] = []

    def work(step: OnProgress) -> str:
        step(1, None)
        step(2, 2)
        return "done"

    assert await run_stoppable(work, lambda done, total: told.append((done, total))) == "done"
    assert told == [(1, None), (2, 2)]


async def test_cancelled_work_has_ended_when_the_cancellation_goes_on() -> None:
    running = threading.Event()
    ended = threading.Event()

    def work(step: OnProgress) -> None:
        try:
            while True:
                step(0, None)
                running.set()
                time.sleep(0.005)
        finally:
            ended.set()

    task = asyncio.ensure_future(run_stoppable(work, lambda done, total: None))
    await asyncio.to_thread(running.wait, 5)
    task.cancel()
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert ended.is_set()
