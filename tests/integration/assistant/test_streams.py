"""A turn's stream: written once, ended once, whatever is repeated or lost."""

from __future__ import annotations

import asyncio

import pytest
import redis

from fingerpost_assistant.ending import Ending, decode_ending
from fingerpost_assistant.errors import TurnEnded, ValkeyUnavailable
from fingerpost_assistant.events import (
    DoneEvent,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    TurnEvent,
    encode_event,
)
from fingerpost_assistant.live import streams
from fingerpost_assistant.live.connection import Client, connect, persistently
from fingerpost_assistant.live.keys import journal_key, journal_of, turn_key
from fingerpost_assistant.live.streams import TurnWriter, end_from_outside, erase, read

OPENING = TurnEvent(turn_id="t", conversation_id="c", question="Q?")
LAST = (OutcomeEvent(outcome=Outcome.ANSWERED), DoneEvent())
ENDING = Ending(outcome=Outcome.ANSWERED)


@pytest.fixture
def writer(client: Client) -> TurnWriter:
    return TurnWriter(client, "t", patience_s=1)


def _sentence(number: int) -> SentenceEvent:
    return SentenceEvent(text=f"Sentence {number}.")


async def _endings(client: Client) -> list[Ending]:
    entries = await client.xrange(journal_key(journal_of("t")))
    return [decode_ending(fields["record"]) for _, fields in entries]


async def test_write_whose_answer_was_lost_can_be_repeated(client: Client) -> None:
    payloads = [encode_event(OPENING), encode_event(_sentence(1))]
    for _ in range(3):
        assert await streams._write(client, "t", 1, payloads, "") == 2
    assert [item.event for item in await read(client, "t")] == [OPENING, _sentence(1)]


async def test_what_valkey_lost_is_written_again(client: Client, writer: TurnWriter) -> None:
    await writer.append(OPENING)
    await client.delete(turn_key("t"))  # everything
    await writer.append(_sentence(1))
    assert await read(client, "t") == writer.events
    await client.copy(turn_key("t"), "earlier")
    await writer.append(_sentence(2))
    await client.rename("earlier", turn_key("t"))  # the latest
    await writer.finish(LAST, ENDING)
    assert await read(client, "t") == writer.events
    assert len(await _endings(client)) == 1


async def test_appends_side_by_side_keep_one_order(client: Client, writer: TurnWriter) -> None:
    await asyncio.gather(*(writer.append(_sentence(n)) for n in range(50)))
    assert await read(client, "t") == writer.events


async def test_what_is_announced_is_written_by_itself(client: Client, writer: TurnWriter) -> None:
    writer.announce(OPENING)
    writer.announce(_sentence(1))
    async with asyncio.timeout(5):
        while await read(client, "t") != writer.events:
            await asyncio.sleep(0.01)
    writer.announce(_sentence(2))
    async with asyncio.timeout(5):
        while await read(client, "t") != writer.events:
            await asyncio.sleep(0.01)


async def test_what_is_announced_comes_before_what_follows(
    client: Client, writer: TurnWriter
) -> None:
    for number in range(20):
        writer.announce(_sentence(number * 3))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        writer.announce(_sentence(number * 3 + 1))
        await writer.append(_sentence(number * 3 + 2))
    writer.announce(_sentence(60))
    await writer.finish(LAST, ENDING)
    shown = await read(client, "t")
    assert shown == writer.events
    assert [item.event for item in shown[:-2]] == [_sentence(n) for n in range(61)]
    assert len(await _endings(client)) == 1


async def test_what_is_announced_in_vain_goes_with_what_follows(
    client: Client, writer: TurnWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = client.eval

    async def fails(*_: object) -> object:
        raise redis.ConnectionError

    monkeypatch.setattr(client, "eval", fails)
    monkeypatch.setattr(writer, "_patience_s", 0.01)
    writer.announce(OPENING)
    await asyncio.sleep(0.1)
    with pytest.raises(ValkeyUnavailable):
        await writer.append(_sentence(1))
    monkeypatch.setattr(client, "eval", run)
    await writer.append(_sentence(2))
    assert [item.event for item in await read(client, "t")] == [
        OPENING,
        _sentence(1),
        _sentence(2),
    ]


async def test_announcing_on_a_turn_that_has_ended_is_told_to_what_follows(
    client: Client, writer: TurnWriter
) -> None:
    stopped = Ending(outcome=Outcome.STOPPED)
    stops = (OutcomeEvent(outcome=Outcome.STOPPED), DoneEvent())
    await end_from_outside(client, "t", OPENING, stops, stopped, patience_s=1)
    writer.announce(OPENING)
    await asyncio.sleep(0.1)
    with pytest.raises(TurnEnded):
        await writer.append(_sentence(1))
    assert [item.event for item in await read(client, "t")] == [OPENING, *stops]


async def test_append_that_was_cancelled_is_made_good_by_the_next(
    client: Client, writer: TurnWriter
) -> None:
    for number in range(20):
        appending = asyncio.create_task(writer.append(_sentence(number)))
        for _ in range(number % 7):
            await asyncio.sleep(0)
        appending.cancel()
        await asyncio.wait({appending})
    await writer.append(_sentence(20))
    assert await read(client, "t") == writer.events


async def test_turn_ends_once_whoever_tries(client: Client, writer: TurnWriter) -> None:
    await writer.append(OPENING)
    stopped = Ending(outcome=Outcome.STOPPED)
    stops = (OutcomeEvent(outcome=Outcome.STOPPED), DoneEvent())
    attempts = [
        writer.finish(LAST, ENDING),
        *(end_from_outside(client, "t", OPENING, stops, stopped, patience_s=1) for _ in range(9)),
    ]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert sum(result is None for result in results) == 1
    assert sum(isinstance(result, TurnEnded) for result in results) == 9
    assert len(await _endings(client)) == 1
    shown = [item.event for item in await read(client, "t")]
    assert shown in ([OPENING, *LAST], [OPENING, *stops])


async def test_end_whose_answer_was_lost_is_still_ours(
    client: Client, writer: TurnWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    await writer.append(OPENING)
    run = client.eval
    tries = 0

    async def loses_the_first_answer(*arguments: object) -> object:
        nonlocal tries
        tries += 1
        answer = await run(*arguments)  # type: ignore[arg-type]
        if tries == 1:
            raise redis.ConnectionError
        return answer

    monkeypatch.setattr(client, "eval", loses_the_first_answer)
    await writer.finish(LAST, ENDING)
    assert tries == 2
    assert await read(client, "t") == writer.events
    assert len(await _endings(client)) == 1


async def test_erased_turn_cannot_be_written_again(client: Client, writer: TurnWriter) -> None:
    await writer.append(OPENING)
    await erase(client, "t")
    with pytest.raises(TurnEnded):
        await writer.append(_sentence(1))
    with pytest.raises(TurnEnded):
        await writer.finish(LAST, ENDING)
    assert await read(client, "t") == []


async def test_unfinished_stream_expires_one_day_and_a_finished_one_waits(
    client: Client, writer: TurnWriter
) -> None:
    await writer.append(OPENING)
    assert 0 < await client.ttl(turn_key("t")) <= 24 * 3600
    await writer.finish(LAST, ENDING)
    assert await client.ttl(turn_key("t")) == -1


@pytest.mark.parametrize("text", ["", "é🦆\u2028", "\x00\r\n$-1\r\n", "x" * 300_000])
async def test_any_text_comes_back_as_it_was(client: Client, writer: TurnWriter, text: str) -> None:
    await writer.append(SentenceEvent(text=text))
    assert [item.event for item in await read(client, "t")] == [SentenceEvent(text=text)]


async def test_server_that_is_not_there_is_named_after_the_deadline(tmp_path: object) -> None:
    away = connect(f"unix://{tmp_path}/none.sock")
    with pytest.raises(ValkeyUnavailable, match="check the server at the redis URL"):
        await persistently(away.ping, 0.2)
    await away.aclose()


@pytest.mark.parametrize("url", ["", "valkey", "http://x", "redis://127.0.0.1:port"])
def test_address_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ValkeyUnavailable, match="not a Valkey address"):
        connect(url)


async def test_server_that_cannot_write_its_file_is_waited_for(
    client: Client, writer: TurnWriter
) -> None:
    """`min-replicas-to-write` refuses writes as a full disk or a failover does."""
    await client.config_set("min-replicas-to-write", 1)
    appending = asyncio.create_task(writer.append(OPENING))
    await asyncio.sleep(0.2)
    assert not appending.done()
    await client.config_set("min-replicas-to-write", 0)
    await appending
    assert await read(client, "t") == writer.events
