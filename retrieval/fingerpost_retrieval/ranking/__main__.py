"""`python -m fingerpost_retrieval.ranking train MODEL SETS`: make the learned ranker anew."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from ..embedding import load_embedder
from .examples import Example, Task, collect
from .head import HEADS, Head
from .learning import cross_validated, fit, left_out

SIGNALS = ("dense", "sparse_term", "place_gain", "page")
QUESTION = SIGNALS
FOLLOWUP = (*SIGNALS, "sparse_norm", "alone.dense", "alone.sparse_term", "alone.sparse_norm")

TASKS = (
    Task(name="conditionalqa question", folder="conditionalqa", context="last"),
    Task(name="conditionalqa scenario", folder="conditionalqa", context="scenario"),
    Task(
        name="doc2dial first",
        folder="doc2dial",
        context="last",
        queries="queries.first.jsonl",
        qrels="qrels.first.tsv",
    ),
    Task(
        name="mtrag last turn",
        folder="mtrag_govt",
        context="last",
        queries="queries.followup.jsonl",
        qrels="qrels.followup.tsv",
    ),
    *(
        Task(
            name=f"{folder} followup",
            folder=folder,
            context="history",
            queries="queries.followup.jsonl",
            qrels="qrels.followup.tsv",
        )
        for folder in ("doc2dial", "mtrag_govt")
    ),
)
"""Sets whose licences are confirmed and allow it: BSD-2, OGL v3, CC BY 3.0, Apache-2.0."""


def main() -> int:
    """Run the command that the command line asks for; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m fingerpost_retrieval.ranking")
    parser.add_argument("command", choices=["train", "evaluate"])
    parser.add_argument("model", type=Path, help="folder of the embedding model")
    parser.add_argument("sets", type=Path, help="folder of the sets")
    parser.add_argument("--scratch", type=Path, help="where indexes are kept for another run")
    parser.add_argument("--output", type=Path, default=Path(__file__).with_name(HEADS))
    given = parser.parse_args()
    embedder = load_embedder(given.model)
    with tempfile.TemporaryDirectory() as temporary:
        examples = collect(given.sets, TASKS, embedder, given.scratch or Path(temporary))
    questions = {task.name: examples[task.name] for task in TASKS if not task.has_history}
    followups = {task.name: examples[task.name] for task in TASKS if task.has_history}
    _report(questions, QUESTION)
    _report(followups, FOLLOWUP)
    if given.command == "train":
        head = Head(
            name="linear/1",
            embedder=embedder.digest,
            question=fit(questions, QUESTION),
            followup=fit(followups, FOLLOWUP),
        )
        content = msgspec.json.format(msgspec.json.encode([head]))
        given.output.write_bytes(content + b"\n")
    return 0


def _report(tasks: Mapping[str, Sequence[Example]], features: Sequence[str]) -> None:
    families = {task.name: task.folder for task in TASKS}
    crossed = cross_validated(tasks, features)
    apart = left_out(tasks, features, families)
    for name in tasks:
        sys.stdout.write(
            f"{name}: nDCG@10 {crossed[name]:.3f} cross-validated by document, "
            f"{apart[name]:.3f} with its set left out\n"
        )


if __name__ == "__main__":
    sys.exit(main())
