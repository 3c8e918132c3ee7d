"""The same question sent twice is one turn."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from conversing import Chat, ScriptedPipeline

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.errors import IdempotencyConflict

MakeAssistant = Callable[..., Awaitable[Assistant]]


async def test_same_key_and_question_is_the_same_turn(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    first = await chat.ask("What is Child Benefit?", key="k")
    second = await chat.ask("What is Child Benefit?", key="k")
    await chat.recorded(first)
    third = await chat.ask("What is Child Benefit?", key="k")
    assert first.id == second.id == third.id
    assert len(pipeline.asked) == 1


async def test_personal_data_numbered_anew_is_still_the_same_question(chat: Chat) -> None:
    question = "My address is jo@example.org. What now?"
    first = await chat.ask(question, key="k")
    await chat.recorded(first)  # the second time it would be [EMAIL-2]
    assert (await chat.ask(question, key="k")).id == first.id


async def test_same_key_with_another_question_is_refused(chat: Chat) -> None:
    await chat.ask("What is Child Benefit?", key="k")
    with pytest.raises(IdempotencyConflict):
        await chat.ask("What is Universal Credit?", key="k")


async def test_key_of_another_conversation_does_not_matter(assistant: Assistant) -> None:
    one, other = Chat(assistant), Chat(assistant)
    first = await one.ask("What is Child Benefit?", key="k")
    assert (await other.ask("What is Universal Credit?", key="k")).id != first.id


@pytest.mark.parametrize("key", ["", "k" * 100_000, "\x00'; DROP TABLE turns", "schlüssel 🔑"])
async def test_key_may_be_any_text(chat: Chat, key: str) -> None:
    first = await chat.ask("What is Child Benefit?", key=key)
    assert (await chat.ask("What is Child Benefit?", key=key)).id == first.id


async def test_race_between_replicas_is_answered_once(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline
) -> None:
    one, other = Chat(await make_assistant()), Chat(await make_assistant())
    await one.events(await one.ask("Hello?"))
    other.conversation = one.conversation
    asked_before = len(pipeline.asked)
    turns = await asyncio.gather(
        *(chat.ask("What is Child Benefit?", key="k") for chat in (one, other) for _ in range(10))
    )
    await one.recorded(turns[0])
    assert len({turn.id for turn in turns}) == 1
    assert len(pipeline.asked) == asked_before + 1


async def test_race_of_different_questions_has_one_winner(chat: Chat) -> None:
    await chat.ask("Hello?")
    results = await asyncio.gather(
        *(chat.ask(f"Question {n}?", key="k") for n in range(10)), return_exceptions=True
    )
    assert sum(not isinstance(result, BaseException) for result in results) == 1
    assert sum(isinstance(result, IdempotencyConflict) for result in results) == 9
