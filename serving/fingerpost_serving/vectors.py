"""Vectors of sentences that were met before: an embedder that remembers."""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from .answers import TextEmbedder


class RememberingEmbedder:
    """An embedder that keeps the vectors of the texts it was last asked for.

    The sentences of a page are asked for again with every question that finds the page, and
    are the dearest part of an answer. Safe to use from many threads.

    Arguments:
        embedder: what makes the vectors.
        capacity: texts that are kept; 8,192 with 384 dimensions take 13 MB.
    """

    def __init__(self, embedder: TextEmbedder, capacity: int = 8192) -> None:
        self._embedder = embedder
        self._capacity = capacity
        self._known: OrderedDict[bytes, NDArray[np.float32]] = OrderedDict()
        self._lock = threading.Lock()

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Return `(len(texts), dimensions) float32` unit vectors; new texts go in one batch."""
        keys = [
            hashlib.blake2b(text.encode(errors="replace"), digest_size=16).digest()
            for text in texts
        ]
        found: dict[bytes, NDArray[np.float32]] = {}
        with self._lock:
            for key in keys:
                if key in self._known:
                    self._known.move_to_end(key)
                    found[key] = self._known[key]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        if missing:
            vectors = self._embedder.embed(list(missing.values()))
            # A row of a matrix would keep the whole matrix alive.
            found.update((key, row.copy()) for key, row in zip(missing, vectors, strict=True))
            self._remember({key: found[key] for key in missing})
        return np.stack([found[key] for key in keys])

    def _remember(self, vectors: dict[bytes, NDArray[np.float32]]) -> None:
        with self._lock:
            self._known.update(vectors)
            while len(self._known) > self._capacity:
                self._known.popitem(last=False)
