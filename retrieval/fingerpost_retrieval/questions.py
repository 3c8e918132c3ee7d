"""Vectors of questions: cached, and embedded together where they arrive together.

A run of the network over eight short questions costs five times what it costs for one. Questions
that arrive while every core is busy wait, and the next run takes all that wait: under load the
runs grow, and without load nobody waits for company. The scheme is that of group commit in
databases (Gray and Reuter, Transaction Processing, 1993).
"""

from __future__ import annotations

import hashlib
import os
import threading
from collections import OrderedDict, deque
from collections.abc import Sequence

import msgspec
import numpy as np

from .embedding import Embedder
from .types import Embeddings

CACHED = 4_096
"""Vectors kept, of the questions that were asked last: 6 MB of 384 dimensions."""
TOGETHER = 8
"""Most questions of one run."""


class QuestionStats(msgspec.Struct, frozen=True, kw_only=True):
    """How often a question's vector was at hand, and how many were embedded together."""

    hits: int = 0
    misses: int = 0
    runs: int = 0

    @property
    def hit_rate(self) -> float:
        """Share of the questions that were found in the cache, 0 to 1."""
        asked = self.hits + self.misses
        return self.hits / asked if asked else 0.0


class _Waiting:
    """A question that is to be embedded, and the thread that waits for it."""

    def __init__(self, text: str, woken: threading.Event) -> None:
        self.text = text
        self.woken = woken
        """Of the thread, which may wait for several questions."""
        self.vector: Embeddings | None = None
        self.error: BaseException | None = None

    @property
    def is_done(self) -> bool:
        return self.vector is not None or self.error is not None


class QuestionEmbedder:
    """An `Embedder` for questions, which are short, come one by one, and come again.

    Arguments:
        embedder: the model; what it is given is bounded by the two figures below.
        runs: most runs at once; by default, one for each core.
        cached: most vectors to keep; 0 keeps none. Texts are not kept, only their hashes.

    Example:
        questions = QuestionEmbedder(load_embedder(Path("models/minilm")))
        index = GuidanceIndex.open(Path("index"), questions)
    """

    def __init__(self, embedder: Embedder, *, runs: int = 0, cached: int = CACHED) -> None:
        self._embedder = embedder
        self._free = runs or os.cpu_count() or 1
        self._cached = cached
        self._cache: OrderedDict[bytes, Embeddings] = OrderedDict()
        self._queue: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._stats = QuestionStats()

    @property
    def digest(self) -> str:
        return self._embedder.digest

    @property
    def dimensions(self) -> int:
        return self._embedder.dimensions

    @property
    def max_tokens(self) -> int:
        return self._embedder.max_tokens

    @property
    def stats(self) -> QuestionStats:
        return self._stats

    @property
    def embedder(self) -> Embedder:
        """The model itself, for texts that are many or long."""
        return self._embedder

    def count_tokens(self, text: str) -> int:
        return self._embedder.count_tokens(text)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return `(len(texts), dimensions) float32`; more than a few texts go past the cache."""
        if len(texts) > TOGETHER:
            return self._embedder.embed(texts)
        keys = [_key(text) for text in texts]
        vectors = self._recall(keys)
        missing = [row for row, vector in enumerate(vectors) if vector is None]
        found = self._embed_missing([texts[row] for row in missing])
        for row, vector in zip(missing, found, strict=True):
            vectors[row] = vector
            self._remember(keys[row], vector)
        result = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for row, known in enumerate(vectors):
            result[row] = known
        return result

    def _embed_missing(self, texts: Sequence[str]) -> list[Embeddings]:
        woken = threading.Event()
        waiting = [_Waiting(text, woken) for text in texts]
        with self._lock:
            self._queue.extend(waiting)
        try:
            for one in waiting:
                self._await(one)
        except BaseException:
            self._leave(waiting)
            raise
        return [one.vector for one in waiting if one.vector is not None]

    def _await(self, one: _Waiting) -> None:
        """Return when a question is embedded, by this thread or by another."""
        while not one.is_done:
            batch = self._take()
            if batch:
                self._run(batch)
            else:
                one.woken.wait()
                one.woken.clear()
        if one.error is not None:
            raise one.error

    def _leave(self, waiting: Sequence[_Waiting]) -> None:
        """Take questions back that nobody waits for any more, and let the next one go on."""
        with self._lock:
            for one in waiting:
                if one in self._queue:
                    self._queue.remove(one)
            if self._free and self._queue:
                self._queue[0].woken.set()

    def _take(self) -> list[_Waiting]:
        """Take the questions that wait, and a core to embed them on; none if all are busy."""
        with self._lock:
            if not self._free or not self._queue:
                return []
            self._free -= 1
            batch = [self._queue.popleft() for _ in range(min(TOGETHER, len(self._queue)))]
            if self._free and self._queue:
                self._queue[0].woken.set()
            return batch

    def _run(self, batch: Sequence[_Waiting]) -> None:
        texts = list(dict.fromkeys(one.text for one in batch))
        try:
            vectors = dict(zip(texts, self._embedder.embed(texts), strict=True))
            for one in batch:
                one.vector = vectors[one.text]
        except BaseException as error:
            for one in batch:
                one.error = error
        with self._lock:
            self._free += 1
            self._stats = msgspec.structs.replace(self._stats, runs=self._stats.runs + 1)
            # Whoever waits longest runs the next batch, so that nobody serves others for long.
            following = self._queue[0] if self._queue else None
        for one in (*batch, *([following] if following else [])):
            one.woken.set()

    def _recall(self, keys: Sequence[bytes]) -> list[Embeddings | None]:
        with self._lock:
            vectors = [self._cache.get(key) for key in keys]
            for key, vector in zip(keys, vectors, strict=True):
                if vector is not None:
                    self._cache.move_to_end(key)
            hits = sum(vector is not None for vector in vectors)
            self._stats = msgspec.structs.replace(
                self._stats,
                hits=self._stats.hits + hits,
                misses=self._stats.misses + len(keys) - hits,
            )
        return vectors

    def _remember(self, key: bytes, vector: Embeddings) -> None:
        with self._lock:
            self._cache[key] = vector.copy()
            while len(self._cache) > self._cached:
                self._cache.popitem(last=False)


def _key(text: str) -> bytes:
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=16).digest()
