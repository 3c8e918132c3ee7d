"""Embeddings from an OpenAI-style endpoint, such as vLLM's `/v1/embeddings`."""

from __future__ import annotations

import hashlib
import http.client
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import urlsplit

import msgspec
import numpy as np

from .embedding import encodable
from .errors import EmbeddingFailed
from .passages import count_words
from .types import Embeddings

PAUSE_S = 0.2
"""Before the second attempt; twice as long before each further one."""
MAY_PASS = frozenset({408, 429, 500, 502, 503, 504})
"""Answers after which the same request may succeed."""

PROBES = (
    "How do I renew my passport?",
    "Applying for a new passport",
    "Household bins are emptied once a week.",
    "You may have to pay tax on your savings.",
)
PROBE_STEP = 0.1
"""Cosines of the probes are rounded to this: a thousand times what rounding on a GPU moves."""


class _Vector(msgspec.Struct):
    index: int
    embedding: list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


class RemoteEmbedder:
    """An `Embedder` behind `POST {url}/embeddings`.

    Arguments:
        url: the API's base, with its version ("http://localhost:8000/v1").
        model: the model's name there.
        api_key: sent as a bearer token; empty for none.
        max_tokens: what the model reads of a text.
        tokenizer: the model's `tokenizer.json`; without it, words and punctuation marks are
            counted, which are fewer than tokens, so that `max_tokens` should leave room.
        batch: most texts of one request.
        timeout: seconds that one request may take.
        attempts: how often a request is made before it fails.

    The digest is made from the model's name, its dimensions and the angles between four fixed
    texts, which are asked for when it is made. It notices another model or pooling behind the
    same name, and not a slight retraining.

    Raises `EmbeddingFailed` when the endpoint does not answer, refuses or answers nonsense.

    Example:
        embedder = RemoteEmbedder("http://localhost:8000/v1", "BAAI/bge-m3", max_tokens=512)
        index = GuidanceIndex.open(Path("index"), embedder)
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        api_key: str = "",
        max_tokens: int = 256,
        tokenizer: Path | None = None,
        batch: int = 64,
        timeout: float = 30.0,
        attempts: int = 3,
    ) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise EmbeddingFailed(f"{url!r} is no address of an API, such as http://localhost/v1")
        kind = (
            http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        )
        host, port = parts.hostname, parts.port
        self._connect: Callable[[], http.client.HTTPConnection] = lambda: kind(
            host, port, timeout=timeout
        )
        self._url, self._path = url, f"{parts.path.rstrip('/')}/embeddings"
        self._headers = {"Content-Type": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._model, self._batch, self._attempts = model, batch, attempts
        self._count = count_words if tokenizer is None else _counter(tokenizer)
        self.max_tokens = max_tokens
        probes = self._request(PROBES)
        self.dimensions = probes.shape[1]
        self.digest = _digest(model, probes)

    def count_tokens(self, text: str) -> int:
        return self._count(encodable(text))

    def embed(self, texts: Sequence[str]) -> Embeddings:
        parts = [
            self._request([encodable(text) for text in texts[start : start + self._batch]])
            for start in range(0, len(texts), self._batch)
        ]
        return np.concatenate([np.empty((0, self.dimensions), np.float32), *parts])

    def _request(self, texts: Sequence[str]) -> Embeddings:
        body = msgspec.json.encode({"model": self._model, "input": list(texts)})
        pause = PAUSE_S
        for _ in range(self._attempts - 1):
            try:
                return self._ask(body, len(texts))
            except _PassingError:
                time.sleep(pause)
                pause *= 2
        try:
            return self._ask(body, len(texts))
        except _PassingError as error:
            raise EmbeddingFailed(
                f"{self._url} gave no embeddings in {self._attempts} attempts: {error}. "
                "Check that the server runs and is not overloaded"
            ) from error

    def _ask(self, body: bytes, count: int) -> Embeddings:
        connection = self._connect()
        try:
            connection.request("POST", self._path, body, self._headers)
            response = connection.getresponse()
            content = response.read()
        except (OSError, http.client.HTTPException) as error:
            raise _PassingError(str(error) or type(error).__name__) from error
        finally:
            connection.close()
        if response.status in MAY_PASS:
            raise _PassingError(f"status {response.status}")
        if response.status != http.client.OK:
            said = content[:300].decode("utf-8", "replace")
            raise EmbeddingFailed(
                f"{self._url} refused to embed with {self._model!r} (status {response.status}): "
                f"{said}. Check the address, the model's name and the key"
            )
        return self._vectors(content, count)

    def _vectors(self, content: bytes, count: int) -> Embeddings:
        try:
            found = sorted(msgspec.json.decode(content, type=_Answer).data, key=_index)
            vectors = np.array([one.embedding for one in found], dtype=np.float32)
            lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
            if len(vectors) != count or not (np.isfinite(lengths).all() and (lengths > 0).all()):
                raise ValueError(f"{len(vectors)} vectors for {count} texts, or empty ones")
        except (msgspec.DecodeError, ValueError) as error:
            raise EmbeddingFailed(
                f"{self._url} answered something else than embeddings: {error}"
            ) from error
        return np.asarray(vectors / lengths, dtype=np.float32)


class _PassingError(Exception):
    """A request failed in a way that may pass."""


def _index(vector: _Vector) -> int:
    return vector.index


def _digest(model: str, probes: Embeddings) -> str:
    rows, columns = np.triu_indices(len(probes), 1)
    angles = np.rint((probes @ probes.T)[rows, columns] / PROBE_STEP).astype(int).tolist()
    parts = ("remote/1", model, str(probes.shape[1]), str(angles))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]


def _counter(tokenizer: Path) -> Callable[[str], int]:
    from tokenizers import Tokenizer

    loaded = Tokenizer.from_file(str(tokenizer))
    loaded.no_truncation()
    loaded.no_padding()
    return lambda text: len(loaded.encode(text, add_special_tokens=False).ids)
