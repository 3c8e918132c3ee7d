"""A corpus of any size, synthesised around a real one.

Vectors: a real passage's, moved by half the difference of two others and brought back to unit
length, so that directions are as unevenly filled as they really are. Texts: words drawn from
the real passages' own distribution (Zipf's law and all), of the real lengths; one word in fifty
is new, since vocabularies grow with their corpus (Heaps' law). Questions are real, and so are
their vectors.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from fingerpost_retrieval import Embedder, Embeddings, Passage

SETS = ("conditionalqa", "doc2dial", "mtrag_govt")
REAL = 1_500
"""Real passages that are embedded; more add time and little variety."""
NEW_WORDS = 0.02
PER_PAGE = 10
MOVED = 0.5


class Real(NamedTuple):
    """What is real: passages with their vectors, and questions of two lengths."""

    texts: list[str]
    vectors: Embeddings
    short: list[str]
    """Questions of 6 to 10 words."""
    long: list[str]
    """Questions after their asker's story, cut to 60 words."""


def read_real(data: Path, embedder: Embedder, cache: Path) -> Real:
    """Read the sets and embed their passages, once for each embedder."""
    texts = [row["text"] for name in SETS for row in _rows(data / name / "corpus.jsonl")]
    chosen = np.random.default_rng(0).permutation(len(texts))[:REAL]
    texts = [texts[index] for index in chosen]
    kept = cache / f"{embedder.digest}-{REAL}.npy"
    if not kept.exists():
        cache.mkdir(parents=True, exist_ok=True)
        np.save(kept, embedder.embed(texts))
    queries = [*_rows(data / "conditionalqa" / "queries.jsonl")]
    queries += _rows(data / "doc2dial" / "queries.first.jsonl")
    short = [row["text"] for row in queries if 6 <= len(row["text"].split()) <= 10]
    stories = [f"{row.get('scenario') or ''} {row['text']}".split() for row in queries]
    long = [" ".join(words[-60:]) for words in stories if len(words) >= 50]
    return Real(texts, np.load(kept), short, long)


def synthesised(real: Real, count: int, batch: int, seed: int = 1) -> Iterator[list[Passage]]:
    """Yield the passages of a corpus, whole pages, `batch` at a time."""
    random = np.random.default_rng(seed)
    words = np.array(" ".join(real.texts).split())
    lengths = np.array([len(text.split()) for text in real.texts])
    for start in range(0, count, batch):
        size = min(batch, count - start)
        found = []
        for number, length in enumerate(random.choice(lengths, size), start):
            drawn = words[random.integers(0, len(words), length)].tolist()
            for place in np.flatnonzero(random.random(length) < NEW_WORDS):
                drawn[place] = f"word{int(random.zipf(1.3)) % 10_000_000}"
            found.append(_passage(number, " ".join(drawn)))
        yield found


def synthesised_vectors(real: Real, count: int, seed: int = 2) -> Embeddings:
    """Return `(count, dimensions)` unit vectors spread as the real ones are."""
    random = np.random.default_rng(seed)
    vectors = np.empty((count, real.vectors.shape[1]), dtype=np.float32)
    for start in range(0, count, 10_000):
        size = min(10_000, count - start)
        base, plus, minus = (real.vectors[random.integers(0, len(real.texts), size)] for _ in "123")
        moved = base + MOVED * (plus - minus)
        vectors[start : start + size] = moved / np.linalg.norm(moved, axis=1, keepdims=True)
    return vectors


def _passage(number: int, text: str) -> Passage:
    page, position = divmod(number, PER_PAGE)
    return Passage(
        # The first half stands for the title.
        id=f"{page:08x}-0000-8000-8000-{number:012x}",
        path=f"/page/{page}",
        locale="en",
        revision="1",
        title=f"Page {page}",
        url=f"/page/{page}",
        heading_path=(),
        text=text,
        position=position,
        tokens=len(text.split()),
        collection="guidance",
    )


def _rows(path: Path) -> Sequence[dict[str, str]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
