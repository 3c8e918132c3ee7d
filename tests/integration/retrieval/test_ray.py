"""The Ray Data job on one machine: all pages arrive, and a second run embeds none."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROGRAM = """
import json, sys
from functools import partial
from pathlib import Path

import ray
from fingerpost_retrieval import GuidanceIndex, TextPage, TextSection, load_embedder
from fingerpost_retrieval.ray import embed_corpus, page_line

model, folder = Path(sys.argv[1]), Path(sys.argv[2])
ray.init(num_cpus=2, include_dashboard=False, _node_ip_address="127.0.0.1", log_to_driver=False)
pages = [
    TextPage(
        path=f"/page-{number}",
        title=f"Page {number}",
        sections=(TextSection(text=f"The fee for permit {number} is £{number + 10}."),),
    )
    for number in range(100)
]
corpus = folder / "corpus.jsonl"
corpus.write_bytes(b"".join(map(page_line, pages)))
make = partial(load_embedder, model)
with GuidanceIndex.open(folder / "index", make()) as index:
    runs = []
    for _ in range(2):
        report = embed_corpus([corpus], index, make, workers=2, cpus=0.5, chunk_pages=60)
        runs.append([report.written, report.unchanged])
    (best,) = index.search("What is the fee for permit 37?", limit=1).hits
    with corpus.open("ab") as file:
        file.write(b"no page\\\\n")
    try:
        embed_corpus([corpus], index, make)
    except Exception as error:
        failure = f"{type(error).__name__}: {error}"
    print(json.dumps({"runs": runs, "best": best.passage.path, "pages": index.stats().pages,
                      "unchanged": index.changed(pages) == [], "failure": failure}))
"""


@pytest.mark.full
@pytest.mark.timeout(300)
def test_a_corpus_is_embedded_by_workers_once(model_folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("ray")
    program = tmp_path / "job.py"
    program.write_text(PROGRAM.replace("\\\\n", "\\n"))
    done = subprocess.run(
        [sys.executable, program, model_folder, tmp_path],
        env={**os.environ, "RAY_USAGE_STATS_ENABLED": "0"},
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout.splitlines()[-1])
    failure = found.pop("failure")
    assert failure.startswith("InvalidPage: a line of the corpus is no page")
    assert "'no page'" in failure
    assert found == {
        "runs": [[100, 0], [0, 100]],
        "best": "/page-37",
        "pages": 100,
        "unchanged": True,
    }
