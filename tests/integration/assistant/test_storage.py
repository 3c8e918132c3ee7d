"""Migrations and SQLite: what two processes at once, old and new versions do to a database."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib.resources import files
from pathlib import Path
from threading import Barrier

import msgspec
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, event, inspect, text
from sqlalchemy import create_engine as create_sync_engine
from sqlalchemy.engine.interfaces import DBAPIConnection

from fingerpost_assistant.errors import DatabaseTooNew, DatabaseUnavailable
from fingerpost_assistant.principal import Principal
from fingerpost_assistant.storage import (
    ConversationStore,
    Database,
    create_engine,
    schema,
    upgrade,
)
from fingerpost_assistant.storage.database import set_pragmas
from fingerpost_assistant.storage.tables import metadata
from fingerpost_knowledge_hub.tables import metadata as hub_metadata
from fingerpost_knowledge_hub.tables import source_parts

OWNER = Principal(subject="owner")
TABLES = {"conversations", "turns", "feedback", "documents", "source_parts"}


async def _tables(url: str) -> set[str]:
    engine = create_engine(url)
    async with engine.connect() as connection:
        names = await connection.run_sync(lambda sync: inspect(sync).get_table_names())
    await engine.dispose()
    return set(names)


async def test_upgrade_makes_every_table_and_can_be_repeated(database_url: str) -> None:
    await upgrade(database_url)
    await upgrade(database_url)
    assert await _tables(database_url) == TABLES | {"alembic_version"}


async def test_migrations_make_what_the_code_expects(database_url: str) -> None:
    await upgrade(database_url)

    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return [*compare_metadata(context, [metadata, hub_metadata])]

    engine = create_engine(database_url)
    async with engine.connect() as connection:
        assert await connection.run_sync(differences) == []
    await engine.dispose()


async def test_downgrade_leaves_nothing_and_upgrade_comes_back(database_url: str) -> None:
    await upgrade(database_url)

    def downgrade(connection: Connection) -> None:
        command.downgrade(schema.alembic_config(connection), "base")
        connection.commit()

    engine = create_engine(database_url)
    async with engine.connect() as connection:
        await connection.run_sync(downgrade)
    await engine.dispose()
    assert await _tables(database_url) == {"alembic_version"}
    await upgrade(database_url)
    assert await _tables(database_url) == TABLES | {"alembic_version"}


async def test_processes_that_start_at_once_migrate_once(database_url: str) -> None:
    program = (
        "import asyncio, sys; from fingerpost_assistant.storage import upgrade;"
        "asyncio.run(upgrade(sys.argv[1]))"
    )
    processes = [
        await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", program, database_url), stderr=subprocess.PIPE
        )
        for _ in range(2)
    ]
    for process in processes:
        _, errors = await process.communicate()
        assert process.returncode == 0, errors.decode()
    assert await _tables(database_url) == TABLES | {"alembic_version"}


def test_connections_that_open_a_new_file_at_once_all_get_it(tmp_path: Path) -> None:
    for attempt in range(20):
        file, start = tmp_path / f"{attempt}.db", Barrier(6)

        def connect(file: Path = file, start: Barrier = start) -> None:
            engine = create_sync_engine(f"sqlite:///{file}")
            event.listen(engine, "connect", set_pragmas)
            start.wait()
            engine.connect().close()
            engine.dispose()

        with ThreadPoolExecutor(6) as threads:
            for opened in [threads.submit(connect) for _ in range(6)]:
                opened.result()


async def test_tables_that_the_knowledge_hub_made_alone_are_kept(database_url: str) -> None:
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.run_sync(hub_metadata.create_all)
        part = dict.fromkeys(source_parts.columns.keys(), "kept")
        await connection.execute(source_parts.insert(), part)
    await engine.dispose()
    await upgrade(database_url)
    database = Database(database_url)
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT count(*) FROM source_parts")) == 1
    await database.close()


async def test_database_of_a_newer_version_is_refused(database_url: str) -> None:
    await upgrade(database_url)
    engine = create_engine(database_url)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    await engine.dispose()
    with pytest.raises(DatabaseTooNew, match=r"revision 9999.*install the version that made it"):
        await upgrade(database_url)
    assert await _tables(database_url) == TABLES | {"alembic_version"}


async def test_failed_migration_leaves_nothing_behind(
    database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("alembic.op.create_index", lambda *_, **__: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        await upgrade(database_url)
    assert await _tables(database_url) == set()


async def test_head_is_the_newest_packaged_migration(database_url: str) -> None:
    packaged = files("fingerpost_assistant.storage") / "migrations"
    assert str(packaged) == str(schema.MIGRATIONS)
    assert ScriptDirectory(str(packaged)).get_current_head() == schema.HEAD


async def test_sqlite_is_set_up_for_many_readers_and_a_patient_writer(database_url: str) -> None:
    await upgrade(database_url)
    database = Database(database_url)
    async with database.transaction() as session:
        values = {
            name: await session.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    await database.close()
    assert values == {
        "journal_mode": "wal",
        "synchronous": 1,
        "foreign_keys": 1,
        "busy_timeout": 10_000,
    }


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("sqlite:////proc/nowhere/x.db", "unable to open database file"),
        ("mysql://localhost/x", "cannot be used"),
        ("no address", "not a database address"),
        ("postgresql://nobody@127.0.0.1:1/x", "cannot be used"),
    ],
)
async def test_address_that_does_not_work_is_explained(url: str, words: str) -> None:
    with pytest.raises(DatabaseUnavailable, match=words):
        await upgrade(url)


async def test_file_that_is_no_database_is_explained(tmp_path: Path) -> None:
    (tmp_path / "x.db").write_bytes(b"this is no database" * 1000)
    with pytest.raises(DatabaseUnavailable, match="file is not a database"):
        await upgrade(f"sqlite:///{tmp_path / 'x.db'}")


async def test_full_disk_is_explained_and_what_was_written_stays(database_url: str) -> None:
    await upgrade(database_url)
    database = Database(database_url)

    def fill(connection: DBAPIConnection, _: object) -> None:
        connection.cursor().execute("PRAGMA max_page_count = 60")

    event.listen(database.engine.sync_engine, "connect", fill)
    store = ConversationStore(database)
    first = await store.add(OWNER, None, None)
    long = msgspec.structs.replace(OWNER, subject="x" * 1_000_000)
    with pytest.raises(DatabaseUnavailable, match=r"disk is full.*the space on its disk"):
        await store.add(long, None, None)
    assert (await store.get(OWNER, str(first.id))).id == first.id
    await database.close()


async def test_error_does_not_quote_what_was_to_be_stored(database_url: str) -> None:
    await upgrade(database_url)
    database = Database(database_url)
    with pytest.raises(DatabaseUnavailable) as caught:
        async with database.transaction() as session:
            await session.execute(text("INSERT INTO nowhere VALUES (:q)"), {"q": "my secret"})
    await database.close()
    assert "my secret" not in str(caught.value)
    assert "my secret" not in str(caught.value.__cause__)


async def test_writers_in_two_processes_wait_for_each_other(
    database_url: str, tmp_path: Path
) -> None:
    await upgrade(database_url)
    other = sqlite3.connect(tmp_path / "test.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    database = Database(database_url)
    store = ConversationStore(database)
    writing = asyncio.create_task(store.add(OWNER, None, None))
    await asyncio.sleep(0.2)
    assert not writing.done()
    other.execute("COMMIT")
    await writing
    other.close()
    await database.close()
