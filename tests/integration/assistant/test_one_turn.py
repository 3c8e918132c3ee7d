"""One question: accepted, answered in the background, recorded with what it rested on."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from conversing import OWNER, SOURCE, STRANGER, Chat, ScriptedPipeline, eventually
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.errors import (
    Busy,
    CommentTooLong,
    EmptyQuestion,
    ShuttingDown,
    TooManyTurns,
    UnknownConversation,
    UnknownTurn,
)
from fingerpost_assistant.events import Outcome, TurnEvent
from fingerpost_assistant.live.connection import Client, connect
from fingerpost_assistant.live.keys import turn_key
from fingerpost_assistant.live.streams import TurnWriter
from fingerpost_assistant.question import Emit, Exchange, PreparedQuestion, TurnResult
from fingerpost_assistant.running_turn import RunningTurn
from fingerpost_assistant.storage import Database
from fingerpost_assistant.storage.tables import ConversationRow, FeedbackRow, TurnRow

MakeAssistant = Callable[..., Awaitable[Assistant]]


async def test_stream_opens_with_the_turn_and_closes_with_its_outcome(chat: Chat) -> None:
    turn = await chat.ask("What is Child Benefit?")
    events = await chat.events(turn)
    names = [type(item.event).__name__.removesuffix("Event") for item in events]
    assert names == ["Turn", "Status", "Sources", *["Sentence"] * 3, "Outcome", "Done"]
    assert [item.id for item in events] == [f"{n}-0" for n in range(1, 9)]


async def test_answer_is_shown_as_soon_as_it_is_done(chat: Chat) -> None:
    turn = await chat.ask("What is Child Benefit?")
    await chat.events(turn)
    shown = await chat.assistant.turn(OWNER, turn.id)  # the recorder may not have come by yet
    assert shown.outcome is Outcome.ANSWERED
    assert [sentence.text for sentence in shown.sentences] == [
        "Sentence 1.",
        "Sentence 2.",
        "Sentence 3.",
    ]


async def test_record_holds_what_the_answer_rested_on(chat: Chat, database_url: str) -> None:
    turn = await chat.ask("What is Child Benefit?")
    events = await chat.events(turn)
    recorded = await chat.recorded(turn)
    assert recorded.citations == (SOURCE,)
    database = Database(database_url)
    async with database.transaction() as session:
        row = (await session.scalars(select(TurnRow))).one()
    await database.close()
    assert list(row.events) == events
    assert (row.outcome, row.model, row.index_revision) == ("answered", "scripted 1", "index-7")
    assert (row.confidence, row.timings, row.trace) == (0.9, {"total": 12.5}, {"decide.score": 0.9})


async def test_question_without_text_is_not_accepted(chat: Chat) -> None:
    with pytest.raises(EmptyQuestion):
        await chat.ask("   ")
    assert chat.conversation is not None
    view = await chat.assistant.conversation(OWNER, chat.conversation.id)
    assert view.turns == ()


async def test_failing_pipeline_ends_the_turn_with_an_error(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.failure = RuntimeError("the index is broken")
    turn = await chat.ask("What is Child Benefit?")
    assert await chat.outcome(turn) is Outcome.INTERNAL
    recorded = await chat.recorded(turn)
    assert recorded.message.startswith("Something went wrong")
    assert len(recorded.sentences) == 2  # what was shown before stays


@pytest.mark.parametrize(
    ("question", "locale", "message"),
    [
        ("What is Child Benefit?", None, "Something went wrong"),
        ("Beth yw Budd-dal Plant?", None, "Aeth rhywbeth o'i le"),
        ("SA100", "cy", "Aeth rhywbeth o'i le"),
    ],
)
async def test_error_is_told_in_the_language_of_the_question(
    chat: Chat, pipeline: ScriptedPipeline, question: str, locale: str | None, message: str
) -> None:
    pipeline.failure = RuntimeError("the index is broken")
    chat.conversation = await chat.assistant.start_conversation(OWNER, locale=locale)
    recorded = await chat.recorded(await chat.ask(question))
    assert recorded.message.startswith(message)


async def test_turn_whose_ending_cannot_be_written_anywhere_still_comes_out(
    pipeline: ScriptedPipeline, tmp_path: Path
) -> None:
    async def record(*_: object) -> bool:
        raise IntegrityError("UPDATE turns", None, ValueError("does not fit"))

    away = connect(f"unix://{tmp_path}/no-server")
    turn = RunningTurn(
        pipeline,
        PreparedQuestion(text="What is Child Benefit?"),
        TurnEvent(turn_id="t", conversation_id="c", question="What is Child Benefit?"),
        TurnWriter(away, "t", patience_s=0.05),
        record,
        limit_s=5,
    )
    result = await turn.run()
    await away.aclose()
    assert result is not None
    assert result.outcome is Outcome.INTERNAL


async def test_turn_that_takes_too_long_is_ended(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    chat = Chat(await make_assistant(turn_s=0.2))
    turn = await chat.ask("What is Child Benefit?")
    assert await chat.outcome(turn) is Outcome.TIMED_OUT


async def test_stopped_turn_ends_at_once_and_stays_stopped(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    await chat.assistant.stop(OWNER, turn.id)
    await chat.assistant.stop(OWNER, turn.id)
    pipeline.gate.set()
    assert await chat.outcome(turn) is Outcome.STOPPED
    assert (await chat.recorded(turn)).outcome is Outcome.STOPPED


async def test_turn_is_stopped_through_another_replica(make_assistant: MakeAssistant) -> None:
    slow = ScriptedPipeline()
    slow.gate.clear()
    answering, other = await make_assistant(slow), await make_assistant()
    chat = Chat(answering)
    turn = await chat.ask("What is Child Benefit?")
    await other.stop(OWNER, turn.id)
    slow.gate.set()  # the next sentence meets the end
    assert await chat.outcome(turn) is Outcome.STOPPED
    assert (await chat.recorded(turn)).outcome is Outcome.STOPPED


async def test_earlier_exchanges_reach_the_pipeline(chat: Chat, pipeline: ScriptedPipeline) -> None:
    for question in ("First?", "Second?"):
        await chat.events(await chat.ask(question))
    answer = "Sentence 1. Sentence 2. Sentence 3."
    assert pipeline.asked[1].history == (Exchange("First?", answer),)


async def test_conversation_begins_with_its_first_question(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    history = (Exchange("Earlier?", "Yes."),)
    turn = await chat.assistant.ask_anew(
        OWNER, "What is Child Benefit?", nation="wales", locale="cy", history=history
    )
    async with asyncio.timeout(5):
        followed = [item async for item in chat.assistant.follow_new(turn)]
    assert followed == await chat.events(turn)
    assert pipeline.asked[0].history == history
    view = await chat.assistant.conversation(OWNER, turn.conversation_id)
    assert [each.id for each in view.turns] == [turn.id]
    again = await chat.assistant.ask(OWNER, turn.conversation_id, "And then?")
    assert again.number == turn.number + 1
    assert {(asked.nation, asked.locale) for asked in pipeline.asked} == {("wales", "cy")}


async def test_refused_first_question_leaves_no_conversation(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline, database_url: str
) -> None:
    assistant = await make_assistant(running_turns=1)
    with pytest.raises(EmptyQuestion):
        await assistant.ask_anew(OWNER, "   ")
    pipeline.gate.clear()
    turn = await assistant.ask_anew(OWNER, "One?")
    with pytest.raises(Busy):
        await assistant.ask_anew(OWNER, "Two?")
    pipeline.gate.set()
    database = Database(database_url)
    async with database.transaction() as session:
        rows = (await session.scalars(select(ConversationRow))).all()
    await database.close()
    assert [str(row.id) for row in rows] == [turn.conversation_id]


async def test_caller_who_leaves_while_asking_still_gets_an_answer(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    conversation = await chat.assistant.start_conversation(OWNER)
    asking = asyncio.create_task(chat.assistant.ask(OWNER, conversation.id, "And then?"))
    while not asking.done() and chat.assistant.running == 0:
        await asyncio.sleep(0)
    asking.cancel()
    view = await chat.assistant.conversation(OWNER, conversation.id)
    assert await chat.outcome(view.turns[0]) is Outcome.ANSWERED


async def test_more_questions_than_places_are_refused(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline
) -> None:
    chat = Chat(await make_assistant(running_turns=2))
    pipeline.gate.clear()
    turns = [await chat.ask("One?"), await chat.ask("Two?")]
    with pytest.raises(Busy, match="All 2 places"):
        await chat.ask("Three?")
    pipeline.gate.set()
    for turn in turns:
        await chat.events(turn)
    await chat.ask("Three again?")


async def test_conversation_holds_a_limited_number_of_questions(
    make_assistant: MakeAssistant,
) -> None:
    chat = Chat(await make_assistant(turns_per_conversation=2))
    await chat.ask("One?")
    await chat.ask("Two?")
    with pytest.raises(TooManyTurns):
        await chat.ask("Three?")


async def test_questions_asked_at_once_get_different_places(chat: Chat) -> None:
    await chat.ask("First?")
    turns = await asyncio.gather(*(chat.ask(f"Question {n}?") for n in range(20)))
    assert sorted(turn.number for turn in turns) == list(range(2, 22))


async def test_nobody_else_can_use_a_conversation(chat: Chat) -> None:
    turn = await chat.ask("What is Child Benefit?")
    assistant, conversation_id = chat.assistant, turn.conversation_id
    with pytest.raises(UnknownConversation):
        await assistant.conversation(STRANGER, conversation_id)
    with pytest.raises(UnknownConversation):
        await assistant.ask(STRANGER, conversation_id, "And me?")
    with pytest.raises(UnknownConversation):
        await assistant.delete_conversation(STRANGER, conversation_id)
    with pytest.raises(UnknownTurn):
        await assistant.turn(STRANGER, turn.id)
    with pytest.raises(UnknownTurn):
        await assistant.stop(STRANGER, turn.id)
    with pytest.raises(UnknownTurn):
        await assistant.give_feedback(STRANGER, turn.id, "useful")
    with pytest.raises(UnknownTurn):
        await anext(assistant.follow(STRANGER, turn.id))


@pytest.mark.parametrize("id_", ["", "1", "' OR 1=1 --", "ÿ" * 36, "0" * 32, "{" + "0" * 36 + "}"])
async def test_what_is_no_id_names_nothing(assistant: Assistant, id_: str) -> None:
    with pytest.raises(UnknownConversation):
        await assistant.conversation(OWNER, id_)
    with pytest.raises(UnknownTurn):
        await assistant.turn(OWNER, id_)


async def test_deleted_conversation_is_gone_everywhere(
    chat: Chat, pipeline: ScriptedPipeline, database_url: str
) -> None:
    answered = await chat.ask("What is Child Benefit?")
    await chat.events(answered)
    await chat.assistant.give_feedback(OWNER, answered.id, "useful")
    pipeline.gate.clear()
    running = await chat.ask("And Universal Credit?")
    reader = asyncio.create_task(chat.events(running))
    await asyncio.sleep(0.05)

    await chat.assistant.delete_conversation(OWNER, running.conversation_id)

    with pytest.raises(UnknownConversation):
        await chat.assistant.conversation(OWNER, running.conversation_id)
    for turn in (answered, running):
        with pytest.raises(UnknownTurn):
            await chat.events(turn)
    async with asyncio.timeout(5):
        # Its reader saw the end of the stopped turn, or was told that it is gone.
        await asyncio.gather(reader, return_exceptions=True)
    database = Database(database_url)
    async with database.transaction() as session:
        assert (await session.scalars(select(TurnRow))).all() == []
        assert (await session.scalars(select(FeedbackRow))).all() == []
    await database.close()


class _ReluctantPipeline(ScriptedPipeline):
    """Takes its time to end when it is stopped."""

    def __init__(self) -> None:
        super().__init__()
        self.gate.clear()
        self.stopping = asyncio.Event()
        self.let_go = asyncio.Event()

    async def answer(self, question: PreparedQuestion, emit: Emit) -> TurnResult:
        try:
            return await super().answer(question, emit)
        finally:
            self.stopping.set()
            await self.let_go.wait()


async def test_question_that_comes_while_its_conversation_is_deleted_goes_too(
    make_assistant: MakeAssistant, client: Client
) -> None:
    pipeline = _ReluctantPipeline()
    chat = Chat(await make_assistant(pipeline))
    running = await chat.ask("What is Child Benefit?")
    await eventually(lambda: _started(pipeline))
    deletion = asyncio.create_task(
        chat.assistant.delete_conversation(OWNER, running.conversation_id)
    )
    await pipeline.stopping.wait()
    late = await chat.ask("And Universal Credit?")
    pipeline.let_go.set()
    await deletion
    assert chat.assistant.running == 0
    for turn in (running, late):
        entries = await client.xrange(turn_key(turn.id))
        assert [fields for _, fields in entries] == [{"end": ""}]


async def _started(pipeline: ScriptedPipeline) -> bool:
    return bool(pipeline.asked)


async def test_feedback_is_stored_without_personal_data_and_can_change(
    chat: Chat, database_url: str
) -> None:
    turn = await chat.ask("What is Child Benefit?")
    await chat.assistant.give_feedback(OWNER, turn.id, "not_useful", "Write to jo@example.org")
    await chat.assistant.give_feedback(OWNER, turn.id, "useful", "Now to jo@example.org")
    assert (await chat.assistant.turn(OWNER, turn.id)).rating == "useful"
    database = Database(database_url)
    async with database.transaction() as session:
        (row,) = (await session.scalars(select(FeedbackRow))).all()
    await database.close()
    assert row.comment == "Now to [EMAIL-1]"
    with pytest.raises(CommentTooLong):
        await chat.assistant.give_feedback(OWNER, turn.id, "useful", "x" * 2_001)


async def test_drain_lets_turns_end_and_takes_nothing_new(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.pause_s = 0.05
    turn = await chat.ask("What is Child Benefit?")
    draining = asyncio.create_task(chat.assistant.drain(5))
    await asyncio.sleep(0.02)
    with pytest.raises(ShuttingDown):
        await chat.ask("One more?")
    await draining
    assert chat.assistant.running == 0
    assert await chat.outcome(turn) is Outcome.ANSWERED


async def test_drain_ends_what_does_not_end_by_itself(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.gate.clear()
    turn = await chat.ask("What is Child Benefit?")
    reader = asyncio.create_task(chat.outcome(turn))
    await chat.assistant.drain(0.1)
    assert await reader is Outcome.INTERRUPTED
    shown = await chat.assistant.turn(OWNER, turn.id)
    assert shown.message == "The service is restarting. Please ask again in a minute."


async def test_question_without_a_conversation_leaves_nothing_behind(
    assistant: Assistant, database_url: str
) -> None:
    result = await assistant.answer_once(OWNER, "What is Child Benefit?")
    assert result.outcome is Outcome.ANSWERED
    database = Database(database_url)
    async with database.transaction() as session:
        assert (await session.scalars(select(TurnRow))).all() == []
    await database.close()


async def test_old_conversations_are_forgotten(make_assistant: MakeAssistant) -> None:
    chat = Chat(await make_assistant())
    turn = await chat.recorded(await chat.ask("What is Child Benefit?"))
    await make_assistant(retention_days=1e-9)  # a replica that forgets at once
    async with asyncio.timeout(5):
        while True:
            try:
                await chat.assistant.turn(OWNER, turn.id)
            except UnknownTurn:
                break
            await asyncio.sleep(0.02)
