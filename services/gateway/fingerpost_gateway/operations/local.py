"""The commands' work, done in the process that holds the data."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path

from fingerpost_assistant.errors import EmptyQuestion, QuestionTooLong
from fingerpost_assistant.once import answer_once
from fingerpost_assistant.prepare import MAX_CHARACTERS
from fingerpost_assistant.principal import Principal, Role
from fingerpost_gateway.backup import Contents, write_backup
from fingerpost_gateway.errors import SettingsError
from fingerpost_gateway.knowledge import Knowledge, open_embedder
from fingerpost_gateway.operations.answering import ask_result
from fingerpost_gateway.operations.ingestion import ingest
from fingerpost_gateway.operations.orders import (
    AskOrder,
    BackupOrder,
    IngestOrder,
    RebuildOrder,
    SearchOrder,
)
from fingerpost_gateway.operations.protocol import OnProgress
from fingerpost_gateway.operations.rebuilding import refill
from fingerpost_gateway.operations.results import (
    AskResult,
    BackupResult,
    IngestResult,
    RebuildResult,
    StatusResult,
)
from fingerpost_gateway.operations.stoppable import run_stoppable
from fingerpost_gateway.search.schemas import SearchAnswer
from fingerpost_gateway.search.views import search_answer
from fingerpost_gateway.settings import TenantSettings
from fingerpost_knowledge_hub.documents import Status
from fingerpost_knowledge_hub.files import SampleSource
from fingerpost_retrieval import Scope

OPERATOR = "operator"
"""Subject of questions that come from the command line; they own nothing."""


class LocalOperations:
    """Does the work on open parts."""

    def __init__(self, knowledge: Knowledge) -> None:
        self._knowledge = knowledge

    async def ingest(self, order: IngestOrder, progress: OnProgress) -> IngestResult:
        self._tenant(order.tenant)
        knowledge = self._knowledge
        return await run_stoppable(
            lambda step: ingest(
                order, knowledge.catalogue, knowledge.index, step, knowledge.directory.visits
            ),
            progress,
        )

    async def rebuild(self, order: RebuildOrder, progress: OnProgress) -> RebuildResult:
        knowledge = self._knowledge

        def work(step: OnProgress) -> RebuildResult:
            # A model that was installed since the start is taken up here.
            embedder = open_embedder(knowledge.directory)
            with knowledge.index.rebuilding(embedder) as fresh:
                result = refill(fresh, knowledge.catalogue, knowledge.settings, step)
            knowledge.pipeline.take_up(embedder)
            return result

        return await run_stoppable(work, progress)

    async def search(self, order: SearchOrder) -> SearchAnswer:
        tenant = self._tenant(order.tenant)
        self._check_length(order.question)
        scope = Scope(
            tenant=order.tenant,
            collections=order.collections or tenant.collections,
            nation=order.nation,
            locale=order.locale,
        )
        result = await self._knowledge.index.asearch(order.question, scope, limit=order.limit)
        return search_answer(result)

    async def ask(self, order: AskOrder) -> AskResult:
        tenant = self._tenant(order.tenant)
        asker = Principal(
            tenant=order.tenant,
            role=Role.CITIZEN,
            subject=OPERATOR,
            collections=tenant.collections,
        )
        result = await answer_once(
            self._knowledge.pipeline,
            asker,
            order.question,
            nation=order.nation,
            locale=order.locale,
        )
        return ask_result(result)

    async def backup(self, order: BackupOrder) -> BackupResult:
        return await asyncio.to_thread(self._backup, Path(order.file))

    def _backup(self, target: Path) -> BackupResult:
        began = time.perf_counter()
        state = self._knowledge.settings.state
        contents = Contents(
            database=None if state.database_url else self._knowledge.directory.database,
            copy_index=None if state.qdrant_url else self._knowledge.index.backup,
            standstill=self._knowledge.catalogue.exclusive,
        )
        manifest = write_backup(target, contents)
        return BackupResult(
            file=str(target),
            parts=manifest.parts,
            bytes=target.stat().st_size,
            seconds=time.perf_counter() - began,
        )

    async def status(self) -> StatusResult:
        return await asyncio.to_thread(self._status)

    def _status(self) -> StatusResult:
        catalogue, index = self._knowledge.catalogue, self._knowledge.index
        live: Counter[str] = Counter()
        for tenant in self._knowledge.settings.tenants:
            for (collection, status), count in catalogue.counts(tenant).items():
                if status is Status.LIVE:
                    live[collection] += count
        samples = catalogue.standings_of("default", SampleSource().name)
        stats = index.stats()
        return StatusResult(
            indexed_pages=stats.pages,
            passages=stats.passages,
            generation=stats.generation,
            has_vectors=stats.has_vectors,
            live_pages=dict(live),
            sample_pages=sum(standing.is_live for standing in samples.values()),
        )

    def _check_length(self, question: str) -> None:
        limit = MAX_CHARACTERS
        if not question.strip():
            raise EmptyQuestion
        if len(question) > limit:
            raise QuestionTooLong(len(question), limit)

    def _tenant(self, name: str) -> TenantSettings:
        tenants = self._knowledge.settings.tenants
        if name not in tenants:
            raise SettingsError(
                f"there is no tenant {name!r} in the settings: name one of {', '.join(tenants)}, "
                "or add it"
            )
        return tenants[name]
