"""The sweeper: orphans get one outcome, and nobody else does."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import msgspec
import pytest

from fingerpost_assistant.ending import Ending
from fingerpost_assistant.errors import TurnEnded
from fingerpost_assistant.events import (
    DoneEvent,
    ErrorEvent,
    Outcome,
    OutcomeEvent,
    SentenceEvent,
    TurnEvent,
)
from fingerpost_assistant.live.connection import Client
from fingerpost_assistant.live.heartbeat import Heartbeat
from fingerpost_assistant.live.keys import journal_key, journal_of
from fingerpost_assistant.live.streams import TurnWriter, read
from fingerpost_assistant.live.sweeper import OpenTurn, Sweeper

LEASE_S = 0.1


class _Rows:
    """What SQL would say of unfinished turns."""

    def __init__(self, *turns: OpenTurn) -> None:
        self.turns = turns

    async def __call__(self, before: datetime, limit: int) -> Sequence[OpenTurn]:
        return [turn for turn in self.turns if turn.asked_at < before][:limit]


def _turn(turn_id: str = "t", process: str = "dead", age_s: float = 5) -> OpenTurn:
    asked_at = datetime.now(UTC) - timedelta(seconds=age_s)
    return OpenTurn(
        turn_id=turn_id, conversation_id="c", question="Q?", process=process, asked_at=asked_at
    )


def _sweeper(client: Client, *turns: OpenTurn, overdue_s: float = 60) -> Sweeper:
    return Sweeper(client, _Rows(*turns), lease_s=LEASE_S, overdue_s=overdue_s)


async def _sweep_twice(*sweepers: Sweeper) -> None:
    """A silent process must stay silent for a lease's length before its turns are orphans."""
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))
    await asyncio.sleep(LEASE_S * 1.5)
    await asyncio.gather(*(sweeper.sweep() for sweeper in sweepers))


async def _names(client: Client, turn_id: str = "t") -> list[str]:
    return [type(item.event).__name__ for item in await read(client, turn_id)]


ORPHANED = ["TurnEvent", "ErrorEvent", "OutcomeEvent", "DoneEvent"]


async def test_many_sweepers_end_an_orphan_once(client: Client) -> None:
    turns = [_turn(f"t{n}") for n in range(20)]
    await _sweep_twice(*(_sweeper(client, *turns) for _ in range(4)))
    for turn in turns:
        assert await _names(client, turn.turn_id) == ORPHANED
    entries = [
        fields["turn"]
        for n in {journal_of(turn.turn_id) for turn in turns}
        for _, fields in await client.xrange(journal_key(n))
    ]
    assert sorted(entries) == sorted(turn.turn_id for turn in turns)


async def test_orphan_keeps_what_was_shown(client: Client) -> None:
    writer = TurnWriter(client, "t", patience_s=1)
    await writer.append(TurnEvent(turn_id="t", conversation_id="c", question="Q?"))
    await writer.append(SentenceEvent(text="Shown."))
    await _sweep_twice(_sweeper(client, _turn()))
    assert await _names(client) == [
        "TurnEvent",
        "SentenceEvent",
        "ErrorEvent",
        "OutcomeEvent",
        "DoneEvent",
    ]
    with pytest.raises(TurnEnded):  # should its process come back to life
        await writer.append(SentenceEvent(text="Too late."))


async def test_orphan_is_told_so_in_the_language_of_its_question(client: Client) -> None:
    turn = msgspec.structs.replace(_turn(), question="Beth yw Budd-dal Plant?")
    await _sweep_twice(_sweeper(client, turn))
    error = (await read(client, "t"))[1].event
    assert isinstance(error, ErrorEvent)
    assert error.message.startswith("Aeth rhywbeth o'i le")


async def test_turn_of_a_living_process_is_left_alone(client: Client) -> None:
    await Heartbeat(client, "alive", every_s=1, lease_s=60).beat()
    await _sweep_twice(_sweeper(client, _turn(process="alive")))
    assert await _names(client) == []


async def test_lease_that_valkey_forgot_may_be_renewed(client: Client) -> None:
    sweeper = _sweeper(client, _turn(process="alive"))
    await sweeper.sweep()
    await asyncio.sleep(LEASE_S / 2)
    await Heartbeat(client, "alive", every_s=1, lease_s=60).beat()
    await asyncio.sleep(LEASE_S)
    await sweeper.sweep()
    assert await _names(client) == []


async def test_turn_that_outlived_every_limit_is_ended_whoever_answers(client: Client) -> None:
    await Heartbeat(client, "alive", every_s=1, lease_s=60).beat()
    await _sweeper(client, _turn(process="alive", age_s=90)).sweep()
    assert await _names(client) == ORPHANED


async def test_turn_that_ended_and_waits_to_be_recorded_is_left_alone(client: Client) -> None:
    writer = TurnWriter(client, "t", patience_s=1)
    await writer.append(TurnEvent(turn_id="t", conversation_id="c", question="Q?"))
    last = (OutcomeEvent(outcome=Outcome.ANSWERED), DoneEvent())
    await writer.finish(last, Ending(outcome=Outcome.ANSWERED))
    await _sweeper(client, _turn(age_s=90)).sweep()
    assert await _names(client) == ["TurnEvent", "OutcomeEvent", "DoneEvent"]
    assert await client.xlen(journal_key(journal_of("t"))) == 1
