"""Vectors from a server: the same as from the model itself, and a clear word when there are none."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from embeddingserver import EmbeddingServer

from fingerpost_retrieval import (
    EmbedderRefused,
    EmbedderUnreachable,
    GuidanceIndex,
    OnnxEmbedder,
    TextPage,
)
from fingerpost_retrieval.remote import RemoteEmbedder


@pytest.fixture
def server(embedder: OnnxEmbedder) -> Iterator[EmbeddingServer]:
    with EmbeddingServer(embedder) as server:
        yield server


@pytest.fixture
def remote(server: EmbeddingServer) -> Iterator[RemoteEmbedder]:
    remote = RemoteEmbedder(server.url, "minilm", timeout_s=2.0)
    yield remote
    remote.close()


def test_vectors_are_those_of_the_model_in_the_order_of_the_texts(
    embedder: OnnxEmbedder, remote: RemoteEmbedder
) -> None:
    texts = [f"Question {number} about passports" for number in range(150)]
    assert remote.dimensions == embedder.dimensions
    np.testing.assert_allclose(remote.embed(texts), embedder.embed(texts), atol=1e-6)


def test_no_texts_are_no_request(server: EmbeddingServer, remote: RemoteEmbedder) -> None:
    before = len(server.bodies)
    assert remote.embed([]).shape == (0, remote.dimensions)
    assert len(server.bodies) == before


def test_many_texts_go_in_batches_with_the_limit_of_the_model(
    server: EmbeddingServer, remote: RemoteEmbedder
) -> None:
    server.bodies.clear()
    remote.embed(["text"] * 150)
    assert sorted(len(body["input"]) for body in server.bodies) == [22, 64, 64]
    assert {body["truncate_prompt_tokens"] for body in server.bodies} == {256}


def test_an_index_is_built_and_searched_with_it(
    remote: RemoteEmbedder, guidance: list[TextPage], tmp_path: Path
) -> None:
    with GuidanceIndex.open(tmp_path / "index", remote) as index:
        index.replace(guidance)
        (best,) = index.search("What does a passport cost?", limit=1).hits
        assert best.passage.path == "/passport"
        assert index.stats().embedder == remote.digest


def test_other_weights_under_the_same_name_are_another_digest(
    server: EmbeddingServer, remote: RemoteEmbedder
) -> None:
    other = RemoteEmbedder(server.url, "minilm", revision="2")
    assert other.digest != remote.digest
    assert RemoteEmbedder(server.url, "minilm").digest == remote.digest


def test_the_key_is_sent(server: EmbeddingServer) -> None:
    RemoteEmbedder(server.url, "minilm", api_key="a-key").embed(["text"])
    assert server.keys[-1] == "Bearer a-key"


def test_hostile_texts_are_embedded(remote: RemoteEmbedder) -> None:
    vectors = remote.embed(["", "\ud800", "\x00", "a" * 100_000])
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, atol=1e-5)


def test_passages_are_measured_by_the_tokenizer_or_by_characters(
    server: EmbeddingServer, remote: RemoteEmbedder, embedder: OnnxEmbedder, model_folder: Path
) -> None:
    text = "You can renew a passport online."
    exact = RemoteEmbedder(server.url, "minilm", tokenizer=model_folder / "tokenizer.json")
    assert exact.count_tokens(text) == embedder.count_tokens(text)
    assert remote.count_tokens(text) >= embedder.count_tokens(text)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_has_no_room_is_asked_again(
    server: EmbeddingServer, remote: RemoteEmbedder, status: int
) -> None:
    server.misbehaves += [lambda handler: handler.answer(status, {}, Retry_After="0")] * 2
    assert remote.embed(["text"]).shape == (1, remote.dimensions)


def test_a_server_that_never_has_room_is_unreachable(
    server: EmbeddingServer, remote: RemoteEmbedder
) -> None:
    server.misbehaves += [lambda handler: handler.answer(503, {})] * 9
    with pytest.raises(EmbedderUnreachable, match="answers 503 again and again"):
        remote.embed(["text"])


def test_a_server_that_is_away_is_unreachable() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{unused.getsockname()[1]}/v1"
    with pytest.raises(EmbedderUnreachable, match="Check the address"):
        RemoteEmbedder(url, "minilm", retries=1)


def test_a_server_that_hangs_is_unreachable_after_the_time_limit(server: EmbeddingServer) -> None:
    remote = RemoteEmbedder(server.url, "minilm", timeout_s=0.2, retries=1)
    server.misbehaves += [lambda _: time.sleep(1)] * 2
    began = time.monotonic()
    with pytest.raises(EmbedderUnreachable):
        remote.embed(["text"])
    assert time.monotonic() - began < 2


def test_a_model_that_is_not_there_is_refused(server: EmbeddingServer) -> None:
    with pytest.raises(EmbedderRefused, match=r"nowhere.*does not exist"):
        RemoteEmbedder(server.url, "nowhere")


@pytest.mark.parametrize(
    "content",
    [
        b"<html>",
        {"data": []},
        {"data": [{"index": 0, "embedding": [1.0, 0.0]}]},
        {"data": [{"index": 0, "embedding": [0.0] * 384}]},
        {"data": [{"index": 0, "embedding": "?"}]},
        {"data": [{"index": 0, "embedding": [float("nan")] * 384}]},
    ],
    ids=["no JSON", "too few", "other length", "no length", "no base64", "no numbers"],
)
def test_what_are_no_vectors_is_refused(
    server: EmbeddingServer, remote: RemoteEmbedder, content: object
) -> None:
    server.misbehaves.append(lambda handler: handler.answer(200, content))
    with pytest.raises(EmbedderRefused, match="does not answer with the vectors"):
        remote.embed(["text"])


def test_without_urllib3_the_error_says_what_to_install() -> None:
    code = (
        "import sys; sys.modules['urllib3'] = None\n"
        "try: import fingerpost_retrieval.remote\n"
        "except Exception as error: print(error)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert 'pip install "fingerpost-retrieval[remote]"' in done.stdout
