"""The benchmark: right on a set that can be checked by hand, and above the floor on a real one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from fingerpost_retrieval import OnnxEmbedder
from fingerpost_retrieval.benchmark import benchmark, ndcg


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    corpus = [
        {"_id": "cats", "title": "Cats", "text": "Cats purr and chase mice.", "section": "A > B"},
        {"_id": "dogs", "title": "Dogs", "text": "Dogs bark at the postman."},
        {"_id": "fish", "title": "", "text": "Fish swim in the sea."},
    ]
    queries = [
        {"_id": "q1", "text": "What do cats chase?", "metadata": {}},
        {"_id": "q2", "text": "And where?", "history": [{"role": "user", "text": "Fish swim"}]},
        {"_id": "not judged", "text": "Why?"},
    ]
    for name, rows in (("corpus", corpus), ("queries", queries)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(lines, "utf-8")
    (tmp_path / "qrels.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tcats\t1\nq2\tfish\t1\n")
    return tmp_path


def test_a_set_is_indexed_and_every_way_of_ranking_is_scored(
    small_set: Path, embedder: OnnxEmbedder
) -> None:
    report = benchmark(small_set, embedder, context="history")
    assert (report.queries, report.documents, report.passages) == (2, 3, 3)
    names = ["bm25", "dense", "rrf", "normalised_sum", "fingerpost"]
    assert [result.system for result in report.results] == names
    for result in report.results:
        measured = ("nDCG@10", "recall@1", "recall@5", "recall@10", "MRR@10")
        assert result.metrics == dict.fromkeys(measured, 1.0)
        assert {"p50", "p95", "p99", "search_p50", "questions_per_second"} <= set(result.timings)


def test_the_context_of_a_question_counts(small_set: Path) -> None:
    alone, joined = (
        {
            result.system: result.metrics["nDCG@10"]
            for result in benchmark(small_set, None, context=context).results
        }
        for context in ("last", "history")
    )
    assert alone["bm25"] == 0.5
    assert joined["bm25"] == 1.0


def test_gain_is_discounted_by_rank_and_compared_with_the_best() -> None:
    assert ndcg(["a", "b"], {"a": 1}) == 1.0
    assert ndcg(["b", "a"], {"a": 1}) == pytest.approx(0.63093)
    assert ndcg(["b", "a"], {"a": 2, "b": 1}) == pytest.approx(0.8597187)
    assert ndcg([], {"a": 1}) == 0.0
    assert ndcg(["a"], {}) == 0.0


@pytest.mark.data
def test_ranking_is_not_below_the_floor_of_public_parts(
    test_data: Path, embedder: OnnxEmbedder
) -> None:
    report = benchmark(test_data / "conditionalqa", embedder)
    reached = {result.system: result.metrics["nDCG@10"] for result in report.results}
    assert reached["fingerpost"] > 0.60
    assert reached["fingerpost"] >= max(reached["bm25"], reached["dense"], reached["rrf"])
