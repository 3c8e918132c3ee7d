"""The composition root: every part of the server, opened in order and closed in the reverse."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fingerpost_gateway.settings import Settings
from fingerpost_gateway.shutdown import Shutdown

if TYPE_CHECKING:
    from fingerpost_assistant.assistant import Assistant
    from fingerpost_knowledge_hub.catalogue import Catalogue
    from fingerpost_retrieval import GuidanceIndex

__all__ = ["Check", "Runtime", "Shutdown", "open_runtime"]


@dataclass(frozen=True, kw_only=True)
class Check:
    """Whether a part can be used, and why not."""

    ok: bool
    detail: str = ""


@dataclass(frozen=True, kw_only=True)
class Runtime:
    """The open parts of one gateway process."""

    settings: Settings
    assistant: Assistant
    index: GuidanceIndex
    catalogue: Catalogue
    redis_url: str
    """Address of Valkey, embedded or not, in a form that `redis.asyncio` takes."""
    shutdown: Shutdown = field(default_factory=Shutdown)

    async def readiness(self) -> dict[str, Check]:
        """Check every part by using it; never raises."""
        raise NotImplementedError


@asynccontextmanager
async def open_runtime(settings: Settings) -> AsyncIterator[Runtime]:
    """Open every part, embedded or at the addresses in the settings.

    Raises:
        DataDirectoryError: the data directory cannot be used.
    """
    await asyncio.sleep(0)
    raise NotImplementedError
    yield
