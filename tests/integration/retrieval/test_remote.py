"""`RemoteEmbedder` against a real HTTP server that serves our own model, OpenAI-style."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import numpy as np
import pytest

from fingerpost_retrieval import (
    EmbeddingFailed,
    GuidanceIndex,
    OnnxEmbedder,
    RemoteEmbedder,
    TextPage,
)
from fingerpost_retrieval import remote as module


class EmbeddingServer(ThreadingHTTPServer):
    """Serves an embedder; `failures` holds the statuses of the next answers."""

    def __init__(self, embedder: OnnxEmbedder) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.embedder = embedder
        self.failures: list[int] = []
        self.answer: bytes | None = None
        self.sizes: list[int] = []
        self.keys: set[str | None] = set()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


class Handler(BaseHTTPRequestHandler):
    server: EmbeddingServer

    def do_POST(self) -> None:
        asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.server.keys.add(self.headers["Authorization"])
        if self.path != "/v1/embeddings" or asked["model"] != "minilm":
            return self._say(404, b"no such model")
        if self.server.failures:
            return self._say(self.server.failures.pop(0), b"not now")
        self.server.sizes.append(len(asked["input"]))
        vectors = self.server.embedder.embed(asked["input"]).tolist()
        data = [{"index": row, "embedding": vector} for row, vector in enumerate(vectors)]
        return self._say(200, self.server.answer or json.dumps({"data": data[::-1]}).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def server(embedder: OnnxEmbedder) -> Iterator[EmbeddingServer]:
    with EmbeddingServer(embedder) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield serving
        serving.shutdown()
        thread.join()


@pytest.fixture(autouse=True)
def _no_pause(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PAUSE_S", 0.01)


def test_vectors_are_those_of_the_model_in_order(
    server: EmbeddingServer, embedder: OnnxEmbedder
) -> None:
    remote = RemoteEmbedder(server.url, "minilm", batch=3)
    texts = [f"text number {number}" for number in range(8)]
    assert np.allclose(remote.embed(texts), embedder.embed(texts), atol=1e-5)
    assert server.sizes[1:] == [3, 3, 2]
    assert remote.embed([]).shape == (0, 384)


def test_an_index_is_built_and_searched_with_it(
    server: EmbeddingServer, guidance: list[TextPage], tmp_path: Path
) -> None:
    with GuidanceIndex.open(tmp_path / "index", RemoteEmbedder(server.url, "minilm")) as index:
        index.replace(guidance)
        best = index.search("What does it cost to get a new travel document?").hits[0]
    assert best.passage.path == "/passport"
    assert best.dense is not None


def test_the_digest_is_the_same_each_time_and_names_the_model(server: EmbeddingServer) -> None:
    first, second = (RemoteEmbedder(server.url, "minilm") for _ in range(2))
    assert first.digest == second.digest
    assert len(first.digest) == 32
    vectors = np.eye(4, 384).tolist()
    data = [{"index": row, "embedding": vector} for row, vector in enumerate(vectors)]
    server.answer = json.dumps({"data": data}).encode()
    assert RemoteEmbedder(server.url, "minilm").digest != first.digest


def test_a_passing_failure_is_tried_again(server: EmbeddingServer) -> None:
    remote = RemoteEmbedder(server.url, "minilm")
    server.failures = [503, 429]
    assert remote.embed(["one"]).shape == (1, 384)


def test_a_server_that_stays_away_is_named(server: EmbeddingServer) -> None:
    remote = RemoteEmbedder(server.url, "minilm")
    server.failures = [503, 503, 503]
    with pytest.raises(EmbeddingFailed, match="no embeddings in 3 attempts: status 503"):
        remote.embed(["one"])


def test_nobody_at_the_address_is_an_error_that_says_so() -> None:
    with pytest.raises(EmbeddingFailed, match="Check that the server runs"):
        RemoteEmbedder("http://127.0.0.1:9/v1", "minilm")


def test_an_unknown_model_is_not_tried_again(server: EmbeddingServer) -> None:
    with pytest.raises(EmbeddingFailed, match=r"status 404.*no such model.*Check the address"):
        RemoteEmbedder(server.url, "another")


@pytest.mark.parametrize(
    "answer", [b"<html>", b'{"data": []}', b'{"data": [{"index": 0, "embedding": [0, 0]}]}']
)
def test_nonsense_is_refused(server: EmbeddingServer, answer: bytes) -> None:
    remote = RemoteEmbedder(server.url, "minilm")
    server.answer = answer
    with pytest.raises(EmbeddingFailed, match="something else than embeddings"):
        remote.embed(["one"])


def test_the_key_is_sent(server: EmbeddingServer) -> None:
    RemoteEmbedder(server.url, "minilm", api_key="secret")
    assert server.keys == {"Bearer secret"}


def test_an_address_without_a_scheme_is_refused() -> None:
    with pytest.raises(EmbeddingFailed, match="is no address"):
        RemoteEmbedder("localhost:8000/v1", "minilm")


def test_tokens_are_those_of_the_tokenizer_where_one_is_given(
    server: EmbeddingServer, embedder: OnnxEmbedder, tmp_path: Path
) -> None:
    tokenizer = tmp_path / "tokenizer.json"
    tokenizer.write_text(embedder._tokenizer.to_str())
    remote = RemoteEmbedder(server.url, "minilm", tokenizer=tokenizer)
    text = "unbelievably long-winded circumlocutions " * 100
    assert remote.count_tokens(text) == embedder.count_tokens(text)
