"""A turn's events become server-sent events that end when they should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator

import pytest

from fingerpost_assistant import DoneEvent, SentenceEvent, StreamedEvent
from fingerpost_gateway.chat.stream import (
    KEEP_ALIVE,
    LAST_CALL,
    encode_sse,
    kept_alive,
    sse_chunks,
)
from fingerpost_gateway.shutdown import Shutdown

SENTENCE = StreamedEvent("1-0", SentenceEvent(text="One\nline", citations=("1",)))
DONE = StreamedEvent("2-0", DoneEvent())


async def events(*gaps: float) -> AsyncIterator[StreamedEvent]:
    for gap, event in zip(gaps, (SENTENCE, DONE), strict=False):
        await asyncio.sleep(gap)
        yield event


async def collected(stream: AsyncIterator[bytes]) -> list[bytes]:
    return [chunk async for chunk in stream]


def test_an_event_has_its_id_its_name_and_one_line_of_json() -> None:
    text = encode_sse(SENTENCE).decode()
    lines = text.split("\n")
    assert lines[0] == "id: 1-0"
    assert lines[1] == "event: sentence"
    assert lines[2].startswith("data: {")
    assert lines[3:] == ["", ""]


async def test_silence_is_filled_with_comments() -> None:
    stream = sse_chunks(events(0.05, 0), keep_alive_s=0.02, shutdown=Shutdown())
    chunks = await collected(stream)
    assert chunks[0] == KEEP_ALIVE
    said = b"".join(chunk for chunk in chunks if chunk != KEEP_ALIVE)
    assert said == encode_sse(SENTENCE) + encode_sse(DONE)


async def test_a_stream_ends_when_the_drain_deadline_has_passed() -> None:
    shutdown = Shutdown()
    shutdown.deadline.set()
    stream = sse_chunks(events(60), keep_alive_s=60, shutdown=shutdown)
    assert await collected(stream) == [LAST_CALL]


async def test_a_reader_that_leaves_ends_the_following() -> None:
    left = asyncio.Event()

    async def endless() -> AsyncIterator[StreamedEvent]:
        try:
            while True:
                yield SENTENCE
                await asyncio.sleep(0)
        finally:
            left.set()

    source = endless()
    stream = sse_chunks(source, keep_alive_s=60, shutdown=Shutdown())
    await anext(stream)
    await stream.aclose()
    await source.aclose()
    assert left.is_set()


async def numbers(count: int, size: int, read: list[int]) -> AsyncGenerator[bytes, None]:
    for number in range(count):
        read.append(number)
        yield b"%d" % number * size


async def test_what_came_while_the_reader_was_busy_comes_together() -> None:
    stream = kept_alive(numbers(5, 1, []), keep_alive_s=60, shutdown=Shutdown())
    assert await collected(stream) == [b"01234"]


async def test_a_slow_reader_is_not_read_ahead_of_without_end() -> None:
    read: list[int] = []
    stream = kept_alive(numbers(9, 40_000, read), keep_alive_s=60, shutdown=Shutdown())
    await anext(stream)
    await asyncio.sleep(0.01)
    assert len(read) <= 4
    assert len(b"".join([chunk async for chunk in stream])) == 7 * 40_000


async def test_an_error_comes_after_what_was_said_before_it() -> None:
    async def failing() -> AsyncGenerator[bytes, None]:
        yield b"said"
        raise ValueError("broken")

    stream = kept_alive(failing(), keep_alive_s=60, shutdown=Shutdown())
    assert await anext(stream) == b"said"
    with pytest.raises(ValueError, match="broken"):
        await anext(stream)
