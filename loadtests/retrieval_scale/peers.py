"""What others use, given our own embedder: LangChain's local stores, and Qdrant's local mode.

Each is measured where its package is installed, and left out with a reason where not:
`pip install langchain-core langchain-community faiss-cpu chromadb sentence-transformers torch`.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from importlib.util import find_spec

import numpy as np

from fingerpost_retrieval import Embedder, Embeddings
from loadtests.retrieval_scale.ours import (
    TOP,
    IngestionFigures,
    SearchFigures,
    latency,
    recall,
)

Nearest = Callable[[Embeddings], Sequence[int]]
ASKED = 100
"""Questions put to a peer: some take tenths of a second for each."""


def measure_peers(
    vectors: Embeddings, embedder: Embedder, questions: Sequence[str], say: Callable[[str], None]
) -> Iterator[SearchFigures]:
    """Fill each peer with the vectors and ask it the questions."""
    for name, packages, build in PEERS:
        missing = [package for package in packages if find_spec(package) is None]
        if missing:
            say(f"{name} is left out: {', '.join(missing)} is not installed")
            continue
        nearest = build(vectors)
        yield _measure(name, nearest, vectors, embedder, questions[:ASKED])


def _measure(
    name: str,
    nearest: Nearest,
    vectors: Embeddings,
    embedder: Embedder,
    questions: Sequence[str],
) -> SearchFigures:
    wholes = []
    for question in [*questions[:3], *questions]:
        started = time.perf_counter()
        nearest(embedder.embed([question])[0])
        wholes.append(time.perf_counter() - started)
    found = embedder.embed(questions)
    return SearchFigures(
        system=name,
        passages=len(vectors),
        words=round(float(np.mean([len(question.split()) for question in questions]))),
        whole=latency(wholes[3:]),
        recall=recall(lambda row: set(nearest(found[row])), found, vectors),
    )


def _qdrant_local(vectors: Embeddings) -> Nearest:
    from qdrant_client import QdrantClient, models

    client = QdrantClient(":memory:")
    params = models.VectorParams(size=vectors.shape[1], distance=models.Distance.COSINE)
    client.create_collection("peer", vectors_config=params)
    for start in range(0, len(vectors), 10_000):
        ids = list(range(start, min(start + 10_000, len(vectors))))
        client.upsert("peer", models.Batch(ids=ids, vectors=vectors[ids].tolist()))

    def nearest(vector: Embeddings) -> list[int]:
        return [int(p.id) for p in client.query_points("peer", vector.tolist(), limit=TOP).points]

    return nearest


def _langchain_in_memory(vectors: Embeddings) -> Nearest:
    from langchain_core.embeddings import FakeEmbeddings
    from langchain_core.vectorstores import InMemoryVectorStore

    store = InMemoryVectorStore(FakeEmbeddings(size=vectors.shape[1]))
    store.store = {
        str(row): {"id": str(row), "vector": vector, "text": "", "metadata": {}}
        for row, vector in enumerate(vectors.tolist())
    }

    def nearest(vector: Embeddings) -> list[int]:
        found = store.similarity_search_by_vector(vector.tolist(), k=TOP)
        return [int(document.id or -1) for document in found]

    return nearest


def _langchain_faiss(vectors: Embeddings) -> Nearest:
    from langchain_community.vectorstores import FAISS
    from langchain_core.embeddings import FakeEmbeddings

    pairs = [(str(row), vector) for row, vector in enumerate(vectors.tolist())]
    store = FAISS.from_embeddings(pairs, FakeEmbeddings(size=vectors.shape[1]))

    def nearest(vector: Embeddings) -> list[int]:
        found = store.similarity_search_with_score_by_vector(vector.tolist(), k=TOP)
        return [int(document.page_content) for document, _ in found]

    return nearest


def _chroma(vectors: Embeddings) -> Nearest:
    import chromadb

    collection = chromadb.EphemeralClient().create_collection(
        f"peer-{len(vectors)}-{time.time_ns()}", metadata={"hnsw:space": "cosine"}
    )
    for start in range(0, len(vectors), 5_000):
        rows = range(start, min(start + 5_000, len(vectors)))
        collection.add(ids=[str(row) for row in rows], embeddings=vectors[list(rows)])

    def nearest(vector: Embeddings) -> list[int]:
        found = collection.query(query_embeddings=vector[np.newaxis], n_results=TOP, include=[])
        return [int(name) for name in found["ids"][0]]

    return nearest


def measure_embedding(
    embedder: Embedder, texts: Sequence[str], say: Callable[[str], None]
) -> list[IngestionFigures]:
    """Embed the same passages with our model and with sentence-transformers on torch."""
    figures = [_embedding("fingerpost embedder", embedder.embed, texts)]
    if find_spec("sentence_transformers") is None:
        say("sentence-transformers is left out: it is not installed")
        return figures
    from sentence_transformers import SentenceTransformer

    from fingerpost_retrieval.minilm import find_weights

    model = SentenceTransformer(str(find_weights()), device="cpu")

    def encode(some: Sequence[str]) -> object:
        return model.encode(list(some), normalize_embeddings=True, show_progress_bar=False)

    return [*figures, _embedding("sentence-transformers on torch", encode, texts)]


def _embedding(
    name: str, embed: Callable[[Sequence[str]], object], texts: Sequence[str]
) -> IngestionFigures:
    embed(texts[:4])
    best = 0.0
    for _ in range(3):
        started = time.perf_counter()
        embed(texts)
        best = max(best, len(texts) / (time.perf_counter() - started))
    return IngestionFigures(system=name, passages=len(texts), per_second=round(best, 1))


PEERS: tuple[tuple[str, tuple[str, ...], Callable[[Embeddings], Nearest]], ...] = (
    ("qdrant-client local mode", ("qdrant_client",), _qdrant_local),
    ("LangChain InMemoryVectorStore", ("langchain_core",), _langchain_in_memory),
    ("LangChain FAISS", ("langchain_community", "faiss"), _langchain_faiss),
    ("Chroma", ("chromadb",), _chroma),
)
