"""Building the index anew from the catalogue: for another model, or after damage."""

from __future__ import annotations

from time import perf_counter

from fingerpost_gateway.data_directory import DataDirectory
from fingerpost_gateway.knowledge import open_catalogue, open_embedder
from fingerpost_gateway.operations.protocol import OnProgress
from fingerpost_gateway.operations.results import RebuildResult
from fingerpost_gateway.operations.stoppable import Repeatable
from fingerpost_gateway.settings import Settings
from fingerpost_knowledge_hub.catalogue import Catalogue
from fingerpost_knowledge_hub.sync import reindex
from fingerpost_retrieval import GuidanceIndex


def rebuild_closed(
    settings: Settings, directory: DataDirectory, progress: OnProgress
) -> RebuildResult:
    """Rebuild an index that nobody has open, whatever is amiss with it. Blocks.

    The old index stays until the new one is whole. The caller holds the directory.
    """
    embedder = open_embedder(directory)
    with open_catalogue(settings) as catalogue:
        state = settings.state
        if state.qdrant_url:
            with (
                GuidanceIndex.connect(
                    state.qdrant_url, embedder, api_key=state.qdrant_api_key
                ) as index,
                index.rebuilding(embedder) as fresh,
            ):
                return refill(fresh, catalogue, settings, progress)
        with GuidanceIndex.rebuild(directory.index, embedder) as fresh:
            return refill(fresh, catalogue, settings, progress)


def refill(
    index: GuidanceIndex, catalogue: Catalogue, settings: Settings, progress: OnProgress
) -> RebuildResult:
    """Put the live pages of every tenant into an empty index. Blocks."""
    began = perf_counter()
    progress = Repeatable(progress)
    pages = sum(
        reindex(catalogue, index, tenant=tenant, progress=progress) for tenant in settings.tenants
    )
    index.optimise(progress.again)
    return RebuildResult(pages=pages, seconds=perf_counter() - began)
