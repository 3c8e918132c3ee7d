"""How well and how fast the index finds, on any set in the layout of BEIR.

A set is a folder with `corpus.jsonl` (`_id`, `title`, `text`, perhaps `section`), a file of
queries (`_id`, `text`, perhaps `scenario` and `history`) and one of judgements (query, document
and score, tab-separated, below a header); see Thakur et al. 2021,
https://arxiv.org/abs/2104.08663.
"""

from __future__ import annotations

import math
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal, TypeVar

import msgspec
import numpy as np

from .embedding import Embedder
from .fusion import Fusion, dense_only, normalised_sum, reciprocal_rank, sparse_only
from .index import GuidanceIndex
from .text_pages import TextPage, TextSection

DEPTH = 10
"""Documents by which a ranking is judged."""
HITS = 50
"""Passages looked at to find so many different documents."""

SYSTEMS: Mapping[str, Fusion] = {
    "bm25": sparse_only,
    "dense": dense_only,
    "rrf": reciprocal_rank,
    "fingerpost": normalised_sum,
}

Context = Literal["last", "scenario", "history"]
"""What is asked: the query alone, or after its scenario, or after the user's earlier turns."""

Record = TypeVar("Record")


class Turn(msgspec.Struct):
    """An earlier turn of a conversation."""

    role: str
    text: str


class Query(msgspec.Struct):
    """A question of the set."""

    id: str = msgspec.field(name="_id")
    text: str
    scenario: str = ""
    history: list[Turn] = []


class CorpusDocument(msgspec.Struct):
    """A document of the set."""

    id: str = msgspec.field(name="_id")
    text: str
    title: str = ""
    section: str = ""


class SystemResult(msgspec.Struct, frozen=True, kw_only=True):
    """How one way of ranking does."""

    system: str
    metrics: dict[str, float]
    """"nDCG@10", the mean over the queries."""
    timings: dict[str, float]
    """Milliseconds of a whole search: "p50", "p95" and "p99"."""


class BenchmarkReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a run has found."""

    queries: int
    documents: int
    passages: int
    build_seconds: float
    """For cutting, embedding and indexing."""
    passages_per_second: float
    results: list[SystemResult]


def benchmark(
    folder: Path,
    embedder: Embedder | None,
    *,
    queries: str = "queries.jsonl",
    qrels: str = "qrels.tsv",
    context: Context = "last",
    systems: Mapping[str, Fusion] = SYSTEMS,
) -> BenchmarkReport:
    """Index a set in a folder of its own and ask it all its queries, one after the other.

    Arguments:
        folder: the set.
        embedder: the model; without one only BM25 ranks.
        queries, qrels: names of the files in the folder.
        context: what is asked.
        systems: the ways of ranking to compare, by name.
    """
    judgements = _judgements(folder / qrels)
    asked = [query for query in _read(folder / queries, Query) if query.id in judgements]
    pages = [_page(document) for document in _read(folder / "corpus.jsonl", CorpusDocument)]
    with (
        tempfile.TemporaryDirectory() as scratch,
        GuidanceIndex.open(Path(scratch), embedder) as index,
    ):
        started = time.perf_counter()
        index.replace(pages)
        index.optimise()
        seconds = time.perf_counter() - started
        passages = index.stats().passages
        results = [
            _measure(index, name, fusion, asked, judgements, context)
            for name, fusion in systems.items()
        ]
    return BenchmarkReport(
        queries=len(asked),
        documents=len(pages),
        passages=passages,
        build_seconds=round(seconds, 2),
        passages_per_second=round(passages / seconds, 1),
        results=results,
    )


def ndcg(ranking: Sequence[str], relevance: Mapping[str, float], depth: int = DEPTH) -> float:
    """Normalised discounted cumulative gain with linear gains, as trec_eval has it.

    Jaervelin and Kekaelaeinen 2002, https://doi.org/10.1145/582415.582418
    """
    gains = [relevance.get(document, 0.0) for document in ranking[:depth]]
    ideal = _discounted(sorted(relevance.values(), reverse=True)[:depth])
    return _discounted(gains) / ideal if ideal else 0.0


def _discounted(gains: Sequence[float]) -> float:
    return sum(gain / math.log2(rank + 1) for rank, gain in enumerate(gains, start=1))


def _measure(
    index: GuidanceIndex,
    name: str,
    fusion: Fusion,
    queries: Sequence[Query],
    judgements: Mapping[str, Mapping[str, float]],
    context: Context,
) -> SystemResult:
    scores, milliseconds = [], []
    for query in queries:
        started = time.perf_counter()
        found = index.search(_question(query, context), limit=HITS, fusion=fusion)
        milliseconds.append((time.perf_counter() - started) * 1e3)
        documents = dict.fromkeys(hit.passage.path for hit in found.hits)
        scores.append(ndcg(list(documents), judgements[query.id]))
    p50, p95, p99 = np.percentile(milliseconds, [50, 95, 99])
    return SystemResult(
        system=name,
        metrics={f"nDCG@{DEPTH}": round(float(np.mean(scores)), 4)},
        timings={
            "p50": round(float(p50), 2),
            "p95": round(float(p95), 2),
            "p99": round(float(p99), 2),
        },
    )


def _question(query: Query, context: Context) -> str:
    before: list[str] = []
    if context == "scenario":
        before = [query.scenario]
    if context == "history":
        before = [turn.text for turn in query.history if turn.role == "user"]
    return " ".join(part for part in (*before, query.text) if part)


def _page(document: CorpusDocument) -> TextPage:
    heading_path = tuple(document.section.split(" > ")) if document.section else ()
    section = TextSection(text=document.text, heading_path=heading_path)
    return TextPage(path=document.id, title=document.title, sections=(section,))


def _read(path: Path, kind: type[Record]) -> Iterator[Record]:
    with path.open("rb") as file:
        for line in file:
            yield msgspec.json.decode(line, type=kind)


def _judgements(path: Path) -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    with path.open(encoding="utf-8") as file:
        next(file)
        for line in file:
            query, document, score = line.split("\t")
            found.setdefault(query, {})[document] = float(score)
    return found
