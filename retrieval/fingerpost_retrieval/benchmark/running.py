"""How well and how fast the index finds, side by side with the parts that anyone has."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from ..embedding import Embedder
from ..fusion import Fusion, dense_only, normalised_sum, reciprocal_rank, sparse_only
from ..index import GuidanceIndex
from .judging import judge
from .measures import DEPTH, Values, interval, paired_p
from .report import OURS, BenchmarkReport, SystemResult
from .sets import Context, Query, RetrievalSet, files_of, read_set

HITS = 50
"""Passages looked at to find so many different documents."""

SYSTEMS: Mapping[str, Fusion | None] = {
    "bm25": sparse_only,
    "dense": dense_only,
    "rrf": reciprocal_rank,
    "normalised_sum": normalised_sum,
    OURS: None,
}
"""Ways of ranking; None is the default one."""

NEED_VECTORS = frozenset({"dense", "rrf", "normalised_sum"})

WARM_UP = 5
"""Questions asked before the clock runs."""


def benchmark(
    folder: Path,
    embedder: Embedder | None,
    *,
    queries: str | None = None,
    qrels: str | None = None,
    context: Context = "last",
    systems: Mapping[str, Fusion | None] = SYSTEMS,
) -> BenchmarkReport:
    """Index a set in a folder of its own and ask it all its queries, one after the other.

    Arguments:
        folder: the set.
        embedder: the model; without one only BM25 ranks.
        queries, qrels: names of the files in the folder; see `files_of`.
        context: what is asked.
        systems: the ways of ranking to compare, by name.

    Raises `InvalidSet` where a file of the set is missing, and `MissingExtra`.
    """
    files = files_of(folder, queries, qrels)
    questions = read_set(folder, files)
    with (
        tempfile.TemporaryDirectory() as scratch,
        GuidanceIndex.open(Path(scratch), embedder) as index,
    ):
        started = time.perf_counter()
        index.replace(questions.pages)
        index.optimise()
        seconds = time.perf_counter() - started
        passages = index.stats().passages
        chosen = {
            name: fusion
            for name, fusion in systems.items()
            if embedder is not None or name not in NEED_VECTORS
        }
        runs = {
            name: _run(index, questions, context, fusion, knows_history=fusion is None)
            for name, fusion in chosen.items()
        }
        size = sum(file.stat().st_blocks * 512 for file in Path(scratch).rglob("*"))
    return BenchmarkReport(
        set=folder.name,
        queries_file=files.queries,
        context=context,
        queries=len(questions.queries),
        documents=len(questions.pages),
        passages=passages,
        build_seconds=round(seconds, 2),
        passages_per_second=round(passages / seconds, 1),
        index_bytes=size,
        results=_results(runs, questions),
    )


class _Run:
    """The rankings and the times of one way of ranking."""

    def __init__(self) -> None:
        self.rankings: dict[str, list[str]] = {}
        self.stages: dict[str, list[float]] = {"whole": []}

    def timings(self) -> dict[str, float]:
        found: dict[str, float] = {}
        for stage, milliseconds in self.stages.items():
            prefix = "" if stage == "whole" else f"{stage}_"
            values = np.percentile(milliseconds, [50, 95, 99])
            for name, value in zip(("p50", "p95", "p99"), values, strict=True):
                found[prefix + name] = round(float(value), 3)
        found["questions_per_second"] = round(1e3 / float(np.mean(self.stages["whole"])), 1)
        return found


def _run(
    index: GuidanceIndex,
    questions: RetrievalSet,
    context: Context,
    fusion: Fusion | None,
    *,
    knows_history: bool,
) -> _Run:
    def ask(query: Query) -> tuple[list[str], dict[str, float]]:
        takes_history = knows_history and context == "history"
        text = query.text if takes_history else query.joined(context)
        history = query.exchanges() if takes_history else ()
        found = index.search(text, history=history, limit=HITS, fusion=fusion)
        return list(dict.fromkeys(hit.passage.path for hit in found.hits)), found.timings

    run = _Run()
    for query in questions.queries[:WARM_UP]:
        ask(query)
    for query in questions.queries:
        started = time.perf_counter()
        documents, timings = ask(query)
        run.stages["whole"].append((time.perf_counter() - started) * 1e3)
        for stage, milliseconds in timings.items():
            run.stages.setdefault(stage, []).append(milliseconds)
        run.rankings[query.id] = documents
    return run


def _results(runs: Mapping[str, _Run], questions: RetrievalSet) -> list[SystemResult]:
    ids = [query.id for query in questions.queries]
    judged = {name: judge(run.rankings, questions.judgements) for name, run in runs.items()}
    main = f"nDCG@{DEPTH}"
    values: dict[str, Values] = {name: judged[name].column(main, ids) for name in runs}
    return [
        SystemResult(
            system=name,
            metrics={key: round(value, 4) for key, value in judged[name].means(ids).items()},
            intervals={
                key: _rounded(interval(judged[name].column(key, ids)))
                for key in judged[name].measures
            },
            p_against_fingerpost=(
                round(paired_p(values[OURS], values[name]), 4)
                if OURS in values and name != OURS
                else None
            ),
            timings=run.timings(),
        )
        for name, run in runs.items()
    ]


def _rounded(pair: Sequence[float]) -> tuple[float, float]:
    low, high = pair
    return round(low, 4), round(high, 4)
