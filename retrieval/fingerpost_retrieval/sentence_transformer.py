"""Any model of sentence-transformers as an embedder, on torch (extra `[torch]`)."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from importlib.util import find_spec
from typing import TYPE_CHECKING

import numpy as np

from .embedding import encodable
from .errors import MissingExtra, ModelMissing
from .types import Embeddings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


class SentenceTransformerEmbedder:
    """An `Embedder` on sentence-transformers.

    Arguments:
        model: a folder with a model, or the name of a published one, which is downloaded.
        device: where it runs ("cpu", "cuda"); by default wherever torch finds best.
        batch: most texts of one run.

    The digest names the weights, so that a model trained further is another embedder.

    Raises `MissingExtra` without sentence-transformers, and `ModelMissing` when there is no
    such model.

    Example:
        embedder = SentenceTransformerEmbedder("models/our-own", device="cpu")
    """

    def __init__(self, model: str, *, device: str | None = None, batch: int = 32) -> None:
        if find_spec("sentence_transformers") is None:
            raise MissingExtra("sentence-transformers", "torch")
        from sentence_transformers import SentenceTransformer

        try:
            self._model = SentenceTransformer(model, device=device)
        except (OSError, ValueError) as error:
            raise ModelMissing(
                f"{model} cannot be loaded: {error}. Name a folder that holds a model of "
                "sentence-transformers, or a published one"
            ) from error
        self._batch = batch
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        self.max_tokens = int(self._model.max_seq_length or 512)
        self.digest = _digest(self._model)

    def count_tokens(self, text: str) -> int:
        found = self._model.tokenizer(
            encodable(text), add_special_tokens=False, truncation=False, verbose=False
        )
        return len(found["input_ids"])

    def embed(self, texts: Sequence[str]) -> Embeddings:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        vectors = self._model.encode(
            [encodable(text) for text in texts],
            batch_size=self._batch,
            normalize_embeddings=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32)


def _digest(model: SentenceTransformer) -> str:
    digest = hashlib.sha256(f"sentence-transformers/1\n{model!r}\n".encode())
    for name, tensor in sorted(model.state_dict().items()):
        digest.update(name.encode())
        digest.update(tensor.detach().float().cpu().numpy().tobytes())
    return digest.hexdigest()[:32]
