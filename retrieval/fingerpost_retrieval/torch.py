"""Vectors from any model of sentence-transformers, on torch (extra `[torch]`)."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from .embedding import encodable
from .errors import MissingExtra, ModelMissing
from .types import Embeddings

try:
    from sentence_transformers import SentenceTransformer
except ModuleNotFoundError as error:
    raise MissingExtra("sentence-transformers", "torch") from error

__all__ = ["SentenceTransformerEmbedder"]


class SentenceTransformerEmbedder:
    """An `Embedder` on torch: for other models than MiniLM, for training, and as a peer to measure.

    Arguments:
        model: a folder, or a name that sentence-transformers can find.
        revision: branch, tag or commit, for a name.
        device: "cpu", "cuda" …; None takes the best there is.
        batch_texts: texts of one run.

    Raises `ModelMissing` when there is no such model.

    Example:
        embedder = SentenceTransformerEmbedder("intfloat/multilingual-e5-small", device="cuda")
        vectors = embedder.embed(["Sut mae adnewyddu pasbort?"])  # (1, 384)
    """

    def __init__(
        self,
        model: str | Path,
        *,
        revision: str | None = None,
        device: str | None = None,
        batch_texts: int = 32,
    ) -> None:
        try:
            self._model = SentenceTransformer(str(model), revision=revision, device=device)
        except (OSError, ValueError) as error:
            raise ModelMissing(
                f"no sentence-transformers model {str(model)!r}: {error}. Name a folder that holds "
                "one, or a model that this machine can download"
            ) from error
        self._batch_texts = batch_texts
        self._lock = threading.Lock()  # torch shares its cores better than its callers do
        self._digest = _digest(self._model)

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def dimensions(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        return int(self._model.max_seq_length or 512)

    def count_tokens(self, text: str) -> int:
        tokens = self._model.tokenizer.encode(encodable(text), add_special_tokens=False)
        return len(tokens)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        if not texts:
            return np.empty((0, self.dimensions), dtype=np.float32)
        with self._lock:
            vectors = self._model.encode(
                [encodable(text) for text in texts],
                batch_size=self._batch_texts,
                normalize_embeddings=True,
                convert_to_numpy=True,
                show_progress_bar=False,
            )
        return np.asarray(vectors, dtype=np.float32)


def _digest(model: SentenceTransformer) -> str:
    """Name the model by its weights and by how its parts follow one another."""
    digest = hashlib.sha256(repr(model).encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().cpu().contiguous().float().numpy().tobytes())
    return digest.hexdigest()[:32]
