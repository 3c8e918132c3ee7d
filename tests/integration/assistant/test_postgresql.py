"""The same on PostgreSQL: migrations, turns, races, deletion."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import subprocess
import tempfile
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from conversing import OWNER, SOURCE, Chat, ScriptedPipeline
from sqlalchemy import Connection, select, text

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.errors import IdempotencyConflict, UnknownConversation
from fingerpost_assistant.events import Outcome
from fingerpost_assistant.storage import Database, create_engine, upgrade
from fingerpost_assistant.storage.tables import FeedbackRow, TurnRow, metadata
from fingerpost_knowledge_hub.tables import metadata as hub_metadata

pytestmark = pytest.mark.full

MakeAssistant = Callable[..., Awaitable[Assistant]]


def _programs() -> Path | None:
    """Folder of PostgreSQL's programs: where Debian puts the newest version, or on the path."""
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if versions:
        return versions[-1]
    found = shutil.which("initdb")
    return Path(found).resolve().parent if found else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """Address of a PostgreSQL server on a unix socket, run by someone who is not root."""
    programs = _programs()
    if programs is None:
        pytest.skip("no PostgreSQL: install it (Debian: postgresql)")
    user = "postgres" if os.geteuid() == 0 else getpass.getuser()
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    shutil.chown(folder, user)
    data = folder / "data"

    def run(*command: object) -> subprocess.Popen[bytes]:
        words = [str(programs / str(command[0])), *map(str, command[1:])]
        if os.geteuid() != 0:
            return subprocess.Popen(words, stdout=subprocess.DEVNULL)
        return subprocess.Popen(
            words, user=user, group=user, extra_groups=[], cwd=folder, stdout=subprocess.DEVNULL
        )

    made = run("initdb", "-D", data, "-A", "trust", "-U", "fingerpost", "-E", "UTF8", "-N")
    assert made.wait(60) == 0
    server = run("postgres", "-D", data, "-k", folder, "-c", "listen_addresses=", "-F")
    try:
        _wait_for(programs, folder)
        yield f"postgresql://fingerpost@/postgres?host={folder}"
    finally:
        server.terminate()
        server.wait(30)
        shutil.rmtree(folder)


def _wait_for(programs: Path, folder: Path) -> None:
    end = time.monotonic() + 30
    while subprocess.run([programs / "pg_isready", "-q", "-h", folder], check=False).returncode:
        assert time.monotonic() < end, "PostgreSQL did not start"
        time.sleep(0.1)


@pytest.fixture
async def database_url(postgres: str) -> str:
    """Address of an empty database."""
    engine = create_engine(postgres)
    async with engine.begin() as connection:
        await connection.execute(text("DROP SCHEMA public CASCADE"))
        await connection.execute(text("CREATE SCHEMA public"))
    await engine.dispose()
    return postgres


async def test_upgrades_at_once_make_what_the_code_expects(database_url: str) -> None:
    await asyncio.gather(*(upgrade(database_url) for _ in range(4)))

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [*compare_metadata(context, [metadata, hub_metadata])]

    engine = create_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_turn_is_answered_recorded_and_replayed(chat: Chat) -> None:
    turn = await chat.ask("My address is jo@example.org. What now?", token="t" * 32)
    events = await chat.events(turn)
    recorded = await chat.recorded(turn)
    assert (recorded.outcome, recorded.citations) == (Outcome.ANSWERED, (SOURCE,))
    assert await chat.events(turn) == events
    shown = await chat.assistant.turn(OWNER, turn.id, session_token="t" * 32)
    assert shown.question == "My address is jo@example.org. What now?"


async def test_text_that_postgresql_dislikes_is_stored(
    chat: Chat, pipeline: ScriptedPipeline
) -> None:
    pipeline.failure = RuntimeError("nul \x00 and all")
    turn = await chat.ask("Robert'); DROP TABLE turns;-- 🦆 \u202e %s :x {}")
    assert await chat.outcome(turn) is Outcome.INTERNAL
    await chat.assistant.give_feedback(OWNER, turn.id, "not_useful", "nul \x00 here")
    assert (await chat.recorded(turn)).rating == "not_useful"


async def test_questions_asked_at_once_get_different_places(chat: Chat) -> None:
    await chat.ask("First?")
    turns = await asyncio.gather(*(chat.ask(f"Question {n}?") for n in range(30)))
    assert sorted(turn.number for turn in turns) == list(range(2, 32))


async def test_race_between_replicas_is_answered_once(
    make_assistant: MakeAssistant, pipeline: ScriptedPipeline
) -> None:
    one, other = Chat(await make_assistant()), Chat(await make_assistant())
    await one.events(await one.ask("Hello?"))
    other.conversation = one.conversation
    turns = await asyncio.gather(
        *(chat.ask("What is Child Benefit?", key="k") for chat in (one, other) for _ in range(10))
    )
    await one.recorded(turns[0])
    assert len({turn.id for turn in turns}) == 1
    assert len(pipeline.asked) == 2
    with pytest.raises(IdempotencyConflict):
        await other.ask("What is Universal Credit?", key="k")


async def test_deleted_conversation_leaves_nothing(chat: Chat, database_url: str) -> None:
    turn = await chat.ask("What is Child Benefit?")
    await chat.assistant.give_feedback(OWNER, turn.id, "useful")
    await chat.assistant.delete_conversation(OWNER, turn.conversation_id)
    with pytest.raises(UnknownConversation):
        await chat.assistant.conversation(OWNER, turn.conversation_id)
    database = Database(database_url)
    async with database.transaction() as session:
        assert (await session.scalars(select(TurnRow))).all() == []
        assert (await session.scalars(select(FeedbackRow))).all() == []
    await database.close()
