"""The slot for a reranker: a model that reads question and passage together, within a budget.

A cross-encoder is better than two vectors where it has been trained for the task, and a hundred
times as slow; so it sees the first passages only, has a time limit, and is skipped under load:
then the order stays as it was.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from concurrent.futures import TimeoutError as OutOfTime
from http.client import HTTPException
from pathlib import Path
from typing import Protocol

import msgspec
import numpy as np
from numpy.typing import NDArray

from .embedding import encodable
from .errors import RerankerFailed
from .types import Hit

logger = logging.getLogger(__name__)

Scores = NDArray[np.float32]

MAX_TOKENS = 512
"""Most tokens of question and passage together that BERT-like models read."""


class Reranker(Protocol):
    """Scores passages for a question; implementations are safe to call from many threads."""

    def scores(self, question: str, passages: Sequence[str], *, timeout_s: float) -> Scores:
        """Return how well each passage fits, `(passages,) float32`; differences count.

        Raises `RerankerFailed`.
        """
        ...


class CrossEncoder:
    """A cross-encoder in ONNX, on the CPU.

    Arguments:
        folder: holds `model.onnx`, with inputs `input_ids`, `attention_mask` and perhaps
            `token_type_ids`, `(batch, tokens) int64`, and one score a row; and `tokenizer.json`.

    Raises `RerankerFailed` when they are missing or cannot be read.
    """

    def __init__(self, folder: Path) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1
        options.log_severity_level = 3
        try:
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # both libraries raise plain exceptions
            raise RerankerFailed(f"no reranker can be loaded from {folder}: {error}") from error
        self._tokenizer.enable_truncation(MAX_TOKENS, strategy="only_second")
        self._tokenizer.enable_padding()
        self._inputs = {found.name for found in self._session.get_inputs()}

    def scores(self, question: str, passages: Sequence[str], *, timeout_s: float) -> Scores:
        pairs = [(encodable(question), encodable(passage)) for passage in passages]
        encodings = self._tokenizer.encode_batch(pairs)
        columns = {
            "input_ids": [encoding.ids for encoding in encodings],
            "attention_mask": [encoding.attention_mask for encoding in encodings],
            "token_type_ids": [encoding.type_ids for encoding in encodings],
        }
        feed = {
            name: np.array(rows, dtype=np.int64)
            for name, rows in columns.items()
            if name in self._inputs
        }
        try:
            result = np.asarray(self._session.run(None, feed)[0], dtype=np.float32)
        except Exception as error:  # ONNX Runtime raises plain exceptions
            raise RerankerFailed(f"the reranker failed: {error}") from error
        return result.reshape(len(passages), -1)[:, -1]


class _Ranked(msgspec.Struct):
    index: int
    relevance_score: float


class _Answer(msgspec.Struct):
    results: list[_Ranked]


class RemoteReranker:
    """A reranker behind `/rerank`, as vLLM, Jina and Cohere serve it.

    Arguments:
        url: address of the endpoint, such as "http://localhost:8000/rerank".
        model: name of the model there.
        api_key: key that the server asks for, if any.
    """

    def __init__(self, url: str, model: str, *, api_key: str = "") -> None:
        if not url.startswith(("http://", "https://")):
            raise RerankerFailed(f"the reranker's address {url!r} is not one of HTTP")
        self._url = url
        self._model = model
        self._key = api_key

    def scores(self, question: str, passages: Sequence[str], *, timeout_s: float) -> Scores:
        import urllib.error
        import urllib.request

        body = {"model": self._model, "query": question, "documents": list(passages)}
        request = urllib.request.Request(  # noqa: S310 -- the scheme is checked above
            self._url,
            json.dumps(body).encode(),
            {"Content-Type": "application/json", "Authorization": f"Bearer {self._key}"},
        )
        try:
            with urllib.request.urlopen(request, timeout=timeout_s) as answer:  # noqa: S310
                found = msgspec.json.decode(answer.read(), type=_Answer).results
            scores = np.full(len(passages), np.nan, dtype=np.float32)
            for ranked in found:
                scores[ranked.index] = ranked.relevance_score
        except urllib.error.HTTPError as error:
            error.close()
            raise RerankerFailed(f"the reranker at {self._url} refused: {error}") from error
        except (OSError, HTTPException, ValueError, IndexError) as error:
            raise RerankerFailed(f"the reranker at {self._url} gave no scores: {error}") from error
        if np.isnan(scores).any():
            raise RerankerFailed(f"the reranker at {self._url} left passages without a score")
        return scores


class RerankStage:
    """Puts the first hits of a search in a reranker's order, when there is time.

    Arguments:
        reranker: the model.
        depth: hits that it reads.
        budget_s: seconds it may take; when they are over, the order stays as it was.
        at_once: searches it serves at a time; one that finds no free place is left as it was.

    Example:
        stage = RerankStage(CrossEncoder(Path("models/reranker")), depth=10, budget_s=0.3)
        hits = stage.rerank(question, result.hits)
    """

    def __init__(
        self, reranker: Reranker, *, depth: int = 20, budget_s: float = 0.2, at_once: int = 2
    ) -> None:
        self._reranker = reranker
        self._depth = depth
        self._budget_s = budget_s
        self._places = threading.BoundedSemaphore(at_once)
        self._pool = ThreadPoolExecutor(at_once, "reranker")

    def rerank(self, question: str, hits: Sequence[Hit]) -> tuple[Hit, ...]:
        """Return the hits with the first of them in the reranker's order.

        Scores stay those of the search, so that they fall from hit to hit as before.
        """
        first = hits[: self._depth]
        if len(first) < 2 or not self._places.acquire(blocking=False):
            return tuple(hits)
        deadline = time.monotonic() + self._budget_s
        work = self._pool.submit(self._scores, question, [_text(hit) for hit in first])
        # A run that is late keeps its place until it ends: it still takes the processor.
        work.add_done_callback(lambda _: self._places.release())
        try:
            scores = work.result(timeout=max(deadline - time.monotonic(), 0.0))
        except OutOfTime:
            logger.info("the reranker took more than %.0f ms", self._budget_s * 1e3)
            return tuple(hits)
        except RerankerFailed as error:
            logger.warning("%s", error)
            return tuple(hits)
        order = np.argsort(-scores, kind="stable")
        moved = [
            msgspec.structs.replace(first[row], score=place.score)
            for row, place in zip(order, first, strict=True)
        ]
        return (*moved, *hits[self._depth :])

    def close(self) -> None:
        """Let go of the threads; a run under way ends first."""
        self._pool.shutdown()

    def _scores(self, question: str, passages: Sequence[str]) -> Scores:
        return self._reranker.scores(question, passages, timeout_s=self._budget_s)


def _text(hit: Hit) -> str:
    place = " > ".join((hit.passage.title, *hit.passage.heading_path))
    return f"{place}\n{hit.passage.text}"
