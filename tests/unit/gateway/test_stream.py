"""A turn's events become server-sent events that end when they should."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import pytest

from fingerpost_assistant import DoneEvent, SentenceEvent, StreamedEvent
from fingerpost_gateway.chat.stream import encode_sse, sse_chunks
from fingerpost_gateway.event_stream import KEEP_ALIVE, LAST_CALL, EventStream
from fingerpost_gateway.shutdown import Shutdown

SENTENCE = StreamedEvent("1-0", SentenceEvent(text="One\nline", citations=("1",)))
DONE = StreamedEvent("2-0", DoneEvent())


class Reader:
    """The other end of a response: what was sent, and when the reader leaves."""

    def __init__(self) -> None:
        self.sent: list[bytes] = []
        self.ended = False
        self.left = asyncio.Event()
        self.taking = asyncio.Event()
        self.taking.set()

    async def send(self, message: Any) -> None:
        await self.taking.wait()
        self.sent.append(message["body"])
        self.ended = not message["more_body"]

    async def receive(self) -> Any:
        await self.left.wait()
        return {"type": "http.disconnect"}

    @property
    def text(self) -> bytes:
        return b"".join(self.sent)


async def read(
    chunks: AsyncGenerator[bytes, None],
    reader: Reader | None = None,
    *,
    keep_alive_s: float = 60,
    shutdown: Shutdown | None = None,
) -> Reader:
    reader = reader or Reader()
    stream = EventStream(chunks, keep_alive_s=keep_alive_s, shutdown=shutdown or Shutdown())
    await stream.relay(reader.send, reader.receive)
    return reader


async def events(*gaps: float) -> AsyncGenerator[StreamedEvent, None]:
    for gap, event in zip(gaps, (SENTENCE, DONE), strict=False):
        await asyncio.sleep(gap)
        yield event


async def numbers(count: int, size: int, made: list[int]) -> AsyncGenerator[bytes, None]:
    for number in range(count):
        made.append(number)
        yield b"%d" % number * size


def test_an_event_has_its_id_its_name_and_one_line_of_json() -> None:
    text = encode_sse(SENTENCE).decode()
    lines = text.split("\n")
    assert lines[0] == "id: 1-0"
    assert lines[1] == "event: sentence"
    assert lines[2].startswith("data: {")
    assert lines[3:] == ["", ""]


async def test_silence_is_filled_with_comments() -> None:
    reader = await read(sse_chunks(events(0.05, 0)), keep_alive_s=0.02)
    assert reader.sent[0] == KEEP_ALIVE
    said = reader.text.replace(KEEP_ALIVE, b"")
    assert said == encode_sse(SENTENCE) + encode_sse(DONE)
    assert reader.ended


async def test_a_stream_ends_when_the_drain_deadline_has_passed() -> None:
    shutdown = Shutdown()
    shutdown.deadline.set()
    reader = await read(sse_chunks(events(60)), shutdown=shutdown)
    assert reader.sent == [LAST_CALL]
    assert reader.ended


async def test_what_came_while_the_reader_was_busy_comes_together() -> None:
    reader = await read(numbers(5, 1, []))
    assert reader.sent == [b"01234", b""]


async def test_a_slow_reader_is_not_read_ahead_of_without_end() -> None:
    made: list[int] = []
    reader = Reader()
    reader.taking.clear()
    reading = asyncio.create_task(read(numbers(9, 40_000, made), reader))
    await asyncio.sleep(0.01)
    assert len(made) <= 4
    reader.taking.set()
    await reading
    assert len(reader.text) == 9 * 40_000


async def test_an_error_comes_after_what_was_said_before_it() -> None:
    async def failing() -> AsyncGenerator[bytes, None]:
        yield b"said"
        raise ValueError("broken")

    reader = Reader()
    with pytest.raises(ValueError, match="broken"):
        await read(failing(), reader)
    assert reader.sent == [b"said"]


@pytest.mark.parametrize("cancelled", [False, True])
async def test_a_reader_that_leaves_ends_the_following_and_what_ends_it_may_take_its_time(
    cancelled: bool,
) -> None:
    begun, ended = asyncio.Event(), asyncio.Event()

    async def endless() -> AsyncGenerator[bytes, None]:
        try:
            while True:
                begun.set()
                yield b"more "
                await asyncio.sleep(0.001)
        finally:
            await asyncio.sleep(0.02)
            ended.set()

    reader = Reader()
    reading = asyncio.create_task(read(endless(), reader))
    await begun.wait()
    if cancelled:
        reading.cancel()
        await asyncio.sleep(0.005)
        reading.cancel()  # as often as somebody is in a hurry
    else:
        reader.left.set()
    await asyncio.wait({reading})
    await asyncio.wait_for(ended.wait(), 5)
    assert not reader.ended
