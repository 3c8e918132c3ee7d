"""Vectors from a server with an OpenAI-compatible `/v1/embeddings`, such as vLLM (extra `[remote]`)."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from .embedding import encodable
from .errors import EmbedderRefused, EmbedderUnreachable, MissingExtra
from .types import Embeddings

try:
    import urllib3
except ModuleNotFoundError as error:
    raise MissingExtra("urllib3", "remote") from error

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["RemoteEmbedder"]

BATCH_TEXTS = 64
"""Most texts of one request."""
CHARACTERS_A_TOKEN = 3
"""Without a tokenizer, so many characters count as a token: fewer than any usual model needs."""
RETRIED = (429, 500, 502, 503, 504)


class _Vector(msgspec.Struct):
    index: int
    embedding: str | list[float]


class _Answer(msgspec.Struct):
    data: list[_Vector]


class RemoteEmbedder:
    """An `Embedder` whose vectors a server makes.

    Arguments:
        url: the server, with the version of its API ("http://localhost:8080/v1").
        model: the model's name at the server.
        revision: which weights that name stands for. It is part of the digest: change it when
            the server gets other weights under the same name, or old vectors and new ones will
            be compared.
        max_tokens: longest text the model reads; the server is told to cut off the rest.
        tokenizer: a `tokenizer.json`, by which passages are measured exactly; without one, by
            their characters.
        api_key: sent as a bearer token, if any.
        timeout_s: longest time for one try of one request, in seconds.
        retries: further tries when the server cannot be reached or has no room; with pauses
            that double from 0.1 s.
        connections: requests that are under way at a time.

    Raises `EmbedderUnreachable` and `EmbedderRefused`, from the start: the first request asks
    how long the vectors are.

    Example:
        embedder = RemoteEmbedder("http://localhost:8080/v1", "BAAI/bge-m3", max_tokens=512)
        vectors = embedder.embed(["How do I renew a passport?"])  # (1, 1024)
    """

    def __init__(
        self,
        url: str,
        model: str,
        *,
        revision: str = "",
        max_tokens: int = 256,
        tokenizer: Path | None = None,
        api_key: str = "",
        timeout_s: float = 10.0,
        retries: int = 3,
        connections: int = 4,
    ) -> None:
        self._url = f"{url.rstrip('/')}/embeddings"
        self._model = model
        self._max_tokens = max_tokens
        self._tokenizer = _tokenizer(tokenizer)
        self._headers = {"Content-Type": "application/json"}
        if api_key:
            self._headers["Authorization"] = f"Bearer {api_key}"
        self._http = urllib3.PoolManager(
            maxsize=connections,
            block=True,
            timeout=timeout_s,
            retries=urllib3.Retry(
                retries,
                redirect=False,
                status_forcelist=RETRIED,
                allowed_methods=None,
                backoff_factor=0.1,
                backoff_jitter=0.05,
                raise_on_status=False,
                # A server may ask for more patience than anybody has who waits for an answer.
                respect_retry_after_header=False,
            ),
        )
        self._threads = ThreadPoolExecutor(connections, "remote-embedder")
        self._dimensions = 0
        self._dimensions = self.embed(["dimensions"]).shape[1]
        name = f"{model}\n{revision}\n{self._dimensions}\n{max_tokens}"
        self._digest = hashlib.sha256(name.encode()).hexdigest()[:32]

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def dimensions(self) -> int:
        return self._dimensions

    @property
    def max_tokens(self) -> int:
        return self._max_tokens

    def count_tokens(self, text: str) -> int:
        if self._tokenizer is None:
            return -(-len(text) // CHARACTERS_A_TOKEN)
        return len(self._tokenizer.encode(encodable(text), add_special_tokens=False).ids)

    def embed(self, texts: Sequence[str]) -> Embeddings:
        batches = [
            texts[start : start + BATCH_TEXTS] for start in range(0, len(texts), BATCH_TEXTS)
        ]
        if not batches:
            return np.empty((0, self._dimensions), dtype=np.float32)
        parts = self._threads.map(self._request, batches) if len(batches) > 1 else None
        return np.concatenate(list(parts) if parts else [self._request(batches[0])])

    def close(self) -> None:
        """Let go of the connections."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        self._http.clear()

    def _request(self, texts: Sequence[str]) -> Embeddings:
        body = {
            "model": self._model,
            # Some servers refuse an empty text; a space says as little.
            "input": [encodable(text) or " " for text in texts],
            "encoding_format": "base64",
            "truncate_prompt_tokens": self._max_tokens,
        }
        try:
            answer = self._http.request(
                "POST", self._url, body=msgspec.json.encode(body), headers=self._headers
            )
        except urllib3.exceptions.HTTPError as error:
            raise EmbedderUnreachable(
                f"no vectors from {self._url}: {error}. Check the address in the settings and "
                "that the server runs"
            ) from error
        if answer.status in RETRIED:
            raise EmbedderUnreachable(
                f"no vectors from {self._url}: it answers {answer.status} again and again. Look "
                "into its log, or give it more room"
            )
        if answer.status != 200:
            raise EmbedderRefused(
                f"{self._url} refuses to embed with {self._model!r} ({answer.status}): "
                f"{answer.data[:300].decode('utf-8', 'replace')}. Check the model's name and the key"
            )
        return self._vectors(answer.data, len(texts))

    def _vectors(self, data: bytes, count: int) -> Embeddings:
        """Read the answer: unit vectors in the order of the texts."""
        try:
            found = msgspec.json.decode(data, type=_Answer).data
            rows = [_numbers(vector) for vector in sorted(found, key=lambda vector: vector.index)]
            vectors = np.stack(rows)
        except (msgspec.DecodeError, ValueError) as error:
            raise self._nonsense(str(error)) from error
        lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
        if len(vectors) != count or not np.isfinite(lengths).all() or not lengths.all():
            raise self._nonsense(
                f"{len(vectors)} vectors for {count} texts, or vectors of no length"
            )
        if self._dimensions and vectors.shape[1] != self._dimensions:
            raise self._nonsense(f"{vectors.shape[1]} dimensions where it had {self._dimensions}")
        unit: Embeddings = (vectors / lengths).astype(np.float32)
        return unit

    def _nonsense(self, reason: str) -> EmbedderRefused:
        return EmbedderRefused(
            f"{self._url} does not answer with the vectors of {self._model!r}: {reason}. Check that "
            "the address is that of an embedding model"
        )


def _numbers(vector: _Vector) -> Embeddings:
    if isinstance(vector.embedding, str):
        return np.frombuffer(base64.b64decode(vector.embedding, validate=True), dtype="<f4")
    return np.asarray(vector.embedding, dtype=np.float32)


def _tokenizer(file: Path | None) -> Tokenizer | None:
    if file is None:
        return None
    from tokenizers import Tokenizer

    tokenizer: Tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return tokenizer
