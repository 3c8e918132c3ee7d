"""What questions are answered from: catalogue, index and pipeline, opened and closed together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass

import sqlalchemy as sa
import structlog

from fingerpost_assistant.storage.schema import upgrade
from fingerpost_gateway.current_pipeline import CurrentPipeline
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.errors import SettingsError
from fingerpost_gateway.settings import Settings
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_retrieval import Embedder, GuidanceIndex, build_minilm, load_embedder
from fingerpost_retrieval.errors import ModelDamaged, ModelMissing

SQLITE_WAIT_S = 30
"""How long a statement waits for another process's write."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Knowledge:
    """The open parts that search and answers need; no Valkey and no conversations."""

    settings: Settings
    directory: DataDirectory
    catalogue: Catalogue
    index: GuidanceIndex
    pipeline: CurrentPipeline


@asynccontextmanager
async def open_knowledge(settings: Settings, directory: DataDirectory) -> AsyncIterator[Knowledge]:
    """Open catalogue and index, embedded or at the addresses in the settings.

    The caller holds the directory if anything is embedded.

    Raises:
        AssistantError: the database cannot be used.
        RetrievalError: the index cannot be opened.
    """
    await upgrade(settings.database_url)
    embedder = await asyncio.to_thread(open_embedder, directory)
    with open_catalogue(settings) as catalogue:
        index = await asyncio.to_thread(_open_index, settings, directory, embedder)
        try:
            yield Knowledge(
                settings=settings,
                directory=directory,
                catalogue=catalogue,
                index=index,
                pipeline=CurrentPipeline(
                    index, embedder, time_limit_s=settings.limits.turn_timeout_s
                ),
            )
        finally:
            await asyncio.to_thread(index.close)


@contextmanager
def open_catalogue(settings: Settings) -> Iterator[Catalogue]:
    """The catalogue, in the same database as the conversations."""
    engine = _engine(sa.make_url(settings.database_url))
    try:
        yield Catalogue(engine)
    finally:
        engine.dispose()


def _engine(url: sa.URL) -> sa.Engine:
    if url.get_backend_name() == "sqlite":
        return sa.create_engine(
            url.set(drivername="sqlite"), connect_args={"timeout": SQLITE_WAIT_S}
        )
    try:
        return sa.create_engine(url.set(drivername="postgresql+psycopg"), pool_pre_ping=True)
    except ModuleNotFoundError as error:
        raise SettingsError(
            f"{error.name} is missing for PostgreSQL: pip install 'fingerpost-gateway[postgres]'"
        ) from error


def open_embedder(directory: DataDirectory) -> Embedder | None:
    """The embedding model, built first if need be; None when there is nothing to build it from.

    Without it search goes by words alone. That is worth a warning, not a refusal.
    """
    try:
        return load_embedder(directory.model)
    except ModelMissing:
        log.info("model.build", folder=str(directory.model))
    except ModelDamaged as error:
        log.warning("model.damaged", detail=str(error))
    try:
        return load_embedder(build_minilm(directory.model))
    except (ModelMissing, ModelDamaged) as error:
        log.warning("model.missing", detail=f"search goes by words alone: {error}")
        return None


def _open_index(
    settings: Settings, directory: DataDirectory, embedder: Embedder | None
) -> GuidanceIndex:
    state = settings.state
    if state.qdrant_url:
        return GuidanceIndex.connect(state.qdrant_url, embedder, api_key=state.qdrant_api_key)
    return GuidanceIndex.open(directory.index, embedder)
