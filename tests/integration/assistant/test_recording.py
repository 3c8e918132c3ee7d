"""The recorder: every ending reaches SQL once, whoever dies on the way."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from uuid import uuid4

import pytest
from sqlalchemy import select

from fingerpost_assistant.ending import Ending
from fingerpost_assistant.events import (
    DoneEvent,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    StreamedEvent,
    TurnEvent,
)
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.keys import JOURNALS, journal_key, journal_of, rejected_key
from fingerpost_assistant.live.recorder import GROUP, Recorder
from fingerpost_assistant.live.streams import TurnWriter
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.storage import ConversationStore, Database, NewTurn, TurnStore, upgrade
from fingerpost_assistant.storage.tables import TurnRow

OWNER = Principal(subject="owner")


@pytest.fixture
async def database(database_url: str) -> AsyncIterator[Database]:
    await upgrade(database_url)
    database = Database(database_url)
    yield database
    await database.close()


@pytest.fixture
def turns(database: Database) -> TurnStore:
    return TurnStore(database)


async def _finished(database: Database, client: Client, count: int) -> list[str]:
    """Turns that have ended and wait in the journals."""
    conversation = await ConversationStore(database).add(OWNER, None, None)
    ids = []
    for number in range(count):
        new = NewTurn(question=f"Question {number}?", process="gone")
        accepted = await TurnStore(database).accept(OWNER, str(conversation.id), new, limit=count)
        turn_id = str(accepted.turn.id)
        writer = TurnWriter(client, turn_id, patience_s=1)
        await writer.append(TurnEvent(turn_id=turn_id, conversation_id="c", question="Q?"))
        await writer.append(SentenceEvent(text="A."))
        last = (OutcomeEvent(outcome=Outcome.ANSWERED), DoneEvent())
        await writer.finish(last, Ending(outcome=Outcome.ANSWERED, model="m"))
        ids.append(turn_id)
    return ids


@asynccontextmanager
async def _running(recorder: Recorder) -> AsyncIterator[None]:
    task = asyncio.create_task(recorder.run())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _recorder(url: str, client: Client, turns: TurnStore, name: str = "one") -> Recorder:
    return Recorder(url, client, name, turns.record, stream_ttl_s=60, claim_s=0.2)


async def _all_recorded(database: Database, client: Client) -> Sequence[TurnRow]:
    """Rows of all turns once none is without an outcome and no journal has an entry."""
    async with asyncio.timeout(20):
        while True:
            async with database.transaction() as session:
                rows = (await session.scalars(select(TurnRow))).all()
            waiting = sum([await client.xlen(journal_key(n)) for n in range(JOURNALS)])
            if all(row.outcome for row in rows) and not waiting:
                return rows
            await asyncio.sleep(0.05)


async def test_endings_from_before_the_recorder_started_are_written(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    await _finished(database, client, 30)
    async with _running(_recorder(valkey_url, client, turns)):
        rows = await _all_recorded(database, client)
    assert {row.model for row in rows} == {"m"}
    assert all(len(row.events) == 4 for row in rows)


async def test_what_a_dead_recorder_had_taken_is_claimed(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    ids = await _finished(database, client, 5)
    for turn_id in ids:  # taken, written perhaps, and never acknowledged
        key = journal_key(journal_of(turn_id))
        with suppress(Exception):
            await client.xgroup_create(key, GROUP, id="0")
        await client.xreadgroup(GROUP, "dead", {key: ">"})
    await turns.record(ids[0], Ending(outcome=Outcome.ANSWERED, model="m"), ())
    async with _running(_recorder(valkey_url, client, turns)):
        rows = await _all_recorded(database, client)
    assert {row.outcome for row in rows} == {"answered"}


async def test_recorder_that_restarts_at_random_loses_and_doubles_nothing(
    valkey_url: str, client: Client, database: Database
) -> None:
    written: list[str] = []

    class Counting(TurnStore):
        async def record(
            self, turn_id: str, ending: Ending, events: Sequence[StreamedEvent]
        ) -> bool:
            first = await super().record(turn_id, ending, events)
            written.extend([turn_id] * first)
            return first

    await _finished(database, client, 60)
    store = Counting(database)
    for number in range(6):
        async with _running(_recorder(valkey_url, client, store, f"short-lived {number}")):
            await asyncio.sleep(0.03)
    async with _running(_recorder(valkey_url, client, store, "last")):
        rows = await _all_recorded(database, client)
    assert len(rows) == 60
    assert len(written) == len(set(written))


async def test_several_recorders_share_the_work(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    await _finished(database, client, 20)
    one = _recorder(valkey_url, client, turns, "one")
    two = _recorder(valkey_url, client, turns, "two")
    async with _running(one), _running(two):
        rows = await _all_recorded(database, client)
    assert len(rows) == 20


async def test_ending_that_cannot_be_read_is_put_aside_and_the_turn_still_ends(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    conversation = await ConversationStore(database).add(OWNER, None, None)
    new = NewTurn(question="Q?", process="gone")
    accepted = await turns.accept(OWNER, str(conversation.id), new, limit=1)
    turn_id = str(accepted.turn.id)
    journal = journal_of(turn_id)
    await client.xadd(journal_key(journal), {"turn": turn_id, "record": '{"outcome":"new"}'})
    async with _running(_recorder(valkey_url, client, turns)):
        (row,) = await _all_recorded(database, client)
    assert row.outcome == "error_internal"
    assert await client.xlen(rejected_key(journal)) == 1


async def test_ending_of_a_deleted_turn_is_dropped(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    await client.xadd(
        journal_key(0),
        {
            "turn": str(uuid4()),
            "record": '{"outcome":"answered","finished_at":"2026-01-01T00:00:00Z"}',
        },
    )
    async with _running(_recorder(valkey_url, client, turns)):
        assert await _all_recorded(database, client) == []


async def test_recorder_outlives_the_loss_of_its_groups(
    valkey_url: str, client: Client, database: Database, turns: TurnStore
) -> None:
    async with _running(_recorder(valkey_url, client, turns)):
        await asyncio.sleep(0.2)
        await client.flushall()
        await _finished(database, client, 3)
        rows = await _all_recorded(database, client)
    assert len(rows) == 3
