"""The composition root: every part of the server, opened in order and closed in the reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field

import structlog

from fingerpost_assistant.assistant import Assistant
from fingerpost_assistant.errors import AssistantError
from fingerpost_assistant.limits import Limits
from fingerpost_assistant.live.embedded import EmbeddedValkey
from fingerpost_gateway.access.sessions import session_secret
from fingerpost_gateway.backup import finish_restore
from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.knowledge import Knowledge, open_knowledge
from fingerpost_gateway.language_models import LanguageModels, open_models
from fingerpost_gateway.observability.metrics import observe_turn
from fingerpost_gateway.settings import Settings
from fingerpost_gateway.shutdown import Shutdown
from fingerpost_gateway.waiting import take_turn
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_retrieval import GuidanceIndex, RetrievalError

__all__ = ["Check", "Runtime", "Shutdown", "open_runtime"]

WAIT_S = 15.0
"""Longest wait at the start for a command, or an earlier server that drains, to let go."""

SPARE_BYTES = 16 * 2**20
"""Free space below which questions may soon be refused, since each is stored."""

TURN_GRACE_S = 5.0
"""How much longer than its answer a turn may take, for what comes before and after."""

log = structlog.get_logger(__name__)


@dataclass(frozen=True, kw_only=True)
class Check:
    """Whether a part can be used, and why not."""

    ok: bool
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The open parts of one gateway process."""

    settings: Settings
    knowledge: Knowledge
    assistant: Assistant
    redis_url: str
    """Address of Valkey, embedded or not."""
    models: LanguageModels | None = None
    """Language models; None where questions are answered with quotations alone."""
    session_secret: bytes
    """Signs citizens' session tokens."""
    shutdown: Shutdown = field(default_factory=Shutdown)

    @property
    def index(self) -> GuidanceIndex:
        return self.knowledge.index

    @property
    def catalogue(self) -> Catalogue:
        return self.knowledge.catalogue

    async def readiness(self) -> dict[str, Check]:
        """Check every part by using it; never raises."""
        state, index = await asyncio.gather(self._check_state(), self._check_index())
        parts = {"state": state, "index": index}
        if self.settings.state.embedded:
            parts["disk"] = self._check_disk()
        if self.models is not None:
            # Never a reason to send questions elsewhere: without models they get quotations.
            parts["models"] = Check(ok=True, detail=", ".join(sorted(self.models.clients)))
        return parts

    async def _check_state(self) -> Check:
        try:
            await self.assistant.check()
        except AssistantError as error:
            return Check(ok=False, detail=str(error))
        return Check(ok=True)

    async def _check_index(self) -> Check:
        try:
            await asyncio.to_thread(lambda: self.index.revision)
        except RetrievalError as error:
            return Check(ok=False, detail=str(error))
        return Check(ok=True)

    def _check_disk(self) -> Check:
        free = self.knowledge.directory.free_bytes()
        if free < SPARE_BYTES:
            return Check(ok=False, detail=f"{free // 2**20} MB are free in the data directory")
        return Check(ok=True)


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open every part, embedded or at the addresses in the settings.

    Whatever is embedded belongs to this process until the end: the data directory is locked,
    a Valkey that an earlier process left behind is ended, and a restore that was cut off is
    brought to its end.

    Raises:
        DataDirectoryError: the data directory cannot be used, or another process has it.
        AssistantError: the database or Valkey cannot be used.
        RetrievalError: the index cannot be opened.
        ServingError: the registry of models cannot be used, or a model's key is not set.
    """
    directory = DataDirectory(settings.data_dir)
    await asyncio.to_thread(directory.prepare)
    async with AsyncExitStack() as stack:
        if settings.state.embedded:
            await take_turn(directory, "serve", stack, wait_s=WAIT_S, notice=_waiting)
            await asyncio.to_thread(finish_restore, directory)
        knowledge = await stack.enter_async_context(open_knowledge(settings, directory))
        redis_url = settings.state.redis_url
        if not redis_url:
            valkey = await stack.enter_async_context(EmbeddedValkey(directory.valkey))
            redis_url = valkey.url
        models = await stack.enter_async_context(open_models(settings, redis_url))
        knowledge.pipeline.use(models)
        assistant = Assistant(
            knowledge.pipeline,
            database_url=settings.database_url,
            valkey_url=redis_url,
            limits=_limits(settings),
            on_outcome=observe_turn,
        )
        await stack.enter_async_context(assistant)
        yield Runtime(
            settings=settings,
            knowledge=knowledge,
            assistant=assistant,
            models=models,
            redis_url=redis_url,
            session_secret=await asyncio.to_thread(
                session_secret, settings.state.session_secret, settings.data_dir
            ),
        )


def _limits(settings: Settings) -> Limits:
    return Limits(
        running_turns=settings.limits.running_turns,
        turn_s=settings.limits.turn_timeout_s + TURN_GRACE_S,
        retention_days=settings.state.retention_days,
    )


def _waiting(message: str) -> None:
    log.warning("start.waiting", detail=message)
