"""Ingestion and search as a library, in this process: pages, passages and milliseconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa

from fingerpost_knowledge_hub import Catalogue, FilesSource, synchronise
from fingerpost_knowledge_hub.files.sample import SAMPLE_FOLDER
from fingerpost_retrieval import Embedder, GuidanceIndex, build_minilm, load_embedder
from loadtests.bench.figures import Figure, percentiles
from loadtests.bench.questions import QUESTIONS

COPIES = 10
"""How often the sample is repeated to make a corpus; each copy has a word of its own."""
SEARCHES = 800
"""Searches that are timed, after one round to warm up."""


def measure_library(work: Path) -> Iterator[Figure]:
    """Ingest a corpus of many pages, twice, then search it."""
    corpus = _corpus(work / "corpus")
    embedder = load_embedder(build_minilm(work / "model"))
    catalogue = Catalogue(sa.create_engine(f"sqlite:///{work / 'catalogue.db'}"))
    catalogue.create()
    with GuidanceIndex.open(work / "index", embedder) as index:
        yield from _ingestion(FilesSource(corpus), catalogue, index)
        yield from _searches(index, embedder)


def _corpus(folder: Path) -> Path:
    """The sample, `COPIES` times. The copies share most words, so quality means nothing here."""
    folder.mkdir()
    for page in SAMPLE_FOLDER.glob("*.md"):
        text = page.read_text("utf-8")
        name, _, ending = page.name.partition(".")
        for copy in range(COPIES):
            (folder / f"{name}-{copy}.{ending}").write_text(f"{text}\nEdition {copy}.\n", "utf-8")
    return folder


def _ingestion(source: FilesSource, catalogue: Catalogue, index: GuidanceIndex) -> Iterator[Figure]:
    began = time.perf_counter()
    report = synchronise(source, catalogue, index, prune=True)
    first = time.perf_counter() - began
    began = time.perf_counter()
    synchronise(source, catalogue, index, prune=True)
    second = time.perf_counter() - began
    passages = index.stats().passages
    note = f"{report.added} pages, {passages} passages, embedding included"
    yield Figure(name="ingestion of pages", value=report.added / first, unit="/s", note=note)
    yield Figure(name="ingestion of passages", value=passages / first, unit="/s", note=note)
    yield Figure(
        name="second run over first", value=second / first, unit="x", note="nothing has changed"
    )


def _searches(index: GuidanceIndex, embedder: Embedder) -> Iterator[Figure]:
    index.optimise()
    for question in QUESTIONS:
        index.search(question)
    totals: list[float] = []
    stages: dict[str, list[float]] = {}
    floors: list[float] = []
    for turn in range(SEARCHES):
        # A number makes every question new, so that no cache answers it.
        question = f"{QUESTIONS[turn % len(QUESTIONS)]} ({turn})"
        began = time.perf_counter()
        result = index.search(question)
        totals.append(1000 * (time.perf_counter() - began))
        for stage, milliseconds in result.timings.items():
            stages.setdefault(stage, []).append(milliseconds)
        began = time.perf_counter()
        embedder.embed([question])
        floors.append(1000 * (time.perf_counter() - began))
    note = f"{index.stats().passages} passages, one search at a time"
    yield from percentiles("search", totals, note)
    for stage, times in stages.items():
        yield from percentiles(f"search, {stage}", times)
    yield from percentiles("floor: embedding alone", floors, "the same questions, in turn")
