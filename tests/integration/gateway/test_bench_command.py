"""`fingerpost bench retrieval`: one report for people or programs, held against an earlier one."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = [
    {"_id": "cats", "title": "Cats", "text": "Cats purr and chase mice.", "section": "A > B"},
    {"_id": "dogs", "title": "Dogs", "text": "Dogs bark at the postman."},
    {"_id": "fish", "title": "", "text": "Fish swim in the sea."},
]
QUERIES = [
    {"_id": "q1", "text": "What do cats chase?"},
    {"_id": "q2", "text": "And where?", "history": [{"role": "user", "text": "Fish swim"}]},
]


@pytest.fixture
def small_set(tmp_path: Path) -> Path:
    folder = tmp_path / "pets"
    folder.mkdir()
    for name, rows in (("corpus", CORPUS), ("queries.talk", QUERIES)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (folder / "qrels.talk.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tcats\t1\nq2\tfish\t1\n")
    return folder


def bench(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "fingerpost_gateway", "bench", "retrieval", str(folder), *arguments],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        env={**os.environ, "FINGERPOST_DATA_DIR": str(folder.parent / "data")},
    )


def test_all_ways_of_ranking_are_reported_side_by_side(small_set: Path) -> None:
    run = bench(small_set, "--context", "history", "--json")
    assert run.returncode == 0, run.stderr
    results = {found["system"]: found for found in json.loads(run.stdout)["results"]}
    assert list(results) == ["bm25", "dense", "rrf", "normalised_sum", "fingerpost"]
    assert results["fingerpost"]["metrics"]["nDCG@10"] == 1.0
    assert results["fingerpost"]["timings"]["p50"] > 0
    assert 0 <= results["bm25"]["p_against_fingerpost"] <= 1


def test_a_drop_below_an_earlier_result_fails(small_set: Path, tmp_path: Path) -> None:
    earlier = tmp_path / "earlier.json"
    assert bench(small_set, "--output", str(earlier)).returncode == 0
    assert bench(small_set, "--against", str(earlier)).returncode == 0
    # The judgements change, so that what was right before is wrong.
    (small_set / "qrels.talk.tsv").write_text("query-id\tcorpus-id\tscore\nq1\tdogs\t1\n")
    worse = bench(small_set, "--against", str(earlier))
    assert worse.returncode == 1
    assert "nDCG@10 fell from" in worse.stderr


def test_a_missing_file_is_named_with_those_that_are_there(small_set: Path) -> None:
    run = bench(small_set, "--queries", "first")
    assert run.returncode == 1
    assert "queries.talk.jsonl" in run.stderr
