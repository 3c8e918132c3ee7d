"""What the ranker learns from: the evidence of real searches, with what was judged relevant."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from ..benchmark.sets import Context, Query, RetrievalSet, SetFiles, read_set
from ..embedding import Embedder
from ..index import GuidanceIndex

EVERYTHING = 1_000
"""More hits than a search ranks."""


class Task(msgspec.Struct, frozen=True, kw_only=True):
    """Questions of one set, asked in one way."""

    name: str
    folder: str
    context: Context
    queries: str = "queries.jsonl"
    qrels: str = "qrels.tsv"

    @property
    def has_history(self) -> bool:
        return self.context == "history"


class Example(msgspec.Struct, frozen=True, kw_only=True):
    """One question with its candidates."""

    values: NDArray[np.float32]
    """`(candidates, features)`."""
    features: tuple[str, ...]
    documents: tuple[str, ...]
    """The document of each candidate."""
    relevance: dict[str, float]
    origin: str
    """Questions about one document or in one conversation share it."""

    def gains(self) -> NDArray[np.float32]:
        """Return what each candidate is worth, `(candidates,)`."""
        return np.array([self.relevance.get(name, 0.0) for name in self.documents], np.float32)


def collect(
    data: Path, tasks: Sequence[Task], embedder: Embedder, scratch: Path
) -> dict[str, list[Example]]:
    """Search for every question of every task and note the evidence.

    Arguments:
        data: the folder of the sets.
        scratch: indexes are kept here, so that a second run only searches.
    """
    found: dict[str, list[Example]] = {}
    for task in tasks:
        questions = read_set(data / task.folder, SetFiles(task.queries, task.qrels))
        folder = scratch / embedder.digest / task.folder
        folder.mkdir(parents=True, exist_ok=True)
        with GuidanceIndex.open(folder, embedder) as index:
            index.replace(questions.pages)
            found[task.name] = list(_examples(index, questions, task))
    return found


def _examples(index: GuidanceIndex, questions: RetrievalSet, task: Task) -> Iterator[Example]:
    origins = origins_of(questions.queries, questions)
    for query in questions.queries:
        text = query.text if task.has_history else query.joined(task.context)
        history = query.exchanges() if task.has_history else ()
        result = index.search(text, history=history, limit=EVERYTHING)
        if result.evidence is not None and result.hits:
            yield Example(
                values=result.evidence.values,
                features=result.evidence.features,
                documents=tuple(hit.passage.path for hit in result.hits),
                relevance=dict(questions.judgements[query.id]),
                origin=origins[query.id],
            )


def origins_of(queries: Sequence[Query], questions: RetrievalSet) -> dict[str, str]:
    """Name for each query the family that it shares documents or conversations with.

    Families are closed: a query that shares a document with one and a conversation with another
    makes both one.
    """
    parents: dict[str, str] = {}

    def root(name: str) -> str:
        while parents.setdefault(name, name) != name:
            name = parents[name]
        return name

    for query in queries:
        about = query.metadata
        names = [about.url.rpartition("/")[2], about.doc_id, about.conversation_id]
        names += [document.partition("#")[0] for document in questions.judgements[query.id]]
        kin = [f"about {name}" for name in names if name]
        for name in kin:
            parents[root(name)] = root(f"query {query.id}")
    return {query.id: root(f"query {query.id}") for query in queries}
